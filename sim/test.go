package sim

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"samerun/internal/wire"
	"samerun/sched"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// TB is what Test needs of *testing.T. Other frameworks have it too.
type TB interface {
	Name() string
	Helper()
	Errorf(format string, args ...any)
	Failed() bool
	FailNow()
	Skipped() bool
	SkipNow()
}

// Test runs the scenario once for each seed that the environment asks for:
//
//	SAMERUN_SEED=47        this one, in decimal or 0x hexadecimal
//	SAMERUN_SEEDS=1-1000   all of these; lists such as 1-10,15 too
//
// If it asks for none, Test first runs the failures saved in testdata/replay that
// are of this test, and then seeds 0 to 9. The first seed that fails ends the test.
// It is run again at once, to prove that it repeats and to tell what happened; so
// the scenario must not depend on what an earlier run left behind in variables
// outside of it. It is saved as a replay file, in the folder that SAMERUN_OUT
// names or else in testdata/replay.
//
// Before that, a smaller input that fails in the same way is looked for, for five
// seconds of real time at most, by running the scenario with fewer faults, fewer
// steps of World.Steps, and so on: package sim/shrink tells what is tried.
//
//	SAMERUN_SHRINK=30s     looks for longer; 0 does not look
//	SAMERUN_STRATEGY=pct:3 who runs next, as sched.ParseStrategy has it
//	SAMERUN_REPLAY=file    runs that failure, if it is of this test, and no more
//	SAMERUN_STRICT=1       fails if something was asked for that no seed reached
//
// A run fails if Run says so, and also if the scenario marks the test as failed
// (t.Error, t.Fatal, from any task or check).
//
// With the engine Goroutines the nodes run ordinary Go; see there.
func Test(t TB, fn func(w *World), engine ...Engine) {
	t.Helper()
	TestWith(t, Config{}, fn, engine...)
}

// TestWith is Test with a configuration other than the default: its Link, MaxSteps
// and Stall hold for every run, and its Strategy, such as "pct:3", where the
// environment (SAMERUN_STRATEGY) and replay files do not name another strategy.
// What else a Config has is the input of one run, and must be left out.
func TestWith(t TB, base Config, fn func(w *World), engine ...Engine) {
	t.Helper()
	err := base.checkBase()
	if fn == nil {
		err = errNilScenario
	}
	e := oneOf(engine, &err)
	if err != nil {
		t.Errorf("%v", err)
		t.FailNow()
	}
	run := func(cfg Config) (Config, *Report) {
		run := cfg
		run.Link, run.MaxSteps, run.Stall = base.Link, base.MaxSteps, base.Stall
		return cfg, Run(run, fn)
	}
	if e == Goroutines {
		testGoroutines(t, base.Strategy, run)
		return
	}
	testRuns(t, base.Strategy, run, nil)
}

// checkBase refuses what cannot be the same for all runs of a test.
func (c Config) checkBase() error {
	if _, err := sched.ParseStrategy(c.Strategy); err != nil {
		return fmt.Errorf("sim.TestWith: Config.Strategy: %w", err)
	}
	for _, f := range [...]struct {
		name string
		set  bool
	}{
		{"Seed", c.Seed != 0}, {"Forks", c.Forks != nil}, {"Faults (use World.Inject)", c.Faults != nil},
		{"Deviations", c.Deviations != nil}, {"Steps", c.Steps != nil}, {"Sizes", c.Sizes != nil}, {"Horizon", c.Horizon != 0},
		{"Data", c.Data != nil}, {"Calm", c.Calm != Rough}, {"Trace", c.Trace != nil},
	} {
		if f.set {
			return fmt.Errorf("sim.TestWith was given a Config with %s; that is the input of one run, so leave it out", f.name)
		}
	}
	return nil
}

// TestRuns is Test for packages that make runs in their own way, such as from
// values that they draw. run makes one run of a configuration and returns it
// together with the configuration from which Run would make it again: with Data
// filled in, for instance. It must hand on what it does not know of cfg.
//
// plain, if set, is what is done instead of seeds 0 to 9 when the environment asks
// for nothing and the saved failures have passed. base has what the environment
// says of every run, such as the strategy. For a failure that plain has found it
// calls fail, with a configuration from which run makes that failure again: it is
// minimised, saved and told like that of a seed, and the test is marked as failed
// and goes on.
//
// With the engine Goroutines, run is called once in each process that the tool starts,
// must return what it has drawn for the run in Data at once, and plain is not used: plain
// go test has the tool run the test. Runs beside the one of cfg are made by Config.Beside.
func TestRuns(t TB, run func(cfg Config) (Config, *Report), plain func(base Config, fail func(Config)), engine ...Engine) {
	t.Helper()
	var err error
	e := oneOf(engine, &err)
	if err != nil {
		t.Errorf("%v", err)
		t.FailNow()
	}
	if e == Goroutines {
		testGoroutines(t, "", run)
		return
	}
	testRuns(t, "", run, plain)
}

