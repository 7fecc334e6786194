package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"samerun/internal/seeds"
	"samerun/sim"
)

// TestGolden is rule D8: what a seed means does not change by accident. Commands:
//
//	run scenario=<name> seeds=<set>
//
// The answer has for each seed the digest, the virtual time, how many events
// there were, and the messages by fate. After a change that is meant, and told in
// CHANGELOG.md, write the files anew with
//
//	go test ./internal/scenarios -run Golden -rewrite
func TestGolden(t *testing.T) {
	ran := map[string]bool{}
	datadriven.Walk(t, "../../testdata/golden", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd != "run" {
				d.Fatalf(t, "there is no command %q; there is run", d.Cmd)
			}
			var name, text string
			d.ScanArgs(t, "scenario", &name)
			d.ScanArgs(t, "seeds", &text)
			s, ok := Find(name)
			if !ok {
				d.Fatalf(t, "there is no scenario %q", name)
			}
			set, err := seeds.Parse(text)
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			ran[name] = true
			var b strings.Builder
			for seed := range set.All() {
				b.WriteString(line(sim.Run(sim.Config{Seed: seed}, s.Run)))
			}
			return b.String()
		})
	})
	for _, s := range All() {
		if !ran[s.Name] {
			t.Errorf("scenario %s has no golden digests in testdata/golden", s.Name)
		}
	}
}

// line is one run as the golden files have it.
func line(r *sim.Report) string {
	m := r.Messages
	s := fmt.Sprintf("seed %d: digest %s, virtual %v, %d events, sent %d, delivered %d", r.Seed, r.Digest, r.Virtual, r.Events, m.Sent, m.Delivered)
	for _, c := range []struct {
		n    uint64
		name string
	}{
		{m.Lost, "lost"}, {m.Cut, "cut"}, {m.NodeDown, "node down"}, {m.Duplicated, "duplicated"},
		{m.Reordered, "reordered"}, {m.Held, "held"}, {m.InFlight, "in flight"},
	} {
		if c.n > 0 {
			s += fmt.Sprintf(", %s %d", c.name, c.n)
		}
	}
	if r.Err != nil {
		s += fmt.Sprintf(", failed: %v", r.Err)
	}
	return s + "\n"
}

// Every scenario tells its seeds apart, and repeats each of them.
func TestSeedsDifferAndRepeat(t *testing.T) {
	for _, s := range All() {
		seen := map[string]bool{}
		for seed := range uint64(20) {
			r := sim.Run(sim.Config{Seed: seed}, s.Run)
			if r.Err != nil {
				t.Errorf("%s: %v", s.Name, r.Err)
			}
			if again := sim.Run(sim.Config{Seed: seed}, s.Run); line(again) != line(r) {
				t.Errorf("%s, seed %d:\n%sand when run again\n%s", s.Name, seed, line(r), line(again))
			}
			seen[r.Digest] = true
		}
		if len(seen) < 20 {
			t.Errorf("%s has %d different runs for 20 seeds", s.Name, len(seen))
		}
	}
}
