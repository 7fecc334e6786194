package ordinary

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"samerun/internal/faultplan"
	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// Faults (-faults) are given to the process of a run as a file, a schedule for each test. What
// a test is given depends on what its calm run was: how long that took, and which listeners
// it had. So the calm run is made before any seed, and has no faults.

// calmTest is what the calm run tells of a test.
type calmTest struct {
	took         time.Duration
	ends, others []string // names by which schedules can say who sends and who receives
}

// KnowCalm makes the calm run of a package, if faults are asked for. It is for those who do
// not call Prepare.
func (u *Runner) KnowCalm(ctx context.Context, p *gocmd.Package) error {
	if u.opts.Faults == nil {
		return nil
	}
	runs, err := u.calm(ctx, p)
	if err == nil {
		u.noteCalm(p, runs)
	}
	return err
}

// noteCalm notes what the calm run of a package tells of its tests. Of a test that ran more
// than once, the first time counts.
func (u *Runner) noteCalm(p *gocmd.Package, calm []Run) {
	tests := make(map[string]calmTest)
	note := func(t *wire.Result) {
		if _, twice := tests[t.Test]; !twice {
			ends, others := endsOf(t)
			tests[t.Test] = calmTest{time.Duration(t.VirtualNS), ends, others}
		}
	}
	for i := range calm {
		for j := range calm[i].Tests {
			note(&calm[i].Tests[j])
		}
		if calm[i].Died != nil {
			note(calm[i].Died)
		}
		if began := calm[i].began; began != "" {
			note(&wire.Result{Test: began})
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.calmTests[p.Path] = tests
}

// Given is what the tests of a package have at a seed; it is nil if no faults are asked
// for, and empty where there are none.
func (u *Runner) Given(p *gocmd.Package, seed uint64) []faultplan.Given {
	if u.opts.Faults == nil {
		return nil
	}
	list := []faultplan.Given{}
	u.mu.Lock()
	defer u.mu.Unlock()
	tests := u.calmTests[p.Path]
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		t := tests[name]
		if s := u.opts.Faults.Of(name, seed, t.took, listeners(t.ends)); s.Size() > 0 {
			list = append(list, faultplan.Given{Test: name, Schedule: s})
		}
	}
	return list
}

// listeners are those names that a preset aims at.
func listeners(ends []string) (names []string) {
	for _, name := range ends {
		if strings.HasPrefix(name, "listener ") {
			names = append(names, name)
		}
	}
	return names
}

// FaultSetting is the variable that tells a process which faults its tests have. It names a
// file, which is there until remove is called.
func (u *Runner) FaultSetting(given []faultplan.Given) (setting string, remove func(), err error) {
	file := u.files.Next(".faults")
	if err := os.WriteFile(file, []byte(faultplan.Text(given)), 0o666); err != nil {
		return "", nil, fmt.Errorf("no place for the faults of a test: %w", err)
	}
	return "SAMERUN_FAULTS=" + file, func() { os.Remove(file) }, nil
}

// faultWords are the part of the command that repeats a run which says which faults it has.
// A run of one test says in which time they begin, so that it need not be found out anew.
func (u *Runner) faultWords(p *gocmd.Package, pattern string) (words []string) {
	plan := u.opts.Faults
	if plan == nil {
		return nil
	}
	what := plan.What
	if plan.IsFile() {
		what = gocmd.PathFrom(u.by.Dir, plan.Path)
	}
	words = append(words, "-faults", text.ShellQuote(what))
	horizon := plan.Horizon
	if horizon == 0 && isOneTest(pattern) && !plan.IsFile() {
		u.mu.Lock()
		defer u.mu.Unlock()
		for name, t := range u.calmTests[p.Path] { //samerun:allow maprange: one test at most has the pattern
			if text.TestPattern(name) == pattern {
				horizon = t.took
			}
		}
	}
	if horizon > 0 {
		words = append(words, "-horizon", horizon.String())
	}
	return words
}

// scheduleOf is what a test was given in a run; nil if it had no faults.
func (r *Run) scheduleOf(test string) *fault.Schedule {
	for i := range r.given {
		if r.given[i].Test == test && r.given[i].Schedule.Size() > 0 {
			return &r.given[i].Schedule
		}
	}
	return nil
}

// struckBy is what became of an element of a test's schedule.
func struckBy(end *wire.Result, element int) wire.Struck {
	if end != nil && end.Faults != nil {
		for _, s := range end.Faults.Rules {
			if s.Element == element {
				return s
			}
		}
	}
	return wire.Struck{}
}

// hits is how often an element of a test's schedule took effect.
func hits(end *wire.Result, element int) int64 { return struckBy(end, element).Hits }

// endsOf are the names by which faults can say who sends and who receives in a test, each
// once: of one end the first one is for reports, and the others, such as the address of a
// listener, are other names for the same.
func endsOf(end *wire.Result) (first, others []string) {
	if end == nil || end.Faults == nil {
		return nil, nil
	}
	for _, e := range end.Faults.Ends {
		names := strings.Split(e, " = ")
		if !slices.Contains(first, names[0]) {
			first = append(first, names[0])
		}
		others = append(others, names[1:]...)
	}
	return first, others
}

// enterFaults makes the schedule of a failing test a part of its replay file.
func enterFaults(p *replay.File, run *Run) {
	p.Schedule, p.Idle = nil, nil
	s := run.scheduleOf(p.Test)
	if s == nil {
		return
	}
	p.Schedule = s
	end := endOf(p.Test, run)
	if end == nil || end.Faults == nil {
		// A process that dies does not say what its faults did: a replay asks for each of them.
		return
	}
	for i := range s.Faults {
		if hits(end, i) == 0 {
			p.Idle = append(p.Idle, i)
		}
	}
}

// unmetFaults lists the elements of a file that took effect when it was recorded, and did
// not in a run.
func unmetFaults(p *replay.File, end *wire.Result) (list []string) {
	if p.Schedule == nil || p.Settings.Scenario {
		return nil // what became of a scenario's, package sim has said
	}
	if end.Died && end.Faults == nil {
		return nil // it is not known
	}
	for i, f := range p.Schedule.Faults {
		if _, idle := slices.BinarySearch(p.Idle, i); !idle && hits(end, i) == 0 {
			list = append(list, fmt.Sprintf("%v: it met nothing", f))
		}
	}
	return list
}

// tellFaults says, below the rest of a story, which faults a test had, and which of them
// met nothing. If it had none, it draws what was sent, in so many rows.
func tellFaults(run *Run, test string, room int) string {
	s, end := run.scheduleOf(test), endOf(test, run)
	if s == nil {
		return tellSent(end, room)
	}
	const few = 12
	lines := strings.Split(s.String(), "\n")
	for i := range s.Faults {
		if end != nil && end.Faults != nil && hits(end, i) == 0 {
			lines[i] += "  (met nothing)"
		}
	}
	if n := len(lines); n > few+1 {
		lines = append(lines[:few], fmt.Sprintf("… and %d more", n-few))
	}
	if end == nil || end.Faults == nil {
		lines = append(lines, "(the process died in a way in which it could not say which of them met something)")
	}
	return "\n\nfaults:\n  " + strings.Join(lines, "\n  ") + tellSent(end, mostSent)
}

// met lists what became of the faults of all tests of a run, for its line.
func (run *Run) met() (all []runner.Met) {
	for i := range run.Tests {
		t := &run.Tests[i]
		s := run.scheduleOf(t.Test)
		if s == nil {
			continue
		}
		for n, f := range s.Faults {
			one := struckBy(t, n)
			all = append(all, runner.Met{Test: t.Test, Fault: f.String(), Hits: one.Hits, First: one.What})
		}
	}
	return all
}

// noteFaults says what the run of a package has reached of what -faults asks for, and
// remembers which kinds have never taken effect.
//
// An element of a file that met nothing at any seed makes the tests vacuous, since somebody
// wanted it. Of a preset, which has faults for all kinds of sockets, that is only so if
// nothing of it took effect in any test. How a test went past its disk is told with either.
func (u *Runner) noteFaults(p *gocmd.Package, o *runner.Outcome, run *Run) {
	plan := u.opts.Faults
	if plan == nil || len(run.given) == 0 {
		return
	}
	reached := make(map[string]bool)
	note := func(sentence string, n int64) { reached[sentence] = reached[sentence] || n > 0 }
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.kinds[p.Arg] == nil {
		u.kinds[p.Arg] = make(map[fault.Kind]bool)
	}
	for _, g := range run.given {
		end := endOf(g.Test, run)
		if end == nil || end.Faults == nil {
			continue // a process that died does not say
		}
		for i, f := range g.Schedule.Faults {
			n := hits(end, i)
			u.kinds[p.Arg][f.Kind] = u.kinds[p.Arg][f.Kind] || n > 0
			if plan.IsFile() {
				note(fmt.Sprintf("fault %d of %d (%v) met nothing", i+1, g.Schedule.Size(), f), n)
			} else {
				note(fmt.Sprintf("no fault of -faults %s took effect", plan.What), n)
			}
		}
	}
	for i := range run.Tests {
		if f := run.Tests[i].Faults; f != nil {
			for _, way := range f.Past {
				note("faults of disks do not see "+way, 0)
			}
		}
	}
	for _, sentence := range slices.Sorted(maps.Keys(reached)) {
		if reached[sentence] {
			o.Reached = append(o.Reached, sentence)
		} else {
			o.Vacuous = append(o.Vacuous, sentence)
		}
	}
}

// faultRemarks tells which kinds of faults of a preset met nothing in a package in which
// others did.
func (u *Runner) faultRemarks() (all []string) {
	if u.opts.Faults == nil || u.opts.Faults.IsFile() {
		return nil
	}
	for _, pkg := range slices.Sorted(maps.Keys(u.kinds)) {
		var idle []string
		for _, kind := range slices.Sorted(maps.Keys(u.kinds[pkg])) {
			if !u.kinds[pkg][kind] {
				idle = append(idle, string(kind))
			}
		}
		if len(idle) > 0 && len(idle) < len(u.kinds[pkg]) {
			all = append(all, fmt.Sprintf("%s: of -faults %s, these met nothing in any run: %s", pkg, u.opts.Faults.What, text.And(idle)))
		}
	}
	return all
}

// checkNames refuses a schedule file that names an end which no test of the packages had in
// its calm run.
func (u *Runner) checkNames(pkgs []*gocmd.Package) error {
	if u.opts.Faults == nil {
		return nil
	}
	known := make(map[string]bool)
	for _, p := range pkgs {
		for name, t := range u.calmTests[p.Path] { //samerun:allow maprange: a set
			known[name] = known[name] || len(t.ends) > 0
			for _, end := range slices.Concat(t.ends, t.others) {
				known[end] = true
			}
		}
	}
	for _, name := range u.opts.Faults.Names() {
		if known[name] {
			continue
		}
		f, i := u.opts.Faults.Mentions(name)
		return fmt.Errorf("-faults %s: faults[%d] is about a link of %q (%v), and no test has one: in the calm run %s", u.opts.Faults.What, i, name, f, theirs(known))
	}
	return nil
}

// theirs says which names there are.
func theirs(known map[string]bool) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if known[name] {
			names = append(names, fmt.Sprintf("%q", name))
		}
	}
	if len(names) == 0 {
		return "no test of these packages uses sockets"
	}
	return "the names are " + fewNames(names)
}
