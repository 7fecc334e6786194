package sim

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"samerun/internal/host"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// A test of goroutines makes one run in a process: the tool makes the others, minimises
// and repeats. What it needs for that goes into the line of results of the test, by the
// host.

// testGoroutines is TestRuns for the engine of that name, with the strategy for which the tool
// is asked if nobody names another.
func testGoroutines(t TB, strategy string, run func(cfg Config) (Config, *Report)) {
	t.Helper()
	env, err := readEnv(replay.Goroutines)
	h := host.Of(t)
	switch {
	case err != nil:
	case env.list:
		env.note(&wire.Result{Test: t.Name(), Goroutines: true})
		t.SkipNow()
	case env.replay != nil && env.replay.Test != t.Name():
		t.SkipNow()
	case env.replay != nil && env.replay.World == replay.Tasks:
		err = fmt.Errorf("SAMERUN_REPLAY: %s is a failure of tasks, and %s is a test of goroutines now; record the failure anew, by samerun test", env.replay.path, t.Name())
	case h == nil:
		runTool(t, env, strategy)
		return
	case env.trials:
		err = errTrialsOfGoroutines
	}
	if err != nil {
		t.Errorf("%v", err)
		t.FailNow()
	}
	r := &hostedRun{t: t, env: env, host: h}
	r.run(run)
}

var errTrialsOfGoroutines = fmt.Errorf("%s is set, and this test is one of goroutines, which make one run in a process; leave it to samerun test", wire.Trials)

// hostedRun is the one run of a test of goroutines.
type hostedRun struct {
	t    TB
	env  *environment
	host host.Host
}

// run makes the run and reports it.
func (x *hostedRun) run(run func(cfg Config) (Config, *Report)) {
	x.t.Helper()
	cfg := Config{Seed: x.host.Seed(), host: x.host}
	var saved *replay.File
	if x.env.replay != nil {
		saved = x.env.replay.File
		cfg = ConfigOf(saved)
		cfg.host = x.host
		// Whose turn it is, is the host's.
		cfg.Strategy, cfg.Deviations = "", nil
		if cfg.Seed != x.host.Seed() {
			x.t.Errorf("%s is a failure of seed %d, and the process runs seed %d; set SAMERUN_SEED=%d, or use samerun replay", x.env.replay.path, cfg.Seed, x.host.Seed(), cfg.Seed)
			x.t.FailNow()
		}
	}
	if c, ok := x.t.(interface{ Cleanup(func()) }); ok {
		cfg.cleanup = c.Cleanup
	}
	s := &evidence{test: x.t.Name(), cfg: cfg, unseeded: true}
	probe := &wire.Probe{}
	given := cfg
	var told chronicle
	given.Trace = told.keep
	var events tracer
	if x.env.trace != "" {
		given.asides = true
		given.Trace = func(r Record) { told.keep(r); events.keep(r) }
		given.reported = func(w *World) { x.report("trace", events.traceOf(w)) }
	}
	given.mishap = func(f fault.Fault) { probe.Mishaps.Faults = append(probe.Mishaps.Faults, f) }
	given.hit = func(h shrink.Hit) { probe.Hits = append(probe.Hits, h) }
	var w *World
	given.begun = func(began *World) { w = began }
	x.host.OnStop(func(ask func(int, func() string) (string, string)) (string, []string) {
		var at standing
		if w != nil {
			at.ask(w, ask)
		}
		return at.words()
	})
	x.host.OnDeath(func() {
		if w != nil {
			x.told(w.report(nil), probe, nil)
		}
	})
	var got *saw
	if os.Getenv(wire.SawVariable) == "1" {
		given.saw = func(s *saw) { got = s }
	}
	before, said := x.t.Failed(), logged(x.t)
	made, r := run(given)
	s.cfg.Data = made.Data
	digest, _ := strconv.ParseUint(r.Digest, 16, 64) // of a run that did not begin there is none
	x.host.Digest(digest)
	x.host.OnDeath(nil)
	x.told(r, probe, made.Data)
	if got != nil {
		x.report("saw", (&known{}).told(got, r))
		x.report("cover", r.cover())
	}
	if saved != nil {
		x.report("unmet", unmet(saved, r))
	}
	failure := verdict(x.t, r, before, said)
	if failure == nil {
		if x.t.Skipped() {
			x.t.SkipNow()
		}
		return
	}
	f := FailureOf(failure)
	s.failure, s.first = failure, r
	s.records = told.with(r.sent, r.sentBefore)
	story := s.tell()
	story.Run.Once = true
	x.report("property", f.Property)
	x.report("error", f.Error)
	x.report("signature", f.Signature)
	x.report("story", story)
	if isMarked(failure) {
		x.t.FailNow() // the test has said why
	}
	x.t.Errorf("%s", story)
	x.t.FailNow()
}

// told reports what a run was made of, and what it has reached: of one in which the process
// dies, what is known by then.
func (x *hostedRun) told(r *Report, probe *wire.Probe, data []Datum) {
	take(probe, r)
	world := worldOf(r, probe)
	world.Data = wire.DataOf(data)
	x.report("world", world)
	var c coverage
	vacuous, reached := c.add(r)
	x.report("vacuous", vacuous)
	x.report("reached", reached)
}

// report adds a field to the test's line of results, unless it is empty.
func (x *hostedRun) report(field string, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		x.t.Errorf("the result of the run cannot be written: %v", err)
		return
	}
	switch s := string(data); s {
	case `""`, "null", "[]", "{}":
	default:
		x.host.Report(field, s)
	}
}

// worldOf is what a run was made of.
func worldOf(r *Report, probe *wire.Probe) *wire.World {
	w := &wire.World{Schedule: r.Schedule, Probe: *probe}
	for _, o := range r.Outcomes {
		if o.Fired == 0 {
			w.Idle = append(w.Idle, o.Index)
			w.Why = append(w.Why, text.FirstLine(o.Why))
		}
	}
	return w
}
