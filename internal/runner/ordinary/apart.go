package ordinary

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/safefile"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// Tests of a package share a process: one that gives math/rand's source a seed, or whose
// goroutines go on, changes what later ones meet. Then a test by itself takes another
// course than among the others, and a failure cannot be repeated alone. Such a package is
// run with a process for each test, if its tests can be: if each that passes among the
// others also passes alone. Both are found out from the calm run, so that the choice
// depends on the code alone, and not on the seeds.

// The values of Options.Apart.
const (
	ApartAuto = "auto" // where tests change what others meet, and pass alone
	ApartOn   = "on"   // always
	ApartOff  = "off"  // never
)

// arrangement is how the tests of a package are laid out on processes. Its zero value is
// one process for all.
type arrangement struct {
	apart bool
	names []string // of the tests, in their order, each once; if apart
	why   string   // what ties tests to others, in a clause; empty if nothing does
	needy string   // a test that passes among the others and not alone: why they are together nevertheless
}

// Arrangement is how Run lays out the tests of a package: whether each has a process of its
// own, which tests there are if so, and why, in a clause. It makes the calm run, and is for
// those who do not call Prepare.
func (u *Runner) Arrangement(ctx context.Context, p *gocmd.Package) (apart bool, names []string, why string, err error) {
	if !u.wantsArrangement() {
		return false, nil, "", nil
	}
	runs, err := u.calm(ctx, p)
	if err != nil {
		return false, nil, "", err
	}
	a, err := u.arrange(ctx, p, runs)
	if u.opts.Apart == ApartOn {
		a.why = "-apart on says so"
	}
	return a.apart, a.names, a.why, err
}

// wantsArrangement reports whether anything is to be found out at all: a pattern of one
// test asks for one process whatever that test does.
func (u *Runner) wantsArrangement() bool {
	return u.opts.Apart != ApartOff && !isOneTest(u.opts.Run)
}

// arrange decides how the tests of a package are run, from their calm run.
func (u *Runner) arrange(ctx context.Context, p *gocmd.Package, calm []Run) (a arrangement, err error) {
	var names, passed []string
	for i := range calm {
		for _, t := range calm[i].Tests {
			if !slices.Contains(names, t.Test) {
				names = append(names, t.Test)
			}
		}
		if began := calm[i].began; began != "" && !slices.Contains(names, began) {
			names = append(names, began)
		}
	}
	a.why = tied(calm)
	last := len(calm) - 1
	complete := last >= 0 && (calm[last].ended != nil || calm[last].End.OK)
	if len(names) < 2 || !complete || a.why == "" && u.opts.Apart != ApartOn {
		a.why = ""
		return a, nil
	}
	if u.opts.Apart == ApartAuto {
		for _, name := range names {
			if passes(calm, name) {
				passed = append(passed, name)
			}
		}
		if a.needy, err = u.needy(ctx, p, passed); err != nil || a.needy != "" {
			return a, err
		}
	}
	a.apart, a.names = true, names
	return a, nil
}

// passes reports whether a test passed each time that it ran, and ran.
func passes(runs []Run, name string) bool {
	ran := false
	for i := range runs {
		if runs[i].began == name {
			return false
		}
		for _, t := range runs[i].Tests {
			if t.Test == name {
				if !t.OK {
					return false
				}
				ran = true
			}
		}
	}
	return ran
}

// soloSeeds are the seeds on which a test is tried alone, the calm run first: one that is
// unlucky on its own passes on another, and one that needs the tests before it on none.
const soloSeeds = 3

// needy runs each of some tests alone, and returns the first that never passes.
func (u *Runner) needy(ctx context.Context, p *gocmd.Package, names []string) (string, error) {
	failed := make([]bool, len(names))
	errs := make([]error, len(names))
	gocmd.ForEach(u.opts.Workers, len(names), func(i int) {
		if ctx.Err() != nil {
			return
		}
		for seed := range uint64(soloSeeds) {
			spec := Spec{Pattern: u.patternOf(names[i]), Strategy: u.strategy(seed), Timeout: u.opts.Timeout, Quiet: true}
			if seed == 0 {
				spec.Strategy = calmStrategy
			}
			run, err := u.runOnce(ctx, p, seed, spec)
			if failed[i], errs[i] = !run.End.OK || run.Empty != "", err; !failed[i] || err != nil {
				break
			}
		}
	})
	for _, err := range append(errs, ctx.Err()) {
		if err != nil {
			return "", err
		}
	}
	if i := slices.Index(failed, true); i >= 0 {
		return names[i], nil
	}
	return "", nil
}

// tied says what ties tests of a run to each other, in a clause; it is empty if nothing
// does. Of several ties the first is told.
func tied(runs []Run) string {
	for i := range runs {
		tests := runs[i].Tests
		for n := range tests {
			if why := tieOf(tests, n); why != "" {
				return why
			}
		}
	}
	return ""
}