// testRuns is TestRuns with the strategy of seeds for which none is asked.
func testRuns(t TB, strategy string, run func(cfg Config) (Config, *Report), plain func(base Config, fail func(Config))) {
	t.Helper()
	env, err := readEnv(replay.Tasks)
	if err != nil {
		t.Errorf("%v", err)
		t.FailNow()
	}
	env.strategy = cmp.Or(env.strategy, strategy)
	if env.list {
		env.note(&wire.Result{Test: t.Name()})
		t.SkipNow()
	}
	x := &tester{t: t, env: env}
	if x.stop, err = stopperOf(env); err != nil {
		t.Errorf("%v", err)
		t.FailNow()
	}
	x.exec = func(cfg Config) (Config, *Report) {
		cfg.late = x.late.tell
		return run(cfg)
	}
	defer x.late.end(t)
	switch {
	case env.trials:
		x.serve(os.Stdin, os.Stdout)
		return
	case env.replay != nil:
		x.onlyReplay(env.replay)
		return
	case env.plain && !x.regressions(replayFolder):
		t.FailNow()
	case env.plain && plain != nil:
		x.strategy = x.strategyFor(env.strategy)
		if _, many := x.strategy.Exhaustive(); many {
			t.Errorf("SAMERUN_STRATEGY is %q, a search that needs seeds; name some with SAMERUN_SEEDS, or use samerun test -strategy", env.strategy)
			t.FailNow()
		}
		plain(Config{Strategy: x.strategy.String()}, x.found)
		return
	}
	for seed := range env.seeds.All() {
		if !x.seed(seed) {
			t.FailNow()
		}
		if t.Skipped() {
			t.SkipNow()
		}
	}
	if env.strict {
		x.mustReach()
	}
}

// tester is one call of Test.
type tester struct {
	t        TB
	env      *environment
	exec     func(Config) (Config, *Report) // makes a run
	unseeded bool                           // the runs are not made from their seeds alone
	late     late
	stop     *stopper // if the run of a file is to stop somewhere
	coverage coverage
	known    known  // of a guided search
	seen     *saw   // what the last run of a seed has seen, if somebody asked for it
	prepared bool   // strategy is known
	asked    string // its text before
	strategy sched.StrategySpec
}

// attempt is one run of the scenario, judged; failure is nil if it was good.
type attempt struct {
	cfg     Config
	report  *Report
	failure error
	wall    time.Duration
}

// run runs the scenario.
//
//samerun:allow wallclock: the result line tells how long a run took, after it
func (x *tester) run(cfg Config) *attempt {
	before, said := x.t.Failed(), logged(x.t)
	began := time.Now()
	cfg, r := x.exec(cfg)
	return &attempt{cfg: cfg, report: r, wall: time.Since(began), failure: verdict(x.t, r, before, said)}
}

// line is what the result line says of a run, good or bad.
func (x *tester) line(a *attempt) *wire.Result {
	r := a.report
	res := &wire.Result{
		Test: x.t.Name(), Seed: r.Seed, OK: a.failure == nil, Digest: r.Digest,
		VirtualNS: int64(r.Virtual), Events: r.Events, WallNS: int64(a.wall),
	}
	if a.failure != nil {
		f := FailureOf(a.failure)
		res.Property, res.Error = f.Property, f.Error
		res.Signature, _ = ownSignature(a.failure)
	}
	return res
}

// seed runs one seed and says whether it passed.
func (x *tester) seed(seed uint64) bool {
	x.t.Helper()
	a, covered := x.oneSeed(seed)
	res := x.line(a)
	if x.seen != nil {
		res.Saw, res.Cover = &wire.Saw{Seen: x.seen.seen}, a.report.cover()
	}
	res.Covered = covered
	res.Vacuous, res.Reached = x.coverage.add(a.report)
	if a.failure == nil {
		x.env.note(res)
		return true
	}
	x.tell(a, res)
	return false
}

// found is what is done about a failure that was found otherwise than by a seed.
func (x *tester) found(cfg Config) {
	x.t.Helper()
	x.unseeded = true
	a := x.run(cfg)
	if a.failure == nil {
		x.t.Errorf("\n    the run that failed does not fail when it is made again from its data: the scenario depends on something else\n" +
			"      (a variable that outlives the run, time.Now, math/rand, the order of a map)")
		return
	}
	x.tell(a, x.line(a))
}

// tell minimises a failure, saves it, and says what it is.
func (x *tester) tell(a *attempt, res *wire.Result) {
	x.t.Helper()
	s := x.evidence(a)
	if res.Repeats = x.repeats(s); res.Repeats != nil && *res.Repeats {
		a, s = x.smaller(a, s)
	}
	res.Replay = x.save(a, s)
	res.Story = s.tell()
	x.env.note(res)
	x.t.Errorf("%s", res.Story)
}

