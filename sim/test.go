package sim

import (
	"errors"
	"fmt"
	"time"

	"samerun/sched"
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
// and for seeds 0 to 9 otherwise. The first seed that fails ends the test. It is
// run again at once, to prove that it repeats and to tell what happened; so the
// scenario must not depend on what an earlier run left behind in variables
// outside of it.
//
// A run fails if Run says so, and also if the scenario marks the test as failed
// (t.Error, t.Fatal, from any task or check).
func Test(t TB, fn func(w *World)) {
	t.Helper()
	env, err := readEnv()
	if err == nil && fn == nil {
		err = errNilScenario
	}
	if err != nil {
		t.Errorf("%v", err)
		t.FailNow()
	}
	if env.list {
		env.results.write(result{Test: t.Name()})
		t.SkipNow()
	}
	for seed := range env.seeds.All() {
		if !testSeed(t, env, seed, fn) {
			t.FailNow()
		}
		if t.Skipped() {
			t.SkipNow()
		}
	}
}

// testSeed runs one seed and says whether it passed.
//
//samerun:allow wallclock: the result line tells how long a run took, after it
func testSeed(t TB, env *environment, seed uint64, fn func(w *World)) bool {
	t.Helper()
	before := t.Failed()
	began := time.Now()
	r := Run(Config{Seed: seed}, fn)
	wall := time.Since(began)
	failure := verdict(t, r, before)
	res := result{
		Test: t.Name(), Seed: seed, OK: failure == nil, Digest: r.Digest,
		VirtualNS: int64(r.Virtual), Events: r.Events, WallNS: int64(wall),
	}
	if failure == nil {
		env.results.write(res)
		return true
	}
	s := story{test: t.Name(), seed: seed, failure: failure, first: r}
	if errors.As(failure, new(*sched.StallError)) {
		s.stalled = true // another try would take as long and tell no more
	} else {
		s.second = Run(Config{Seed: seed, Trace: s.keep}, fn)
		again := s.repeats()
		res.Repeats = &again
	}
	text := s.String()
	res.Property, res.Error = propertyOf(failure), reasonOf(failure)
	res.Story = text
	env.results.write(res)
	t.Errorf("%s", text)
	return false
}

// errTestFailed is the failure of a run in which only t.Error spoke.
var errTestFailed = errors.New("the scenario marked the test as failed (see above)")

// verdict says why a run failed, nil if it did not.
func verdict(t TB, r *Report, failedBefore bool) error {
	var exit *sched.GoexitError
	switch {
	case errors.As(r.Err, &exit) && t.Skipped():
		return nil
	case errors.As(r.Err, &exit) && t.Failed():
		return fmt.Errorf("%w at %v", errTestFailed, exit.At)
	case r.Err != nil:
		return r.Err
	case t.Failed() && !failedBefore:
		return errTestFailed
	}
	return nil
}

// propertyOf returns the name of the property that a failure is about, or "".
func propertyOf(err error) string {
	var p *PropertyError
	if errors.As(err, &p) {
		return p.Name
	}
	return ""
}

// reasonOf returns a failure's own words, without seed and time where that is
// told beside them.
func reasonOf(err error) string {
	var p *PropertyError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	var r *RunError
	if errors.As(err, &r) {
		return r.Err.Error()
	}
	return err.Error()
}