// tieOf says what ties the nth of the tests of a process to those before it, or is empty.
func tieOf(tests []wire.Result, n int) string {
	t := &tests[n]
	if n == 0 {
		return ""
	}
	before := tests[:n]
	if i := slices.IndexFunc(before, func(b wire.Result) bool { return b.Seeded }); i >= 0 {
		return fmt.Sprintf("%s calls rand.Seed, which decides what the tests behind it draw", before[i].Test)
	}
	switch t.After {
	case "":
	case beforeTests:
		return fmt.Sprintf("what was started before the tests is alive when %s begins", t.Test)
	default:
		return fmt.Sprintf("what %s has left is alive when %s begins", t.After, t.Test)
	}
	if i := slices.IndexFunc(before, func(b wire.Result) bool { return b.Left > 0 }); i >= 0 && t.Measured {
		return fmt.Sprintf("%s looks at the memory of the process, in which %s has left goroutines", t.Test, before[i].Test)
	}
	return ""
}

// beforeTests is what wire.Result.After names if it was no test.
const beforeTests = "TestMain"

// tieTo is tieOf for a test by its name, in brackets, to be added to a remark.
func tieTo(run *Run, test string) string {
	if i := before(run, test); i < len(run.Tests) {
		if why := tieOf(run.Tests, i); why != "" {
			return " (" + why + ")"
		}
	} else if run.began == test {
		// What was alive is not known of a test that has not ended.
		if why := tieOf(append(slices.Clip(run.Tests), wire.Result{Test: test}), i); why != "" {
			return " (" + why + ")"
		}
	}
	return ""
}

// patternOf is what -run takes to run one of the tests that -run lets through.
func (u *Runner) patternOf(test string) string {
	return text.TestPattern(test) + runner.BelowTests(u.opts.Run)
}

// runSeed runs the tests of a package on a seed, in the processes that they are
// arranged on. If one of several fails, the run has that one's end, and the tests behind
// it are not run.
func (u *Runner) runSeed(ctx context.Context, p *gocmd.Package, seed uint64) (run Run, err error) {
	u.mu.Lock()
	a := u.arranged[p]
	u.mu.Unlock()
	spec := u.asked(p, seed)
	spec.Saw = u.opts.Saw
	if !a.apart {
		return u.runAgain(ctx, p, seed, spec)
	}
	run.apart = true
	var records []string
	defer func() {
		for _, file := range records {
			os.Remove(file)
		}
	}()
	for i, name := range a.names {
		one := spec
		one.Pattern = u.patternOf(name)
		if spec.Record != "" {
			one.Record = spec.Record + "." + strconv.Itoa(i)
			records = append(records, one.Record)
		}
		part, err := u.runAgain(ctx, p, seed, one)
		if err != nil || part.End.Cancelled {
			return part, err
		}
		run.Tests, run.given = append(run.Tests, part.Tests...), part.given
		elapsed := run.End.Elapsed + part.End.Elapsed
		run.End = part.End
		run.End.Elapsed = elapsed
		run.pattern, run.Died, run.Empty, run.began, run.ended, run.odd = one.Pattern, part.Died, part.Empty, part.began, part.ended, part.odd
		if !part.End.OK {
			break
		}
	}
	if len(run.Tests) > 0 {
		run.Empty = ""
	}
	if spec.Record != "" {
		err = joinRecords(records, spec.Record)
	}
	return run, err
}

// runAgain is runOnce, and once more if somebody has killed the process: whoever did that
// may do it no more.
func (u *Runner) runAgain(ctx context.Context, p *gocmd.Package, seed uint64, spec Spec) (Run, error) {
	run, err := u.runOnce(ctx, p, seed, spec)
	if err == nil && run.End.Killed() {
		u.noteKilled(p)
		run, err = u.runOnce(ctx, p, seed, spec)
	}
	return run, err
}

// joinRecords makes one record of those of several processes. It takes its name only once
// it is complete.
func joinRecords(parts []string, path string) (err error) {
	partial := path + ".part"
	out, err := os.Create(partial)
	if err != nil {
		return err
	}
	size := int64(0)
	for _, name := range parts {
		in, e := os.Open(name)
		if os.IsNotExist(e) {
			continue // that process ran no test
		}
		if e == nil {
			n, copying := io.Copy(out, in)
			size, e = size+n, copying
			in.Close()
		}
		if e != nil && err == nil {
			err = e
		}
	}
	if e := out.Close(); err == nil {
		err = e
	}
	if err != nil || size == 0 {
		os.Remove(partial)
		return err
	}
	return safefile.Swap(partial, path)
}

// arrangementRemark tells how the tests of a package were laid out, if it was not as
// usual; else it is empty.
func arrangementRemark(pkg string, a arrangement, choice string) string {
	switch {
	case a.apart && choice == ApartOn:
		return pkg + ": each test ran in a process of its own, TestMain in each (-apart on)"
	case a.apart:
		return fmt.Sprintf("%s: each test ran in a process of its own, TestMain in each, since %s (-apart off is one process for all)", pkg, a.why)
	case a.needy != "":
		return fmt.Sprintf("%s: a test by itself can take another course than among the others, since %s; they ran in one process, since %s does not pass by itself (-apart on is a process for each)", pkg, a.why, a.needy)
	}
	return ""
}

// checkApart refuses what -apart cannot be.
func checkApart(choice string) error {
	if !slices.Contains([]string{ApartAuto, ApartOn, ApartOff}, choice) {
		return fmt.Errorf("-apart %s: say auto, on or off", strings.TrimSpace(choice))
	}
	return nil
}
