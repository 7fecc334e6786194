package ordinary

import (
	"cmp"
	"fmt"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// A run follows its seed as long as all that it uses is in its process. Other processes,
// addresses outside of the test's network, real input and output and files do not follow
// it: where a run of a seed is another one the second time, they are the likely cause, and
// are named.

// unsteady is an error that comes of a run that was not the same when it was made again.
type unsteady string

func (e unsteady) Error() string { return string(e) }

// outsideOf names what a test uses that lies outside of it, as far as that is known from a
// run and the other runs of the sweep; it is empty if nothing is.
func (u *Runner) outsideOf(p *gocmd.Package, run *Run, test string) string {
	top, _, _ := strings.Cut(test, "/")
	u.mu.Lock()
	l := u.leftovers[p.Arg+"  "+top]
	u.mu.Unlock()
	if end := endOf(top, run); end != nil {
		l.add(end)
	}
	words := l.outside()
	if g := u.gates[p]; g != nil {
		if files := g.written(); len(files) > 0 {
			words = append(words, "the files that are written in the folder of its package ("+fewNames(files)+"), where each run finds those of the runs before")
		}
	}
	return text.And(words)
}

// outsideOfResult is outsideOf from the line of a run alone.
func outsideOfResult(end *wire.Result) string {
	var l leftover
	if end != nil {
		l.add(end)
	}
	return text.And(l.outside())
}

// add enters the line of a run.
func (l *leftover) add(t *wire.Result) {
	l.runs++
	if t.IO > 0 {
		l.io++
	}
	if t.Processes > 0 {
		l.processes++
	}
	if l.refused == "" {
		l.refused = t.Refused
	}
	if l.escaped == "" {
		l.escaped = t.Escaped
	}
	l.held = cmp.Or(l.held, t.Held)
	l.loop = cmp.Or(l.loop, t.Loop)
}

// outside lists what was used that lies outside of the test.
func (l *leftover) outside() (words []string) {
	if l.processes > 0 {
		words = append(words, "the other processes that it starts")
	}
	if l.escaped != "" {
		words = append(words, quotedAddress(l.escaped)+", which is not of its own network")
	}
	switch {
	case l.io == 0 || l.processes > 0 && strings.HasPrefix(l.held, "for a process"):
	case l.held == "":
		words = append(words, "the real input or output that it waits for")
	default:
		words = append(words, "that it waits "+strings.Replace(l.held, ", in ", " in ", 1))
	}
	if l.loop != "" {
		words = append(words, "the loop that counts how often it looks ("+l.loop+")")
	}
	return words
}

// fewNames lists the first of several names.
func fewNames(names []string) string {
	if more := len(names) - mostNamed; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), more)
	}
	return text.And(names)
}

// likelyCause is a sentence on why a run of a test was not the same when it was made again,
// if there is anything to say.
func (u *Runner) likelyCause(p *gocmd.Package, run *Run, test string) string {
	if outside := u.outsideOf(p, run, test); outside != "" {
		return "the likely cause of that is " + outside + ": what lies outside of a test does not follow the seed"
	}
	return ""
}

// writtenRemarks tells in which packages tests write files beside their source.
func (u *Runner) writtenRemarks() (all []string) {
	for _, p := range u.sortedPackages() {
		g := u.gates[p]
		files := g.written()
		if u.opts.Program != nil {
			if len(files) > 0 {
				all = append(all, fmt.Sprintf("%s: files in the working folder were written (%s), where each run finds those of the runs before, and may differ by that: they were made one at a time (os.MkdirTemp makes a folder for each run)", p.Arg, fewNames(files)))
			}
			continue
		}
		if len(files) == 0 && g.writes {
			all = append(all, fmt.Sprintf("%s: files in the folder of the package were written and removed: runs were made one at a time (t.TempDir is a folder for each test)", p.Arg))
		}
		if len(files) > 0 {
			all = append(all, fmt.Sprintf("%s: files in the folder of the package were written (%s), where each run finds those of the runs before, and may differ by that: they were made one at a time (t.TempDir is a folder for each test)", p.Arg, fewNames(files)))
		}
	}
	return all
}
