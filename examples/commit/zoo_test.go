package commit

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"samerun/sim"
)

// caught has for each bug the property that mostly catches it, and a seed of the
// scenario UnderChaos that does.
var caught = []struct {
	bug      Bug
	seed     uint64
	property string
}{
	{DecisionForgotten, 225, "atomic commit"},
	{UnilateralAbort, 12, "atomic commit"},
	{SilenceIsConsent, 2, "no commit against a no"},
}

// Each bug is caught by the property that it should break, in a run that is fine
// without the bug.
func TestBugsAreCaught(t *testing.T) {
	if len(caught) != len(Bugs()) {
		t.Errorf("the table has %d bugs of %d", len(caught), len(Bugs()))
	}
	for _, c := range caught {
		t.Run(string(c.bug), func(t *testing.T) {
			cfg := sim.Config{Seed: c.seed}
			if got := broken(cfg, c.bug); got != c.property {
				t.Errorf("seed %d breaks %q; it should break %q. Has the meaning of seeds changed? A new one is found by\n"+
					"samerun test -tags zoo -seeds 1-2000 -run 'TestZoo/%s' ./examples/commit", c.seed, got, c.property, c.bug)
			}
			if got := broken(cfg, ""); got != "" {
				t.Errorf("seed %d breaks %q without the bug", c.seed, got)
			}
		})
	}
}

// broken runs the scenario, and returns the property that breaks, "" if none does,
// or what else is wrong.
func broken(cfg sim.Config, bug Bug) string {
	r := sim.Run(cfg, func(w *sim.World) { UnderChaos(w, bug) })
	var p *sim.PropertyError
	switch {
	case errors.As(r.Err, &p):
		return p.Name
	case r.Err != nil:
		return r.Err.Error()
	}
	return ""
}

// zooFolder has for each bug a minimised failure: a replay file of a sweep.
const zooFolder = "testdata/zoo"

// Each saved failure still fails with the bug, and passes without it.
func TestZooReplays(t *testing.T) {
	if _, err := os.Stat(zooFolder); os.IsNotExist(err) {
		t.Skip("no failures are saved yet")
	}
	for _, bug := range Bugs() {
		t.Run(string(bug), func(t *testing.T) {
			p, err := sim.ReadReplay(filepath.Join(zooFolder, string(bug)+".json"))
			if err != nil {
				t.Fatalf("%v. It is made by\nsamerun test -tags zoo -seeds 1-2000 -run 'TestZoo/%s' ./examples/commit", err, bug)
			}
			if got := broken(p.Config(), bug); got != p.Property {
				t.Errorf("with the bug it breaks %q; recorded is %q", got, p.Property)
			}
			if got := broken(p.Config(), ""); got != "" {
				t.Errorf("without the bug it breaks %q", got)
			}
		})
	}
}
