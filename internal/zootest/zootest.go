// Package zootest has the tests that the examples with planted bugs share: each bug
// is caught, each saved failure fails with the bug and passes without, and, for
// sweeps, each bug is a test that fails.
package zootest

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"samerun/sim"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// Example is a package with planted bugs.
type Example[B ~string] struct {
	Package  string // "./examples/raft"
	Bugs     []B
	Scenario func(w *sim.World, bug B) // with the preset that finds them; "" is no bug
}

// Caught is the property that mostly catches a bug, and a seed that does.
type Caught[B ~string] struct {
	Bug      B
	Seed     uint64
	Property string
}

// Caught checks that each bug is caught by the property that it should break, in a
// run that is fine without the bug.
func (x Example[B]) Caught(t *testing.T, caught []Caught[B]) {
	if len(caught) != len(x.Bugs) {
		t.Errorf("the table has %d bugs of %d", len(caught), len(x.Bugs))
	}
	for _, c := range caught {
		t.Run(string(c.Bug), func(t *testing.T) {
			cfg := sim.Config{Seed: c.Seed}
			if got := x.broken(cfg, c.Bug); got != c.Property {
				t.Errorf("seed %d breaks %q; it should break %q. Has the meaning of seeds changed? A new one is found by\n"+
					"samerun test -tags zoo -seeds 1-2000 -run 'TestZoo/%s' %s", c.Seed, got, c.Property, c.Bug, x.Package)
			}
			if got := x.broken(cfg, ""); got != "" {
				t.Errorf("seed %d breaks %q without the bug", c.Seed, got)
			}
		})
	}
}

// broken runs the scenario, and returns the property that breaks, "" if none does,
// or what else is wrong.
func (x Example[B]) broken(cfg sim.Config, bug B) string {
	r := sim.Run(cfg, func(w *sim.World) { x.Scenario(w, bug) })
	var p *sim.PropertyError
	switch {
	case errors.As(r.Err, &p):
		return p.Name
	case r.Err != nil:
		return r.Err.Error()
	}
	return ""
}

// Folder has for each bug of a package a minimised failure. They are made by
// go run ./examples/zoo -write.
const Folder = "testdata/zoo"

// Replays checks that each saved failure still fails with the bug, passes without it,
// and has nothing in it that could be taken out.
func (x Example[B]) Replays(t *testing.T) {
	for _, bug := range x.Bugs {
		t.Run(string(bug), func(t *testing.T) {
			p, err := replay.Read(filepath.Join(Folder, string(bug)+".json"))
			if err != nil {
				t.Fatalf("%v. It is made by\ngo run ./examples/zoo -write", err)
			}
			// A failure that is no property, such as a panic, has none to compare.
			if got := x.broken(sim.ConfigOf(p), bug); got == "" || p.Property != "" && got != p.Property {
				t.Errorf("with the bug it breaks %q; recorded is %q", got, p.Property)
			}
			if got := x.broken(sim.ConfigOf(p), ""); got != "" {
				t.Errorf("without the bug it breaks %q", got)
			}
			x.minimal(t, p, bug)
		})
	}
	entries, err := os.ReadDir(Folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(x.Bugs) {
		t.Errorf("%s has %d files for %d bugs", Folder, len(entries), len(x.Bugs))
	}
}

// minimal checks that no fault, step or deviation can be taken out of a failure: it
// tries them all.
func (x Example[B]) minimal(t *testing.T, p *replay.File, bug B) {
	in := p.Input()
	without := func(what any, less shrink.Input) {
		if got := x.broken(sim.ConfigOf(p.With(less)), bug); got != "" && got == p.Property {
			t.Errorf("it fails without %v", what)
		}
	}
	for i, f := range in.Schedule.Faults {
		less := in
		less.Schedule = in.Schedule.Without(i)
		without(f, less)
	}
	for i, step := range in.Steps {
		less := in
		less.Steps = slices.Delete(slices.Clone(in.Steps), i, i+1)
		without(step, less)
	}
	for i, d := range in.Deviations {
		less := in
		less.Deviations = slices.Delete(slices.Clone(in.Deviations), i, i+1)
		without(d, less)
	}
}
