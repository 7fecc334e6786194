package ordinary

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"sync"
	"time"

	"samerun/internal/faultplan"
	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// Options are what ordinary tests are run by.
type Options struct {
	RunOptions
	Run      string        // a regular expression as in go test, or empty for all
	Timeout  time.Duration // for one process; 0: none
	Workers  int           // processes at a time, at least 1
	Skip     string        // a regular expression, or empty
	FailFast bool
	Apart    string          // which tests have a process of their own: "auto", "on" or "off"
	Count    int             // how often each test runs in a process, at least 1
	Program  *Program        // what runs, if that is a program and not tests; then Run is the pattern of its name
	Guided   string          // the line that makes a guided search again, if it is one
	Args     []string        // for the tests themselves, or the program
	Faults   *faultplan.Plan // what goes wrong with the sockets of tests; nil for nothing
	// Mixed, if set, returns the packages that another runner has found to have tests of
	// package sim that want goroutines. Prepare calls it.
	Mixed func() []runner.Mixed
	// Unused, if set, is what is wrong with the command line if there are no packages at all.
	Unused  error
	Saw     bool      // runs tell what they see, for a report; they are the same
	Leaks   string    // what becomes of a test that leaves goroutines which wait for ever: one of the constants, or empty for LeaksTell
	Record  string    // a file for the record of one run, absolute, or empty
	Picks   string    // a record to be replayed, absolute, or empty
	Verbose bool      // as -v of go test
	Output  io.Writer // gets what the tests print with -v, process by process; nil for nothing
}

// What becomes of a test that leaves goroutines which wait for ever.
const (
	LeaksTell = "tell" // the tool tells it at its end
	LeaksFail = "fail" // the test fails
	LeaksOff  = "off"  // nobody looks
)

// DefaultWatchdog is how much real time a goroutine may keep its turn for, if nobody says
// otherwise.
const DefaultWatchdog = 30 * time.Second

// DefaultLimit is how much virtual time a test has, if nobody says otherwise.
const DefaultLimit = 10 * time.Minute

// RunOptions decide, with the seed, which run it is.
type RunOptions struct {
	Strategy string        // as -strategy; empty for the one that goes with the seed
	Turn     time.Duration // virtual time of a turn
	Watchdog time.Duration // real time; 0: none
	Go       string        // "any" or "late": when started goroutines begin
	Limit    time.Duration // virtual time of a test; 0: none
	Net      string        // "test" or "real"
	Date     string        // on which the clock of a test begins
	Short    bool          // as -short of go test
	Forced   bool          // tests that use samerun/sim are run as ordinary ones, too
}

// check refuses values that no run could make sense of.
func (o *RunOptions) check() error {
	switch {
	case o.Net != "test" && o.Net != "real":
		return fmt.Errorf("-net %s: say test, for a network of each test's own, or real, for the machine's", o.Net)
	case o.Go != "any" && o.Go != "late":
		return fmt.Errorf("-go %s: say any, for goroutines that begin when they are chosen, or late, for when the one that has started them waits", o.Go)
	case !isDate(o.Date):
		return fmt.Errorf("-date %s: say a day from 1970 to 2199, such as 2026-11-29", o.Date)
	case o.Turn < 0:
		return fmt.Errorf("-turn %v: the time must not be negative; 0 means that a turn takes none", o.Turn)
	case o.Watchdog < 0:
		return fmt.Errorf("-watchdog %v: the time must not be negative; 0 means no limit", o.Watchdog)
	}
	return nil
}

// isDate reports whether the clock of a test can begin on a day.
func isDate(text string) bool {
	t, err := time.Parse(time.DateOnly, text)
	return err == nil && t.Year() >= 1970 && t.Year() < 2200
}

// Check refuses values that no run could make sense of.
func (o *Options) Check() error {
	if o.Count < 1 {
		return fmt.Errorf("-count %d: the number must be at least 1", o.Count)
	}
	if l := o.Leaks; l != "" && l != LeaksTell && l != LeaksFail && l != LeaksOff {
		return fmt.Errorf("-leaks %s: say tell, fail or off: what is to become of a test that leaves goroutines which wait for ever", l)
	}
	if _, err := regexp.Compile(o.Skip); err != nil {
		return fmt.Errorf("-skip %q is not a regular expression: %w", o.Skip, err)
	}
	return cmp.Or(checkApart(o.Apart), o.RunOptions.check())
}

// Runner runs ordinary tests, goroutines and all, on the overlay.
type Runner struct {
	by    *gocmd.Caller
	build *gocmd.Build
	opts  Options
	files testproc.Files

	mu         sync.Mutex
	leftovers  map[string]leftover     // by package and test
	left       map[string]*leftBehind  // by package
	none       map[*gocmd.Package]bool // those that have no test to run, whatever the seed
	killed     map[string]int          // runs that somebody ended, and that were made again, by package
	outlived   map[string]int          // runs whose own processes had not ended when they had, by package
	lengths    map[string]lengths      // by package
	arranged   map[*gocmd.Package]arrangement
	unsearched []string                        // tests that a guided search leaves out, each in a sentence
	calmTests  map[string]map[string]calmTest  // by package and test; of those whose calm run was made
	kinds      map[string]map[fault.Kind]bool  // by package: the kinds of faults that were given, and whether they took effect
	mixed      map[*gocmd.Package]runner.Mixed // not guarded, likewise: packages of both worlds
	copies     []string                        // not guarded: made by Prepare; what is not known of copies of labrpc
	gates      map[*gocmd.Package]*gate        // not guarded: made by Prepare before any test runs
}

