package ordinary

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/text"
)

// What the tests of a package have to do with the world outside is told in one line for
// each kind, however many tests it is.

// named is a test, by its name, with what it leaves or does.
type named struct {
	test string
	leftover
}

// outsideRemarks tells what the tests of each package use that lies outside of them.
func (u *Runner) outsideRemarks() (all []string) {
	byPkg := make(map[string][]named)
	for _, key := range slices.Sorted(maps.Keys(u.leftovers)) {
		pkg, test, _ := strings.Cut(key, "  ")
		byPkg[pkg] = append(byPkg[pkg], named{test, u.leftovers[key]})
	}
	for _, pkg := range slices.Sorted(maps.Keys(byPkg)) {
		for _, kind := range outsideKinds {
			of := slices.DeleteFunc(slices.Clone(byPkg[pkg]), func(n named) bool { return !kind.is(&n.leftover) })
			switch {
			case len(of) == 1:
				all = append(all, u.label(pkg, of[0].test)+" "+kind.one(&of[0].leftover))
			case len(of) > 1:
				all = append(all, pkg+": "+fewTests(of)+" "+kind.many(of))
			}
		}
	}
	return all
}

// outsideKind is one way to use the world outside, and the words for it.
type outsideKind struct {
	is   func(l *leftover) bool
	one  func(l *leftover) string
	many func(of []named) string
}

var outsideKinds = []outsideKind{
	{
		func(l *leftover) bool { return l.processes > 0 },
		func(l *leftover) string {
			return fmt.Sprintf("started other processes in %d of %s: what those do, and when, is real, and may differ from run to run", l.processes, text.Count(uint64(l.runs), "run"))
		},
		func(of []named) string {
			return "started other processes, " + upTo(of, func(n named) int { return n.processes }) + ": what those do, and when, is real, and may differ from run to run"
		},
	},
	{
		func(l *leftover) bool { return l.escaped != "" },
		func(l *leftover) string {
			return fmt.Sprintf("uses %s, which lies outside of the test: its runs are not exact, since what is there does not follow the seed", quotedAddress(l.escaped))
		},
		func(of []named) string {
			return fmt.Sprintf("use %s, which lies outside of the tests: their runs are not exact, since what is there does not follow the seed", fewOf(of, func(n named) string { return quotedAddress(n.escaped) }))
		},
	},
	{
		func(l *leftover) bool { return l.io > 0 && l.escaped == "" },
		func(l *leftover) string {
			held := "for real input or output"
			if l.held != "" {
				held = l.held + ","
			}
			return fmt.Sprintf("waited %s in %d of %s: those may differ from run to run", held, l.io, text.Count(uint64(l.runs), "run"))
		},
		func(of []named) string {
			held := fewOf(of, func(n named) string { return cmp.Or(n.held, "for real input or output") })
			return "waited " + held + ", " + upTo(of, func(n named) int { return n.io }) + ": those may differ from run to run"
		},
	},
	{
		func(l *leftover) bool { return l.loop != "" },
		func(l *leftover) string {
			return fmt.Sprintf("counts how often it looks, in a loop that waits for others (%s): its runs are not exact, since real time decides how far it counts", l.loop)
		},
		func(of []named) string {
			return fmt.Sprintf("count how often they look, in loops that wait for others (%s): their runs are not exact, since real time decides how far they count", fewOf(of, func(n named) string { return n.loop }))
		},
	},
	{
		func(l *leftover) bool { return l.refused != "" },
		func(l *leftover) string {
			return fmt.Sprintf("dialled %s, where nobody in the test listens: -net real lets tests reach the machine's own servers", l.refused)
		},
		func(of []named) string {
			return fmt.Sprintf("dialled %s, where nobody in the test listens: -net real lets tests reach the machine's own servers", fewOf(of, func(n named) string { return n.refused }))
		},
	},
}

func quotedAddress(address string) string { return strconv.Quote(text.Cut(address, 160)) }

// mostNamed is how many tests, or addresses, of a package are named in a line.
const mostNamed = 3

// fewTests names some of several tests.
func fewTests(of []named) string { return fewOf(of, func(n named) string { return n.test }) }

// fewOf lists the first of what several tests have, each once.
func fewOf(of []named, get func(named) string) string {
	var words []string
	for _, n := range of {
		if word := get(n); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return fewNames(words)
}

// upTo says in how many runs it was of the test for which it was in most.
func upTo(of []named, get func(named) int) string {
	most := of[0]
	for _, n := range of {
		if get(n)*most.runs > get(most)*n.runs {
			most = n
		}
	}
	return fmt.Sprintf("in up to %d of %s", get(most), text.Count(uint64(most.runs), "run"))
}

// arrangementRemarks tells how packages were laid out on processes, where that is not as
// usual.
func (u *Runner) arrangementRemarks() (all []string) {
	for _, p := range u.sortedPackages() {
		if remark := arrangementRemark(p.Arg, u.arranged[p], u.opts.Apart); remark != "" {
			all = append(all, remark)
		}
	}
	return all
}

// sortedPackages are the packages that Prepare has built, by their names.
func (u *Runner) sortedPackages() []*gocmd.Package {
	return slices.SortedFunc(maps.Keys(u.gates), func(a, b *gocmd.Package) int { return strings.Compare(a.Arg, b.Arg) })
}