// oneSeed is the run of a seed under the strategy that is asked for. Of an
// exhaustive search it says what was covered.
func (x *tester) oneSeed(seed uint64) (a *attempt, covered string) {
	x.strategyOnce(x.env.strategy)
	if opts, ok := x.strategy.Exhaustive(); ok {
		return everyOrder(Config{Seed: seed}, opts, x.run)
	}
	cfg := Config{Seed: seed, Strategy: x.strategy.String()}
	if x.seen = nil; os.Getenv(wire.SawVariable) == "1" {
		cfg.saw = func(s *saw) { x.seen = s }
	}
	a = x.traced(cfg, "")
	a.cfg.saw = nil // the runs that are made for a failure are not asked
	return a, ""
}

// smaller is a failure and its story after minimising, or as they were.
func (x *tester) smaller(a *attempt, s *evidence) (*attempt, *evidence) {
	small, passing, words := x.minimise(a)
	if small == nil {
		s.shrunk = words
		return a, s
	}
	t := x.evidenceBeside(small, small.file(x.t.Name()), passing)
	if !t.repeats() {
		s.shrunk = "it could not be made smaller: the smallest input failed once and not again"
		if stalled(t.second) {
			s.shrunk = stoodStill
		}
		return a, s
	}
	t.shrunk = words
	return small, t
}

// stalled says that a run was given up by real time.
func stalled(r *Report) bool { return r != nil && errors.As(r.Err, new(*sched.StallError)) }

// evidence runs a failing run again, to see whether it repeats and what happened.
func (x *tester) evidence(a *attempt) *evidence { return x.evidenceBeside(a, nil, nil) }

// evidenceBeside is evidence that has the nearest run that passes, too, of an input p that was
// minimised, if there is one among the inputs with one thing less.
func (x *tester) evidenceBeside(a *attempt, p *replay.File, passing []shrink.Neighbour) *evidence {
	s := &evidence{test: x.t.Name(), cfg: a.cfg, failure: a.failure, first: a.report, flags: buildFlags(), unseeded: x.unseeded}
	if errors.As(a.failure, new(*sched.StallError)) {
		s.stalled = true // another try would take as long and tell no more
		return s
	}
	cfg, stop := listen(x.t, a.cfg)
	cfg.Trace = s.records.keep
	var events tracer
	if len(passing) > 0 {
		cfg.Trace = func(r Record) {
			s.records.keep(r)
			if r.aside == nil { // the neighbour is held against what the digest has
				r.n, r.task = 0, ""
				events.keep(r)
			}
		}
	}
	_, s.second = x.exec(cfg)
	stop()
	if len(s.first.places) == 0 {
		s.first.places = s.second.places // an order that was found by an exhaustive search
	}
	if len(passing) > 0 && s.repeats() {
		s.neighbour = x.neighbour(a, &events, p, &passing[0])
	}
	return s
}

// repeats says whether a run repeats, nil if that is not known. If it does not, the
// evidence says where two such runs part.
func (x *tester) repeats(s *evidence) *bool {
	if s.stalled || stalled(s.second) {
		return nil
	}
	again := s.repeats()
	if s.second.Digest != s.first.Digest {
		s.parting = x.parting(s.cfg)
	}
	return &again
}

// save saves a failure and notes in the evidence where it is. It returns the path.
func (x *tester) save(a *attempt, s *evidence) string {
	if s.stalled || !s.repeats() || a.report.Digest == "" {
		return "" // there is nothing that a replay could be held to
	}
	dir := x.env.out
	if dir == "" {
		dir = replayFolder
	}
	path, err := a.file(x.t.Name()).Save(dir)
	if err != nil {
		s.unsaved = err
		return ""
	}
	s.saved = fromRoot(path)
	attached, err := a.report.writeAttachments(path)
	for _, file := range attached {
		s.attached = append(s.attached, fromRoot(file))
	}
	if err != nil {
		s.attached = append(s.attached, err.Error())
	}
	return path
}

// verdict says why a run failed, nil if it did not. Before the run the test had failed
// or not, and its log had some length.
func verdict(t TB, r *Report, failedBefore bool, said int) error {
	var exit *sched.GoexitError
	switch {
	case errors.As(r.Err, &exit) && t.Skipped():
		return nil
	case errors.As(r.Err, &exit) && t.Failed():
		return &markedError{at: exit.At, fatal: true, said: saidSince(t, said)}
	case r.Err != nil:
		return r.Err
	case t.Failed() && !failedBefore:
		return &markedError{said: saidSince(t, said)}
	}
	return nil
}