var _ runner.Runner = (*Runner)(nil)

// New returns a runner that keeps its files below tmp. by and b are those
// that build with the overlay, once prepare has made it.
func New(by *gocmd.Caller, b *gocmd.Build, opts Options, tmp string) *Runner {
	return &Runner{
		by: by, build: b, opts: opts, files: testproc.Files{Dir: tmp},
		leftovers: make(map[string]leftover), left: make(map[string]*leftBehind), none: make(map[*gocmd.Package]bool), killed: make(map[string]int), outlived: make(map[string]int), lengths: make(map[string]lengths),
		arranged: make(map[*gocmd.Package]arrangement), gates: make(map[*gocmd.Package]*gate),
		mixed: make(map[*gocmd.Package]runner.Mixed), calmTests: make(map[string]map[string]calmTest), kinds: make(map[string]map[fault.Kind]bool),
	}
}

// leftover is what a test should not do.
type leftover struct {
	io        int    // runs that waited for real input or output
	processes int    // runs that started another process
	refused   string // an address that was dialled in vain, if a run failed
	escaped   string // an address outside of the test that was used
	held      string // for what outside it has waited, and where
	loop      string // where a loop that counts its rounds lost its turn
	runs      int
}

// Prepare makes the overlay and builds the packages with it. There is nothing to be
// found out about their tests: a package is one target.
func (u *Runner) Prepare(ctx context.Context, pkgs []*gocmd.Package, phase runner.Phase) (runner.Prepared, error) {
	pkgs, err := u.withMixed(pkgs)
	if err != nil || len(pkgs) == 0 {
		return runner.Prepared{}, err
	}
	with, err := u.by.Overlay(ctx)
	if err != nil {
		return runner.Prepared{}, err
	}
	own := *u.build
	own.Overlay = with.File
	u.by, u.build = with.Caller, &own
	if err := u.buildAll(ctx, pkgs, phase("building", len(pkgs))); err != nil {
		return runner.Prepared{}, err
	}
	u.tellUnready()
	u.noteCopies(pkgs)
	if pkgs = gocmd.Ready(pkgs); len(pkgs) == 0 {
		return runner.Prepared{}, nil
	}
	u.noteFolders(pkgs)
	if err := u.prepareAll(ctx, pkgs, phase); err != nil {
		return runner.Prepared{}, err
	}
	if err := u.checkNames(pkgs); err != nil {
		return runner.Prepared{}, err
	}
	name := "all tests"
	if u.opts.Program != nil {
		name = u.opts.Program.Name
	} else if u.opts.Run != "" {
		name = "-run " + u.opts.Run
	}
	var p runner.Prepared
	if u.opts.Picks == "" && u.opts.Record == "" {
		var err error
		if p.Targets, err = runner.Saved(ctx, u, replay.Goroutines, u.opts.Run, pkgs, phase, u.againFrom); err != nil {
			return p, err
		}
	}
	for _, pkg := range pkgs {
		p.Targets = append(p.Targets, u.targets(pkg, name)...)
	}
	return p, u.checkTargets(p.Targets)
}

// buildAll builds the packages, or the program that one of them is.
func (u *Runner) buildAll(ctx context.Context, pkgs []*gocmd.Package, onDone func()) error {
	if u.opts.Program == nil {
		return u.by.BuildAll(ctx, u.build, u.opts.Workers, u.files.Dir, pkgs, onDone)
	}
	for _, p := range pkgs {
		if err := u.by.BuildProgram(ctx, u.build, u.files.Dir, p); err != nil {
			return err
		}
		onDone()
	}
	return nil
}

// Remarks say which packages leave goroutines behind, how the tests were laid out on
// processes, and which use the real world.
func (u *Runner) Remarks() (all []string) {
	all = append(all, u.unsearched...)
	for _, pkg := range slices.Sorted(maps.Keys(u.killed)) {
		all = append(all, fmt.Sprintf("%s: killed from outside and made again, %s", pkg, text.Count(u.killed[pkg], "run")))
	}
	for _, pkg := range slices.Sorted(maps.Keys(u.outlived)) {
		all = append(all, runner.OutlivedRemark(pkg, u.outlived[pkg]))
	}
	all = slices.Concat(all, u.arrangementRemarks(), u.outsideRemarks(), u.writtenRemarks(), u.faultRemarks(), u.copies)
	return append(all, u.leftBehind()...)
}

// noteEmpty remembers why a run of a package ran no test. That there is none to run is the
// same for all seeds.
func (u *Runner) noteEmpty(p *gocmd.Package, why string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if why == noTests {
		u.none[p] = true
	}
}

// hasNone reports whether a package is known to have no test to run.
func (u *Runner) hasNone(p *gocmd.Package) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.none[p]
}

// noteKilled counts a run that somebody ended.
func (u *Runner) noteKilled(p *gocmd.Package) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.killed[p.Arg]++
}

// noteOutlived counts a run whose own processes went on when it had ended.
func (u *Runner) noteOutlived(p *gocmd.Package) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.outlived[p.Arg]++
}

// noteLeftovers remembers what the tests of a run left behind.
func (u *Runner) noteLeftovers(p *gocmd.Package, seed uint64, run *Run) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, t := range run.Tests {
		name := p.Arg + "  " + t.Test
		l := u.leftovers[name]
		l.add(&t)
		u.leftovers[name] = l
		u.noteLeft(p, seed, &t)
	}
}
