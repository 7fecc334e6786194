package proptest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/sim"
	"samerun/sim/fault"
)

// Values that do not survive JSON are named, and nothing is saved; all else goes on.
func TestValuesThatCannotBeSaved(t *testing.T) {
	type secret struct{ n int }
	property := func(p *P) {
		s := Draw(p, rapid.Map(rapid.IntRange(0, 9), func(n int) secret { return secret{n} }), "secret")
		faults := p.Faults(Nodes(3), Budget(5))
		p.Run(faults, func(w *sim.World) {
			if s.n > 3 {
				w.Failf("the secret is %d", s.n)
			}
		})
	}
	const why = `the draw "secret" (proptest.secret) cannot be kept in a file: it is not the same when it is written as JSON and read again; export its fields`
	fails(t, property, "[rapid] failed after", "secret{n:", "there is no replay file of this failure: "+why)
	t.Setenv("SAMERUN_SHRINK", "5s")
	l, path, _ := firstFailure(t, property)
	if path != "" || !strings.Contains(l.Story.String(), "no replay file could be written: "+why) || !strings.Contains(l.Story.String(), "again: SAMERUN_SEED=") {
		t.Errorf("saved as %q; it should not be, and say why:\n%s", path, l.Story)
	}
}

// Every value that this package draws is the same when it comes out of a file.
func TestDrawnValuesSurviveJSON(t *testing.T) {
	type op struct {
		Key  string
		Bits []byte
		Next *int
		By   map[string]time.Duration
	}
	ops := Workloads(4, 20, time.Second, rapid.Custom(func(t *rapid.T) op {
		return op{
			Key: rapid.String().Draw(t, "key"), Bits: rapid.SliceOf(rapid.Byte()).Draw(t, "bits"), Next: rapid.Ptr(rapid.Int(), true).Draw(t, "next"),
			By: rapid.MapOf(rapid.String(), rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) })).Draw(t, "by"),
		}
	}))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "nodes")
		schedule := Schedules(Nodes(n), AllKinds).Draw(t, "schedule")
		survivesIn(t, schedule)
		survivesIn(t, Links().Draw(t, "link"))
		survivesIn(t, Topologies(1, 9).Draw(t, "topology"))
		survivesIn(t, Seeds().Draw(t, "seed"))
		cfg := Configs(Nodes(n), AllKinds).Draw(t, "config")
		survivesIn(t, cfg)
		survivesIn(t, ops.Draw(t, "operations"))

		// A reference to the schedule is resolved to it.
		r := &record{}
		r.add("a", *cfg.Faults, func() ([]byte, error) { return valueForm[fault.Schedule]().write(*cfg.Faults) })
		r.add("b", cfg, func() ([]byte, error) { return valueForm[sim.Config]().write(cfg) })
		p := &P{at: 1, given: &given{values: r.data(cfg.Faults, 1), taken: make([]bool, 2), schedule: &schedule}}
		if got := take(p, "a", valueForm[fault.Schedule]()); !got.Equal(schedule) {
			t.Fatalf("the schedule is %v; it should be %v", got, schedule)
		}
		got := take(p, "b", valueForm[sim.Config]())
		cfg.Faults = &schedule
		if !sameConfig(got, cfg) {
			t.Fatalf("the configuration is %+v; it should be %+v", got, cfg)
		}
	})
	for _, bad := range []sim.Config{{Trace: func(sim.Record) {}}, {Data: []sim.Datum{{Name: "x"}}}} {
		if data, err := valueForm[sim.Config]().write(bad); err == nil {
			t.Errorf("%+v was written as %s; it is no data", bad, data)
		}
	}
	if _, err := valueForm[func()]().write(nil); err == nil {
		t.Error("a function was written as JSON")
	}
	if _, err := valueForm[any]().write(3); err == nil {
		t.Error("a number in an interface was written; it would come back as another type")
	}
}

func survivesIn[V any](t *rapid.T, v V) {
	as := valueForm[V]()
	data, err := as.write(v)
	if err != nil {
		t.Fatalf("%#v cannot be written: %v", v, err)
	}
	again, err := as.read(data)
	if err != nil || !sameValue(v, again) {
		t.Fatalf("%#v was written as %s and came back as %#v (%v)", v, data, again, err)
	}
}

// Draws with one label have names of their own.
func TestNamesOfDraws(t *testing.T) {
	var n names
	var got []string
	for _, label := range []string{"a", "a", "a#2", "", "run", "a", ""} {
		got = append(got, n.of(label))
	}
	want := []string{"a", "a#2", "a#2#2", "draw", "run#2", "a#3", "draw#2"}
	if !slices.Equal(got, want) {
		t.Errorf("the names are %q; they should be %q", got, want)
	}
}

// The minimiser takes steps of a workload out of what the property sees, and the
// others begin when they would have.
func TestStepsThatAreLeftOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := Workloads(3, 12, time.Second, rapid.IntRange(0, 99)).Draw(t, "operations")
		kept := sim.Steps{}
		for i := range all {
			if rapid.Bool().Draw(t, "keep") {
				kept = append(kept, sim.StepID{Of: "x", N: i})
			}
		}
		run := func(steps *sim.Steps) (log []string, r *sim.Report, seen int) {
			ops := slices.Clone(all)
			ops.identify("x", steps)
			r = sim.Run(sim.Config{Steps: steps}, func(w *sim.World) {
				done := ops.Start(w, func(client, op int) { log = append(log, fmt.Sprint(w.Elapsed(), client, op)) })
				w.Eventually("all is done", time.Hour, done)
			})
			return log, r, len(ops)
		}
		whole, r, _ := run(nil)
		if r.Err != nil || len(r.Steps) != len(all) {
			t.Fatalf("%v: %d steps of %d were done", r.Err, len(r.Steps), len(all))
		}
		part, r, seen := run(&kept)
		if r.Err != nil || len(r.Missed) > 0 || len(part) != len(kept) || seen != len(kept) {
			t.Fatalf("%v: %d steps of %d are left, %d were done, missed %q", r.Err, seen, len(kept), len(part), r.Missed)
		}
		for _, l := range part {
			if !slices.Contains(whole, l) {
				t.Fatalf("%q was not among %q", l, whole)
			}
		}
	})
}
