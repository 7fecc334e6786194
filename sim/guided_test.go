package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/feature"
	"samerun/sim/fault"
)

// told runs a world and returns its report, its records as text with their times, and what it saw.
func told(cfg Config, fn func(w *World)) (r *Report, records []string, got *saw) {
	cfg.Trace = func(x Record) {
		text := fmt.Sprint(x.At, x.What, x.Text)
		if x.Node != nil {
			text += x.Node.Name()
		}
		if x.Peer != nil {
			text += x.Peer.Name()
		}
		records = append(records, text)
	}
	cfg.saw = func(s *saw) { got = s }
	r = Run(cfg, fn)
	return r, records, got
}

// fair is a town in which faults, workloads and nodes draw.
func fair(w *World) {
	town(w, false)
	w.Inject(fault.Chaos(), 2*time.Second)
	for step := range w.Steps("work", 40, Durations{Min: 10 * ms, Max: 60 * ms}) {
		w.Logf("step %d draws %d, a node %d", step.N, step.Rand().IntN(1000), w.Node("n1").Rand().IntN(1000))
		w.Buggify("perhaps")
	}
}

// Until its fork, a run is the run without it, to the bit; behind it, another one. With the same
// forks it is the same run.
func TestFork(t *testing.T) {
	for seed := range uint64(5) {
		_, plain, _ := told(Config{Seed: seed}, fair)
		forks := []Fork{{At: 700 * ms, Seed: seed + 77}, {At: 1100 * ms, Seed: seed + 78}}
		a, forked, _ := told(Config{Seed: seed, Forks: forks}, fair)
		b, _, _ := told(Config{Seed: seed, Forks: forks}, fair)
		if a.Digest != b.Digest {
			t.Errorf("seed %d: the same forks give %s and %s", seed, a.Digest, b.Digest)
		}
		once, one, _ := told(Config{Seed: seed, Forks: forks[:1]}, fair)
		if once.Digest == a.Digest {
			t.Errorf("seed %d: the second fork changes nothing", seed)
		}
		same := func(a, b []string) (n int) {
			for n < min(len(a), len(b)) && a[n] == b[n] {
				n++
			}
			return n
		}
		timeOf := func(list []string, i int) time.Duration {
			if i >= len(list) {
				return time.Hour
			}
			var d time.Duration
			for j := len(list[i]); j > 0; j-- {
				if x, err := time.ParseDuration(list[i][:j]); err == nil {
					return x
				}
			}
			return d
		}
		n := same(plain, forked)
		if at := timeOf(forked, n); at < forks[0].At {
			t.Errorf("seed %d: the run differs at %v already, before its fork at %v", seed, at, forks[0].At)
		} else if at > forks[0].At+500*ms {
			t.Errorf("seed %d: it differs at %v only", seed, at)
		}
		if at := timeOf(one, same(one, forked)); at < forks[1].At {
			t.Errorf("seed %d: with a second fork it differs at %v already", seed, at)
		}
	}
}

// What a run sees is the same each time, and to look changes nothing.
func TestSeen(t *testing.T) {
	states := func(w *World) {
		fair(w)
		for i := range 5 {
			w.Sleep(10 * ms)
			w.State(struct {
				N    int
				Name string
			}{i % 3, "x"})
		}
		w.Sometimes("it rains", true)
		w.Sometimes("it snows", false)
	}
	for seed := range uint64(3) {
		plain := Run(Config{Seed: seed}, func(w *World) { states(w) })
		a, _, x := told(Config{Seed: seed}, states)
		_, _, y := told(Config{Seed: seed}, states)
		if plain.Digest != a.Digest {
			t.Errorf("seed %d: to look changes the run: %s and %s", seed, plain.Digest, a.Digest)
		}
		if !slices.Equal(x.seen, y.seen) || !slices.Equal(x.turns, y.turns) {
			t.Errorf("seed %d: two runs have seen different things", seed)
		}
		var count [feature.Kinds]int
		for _, s := range x.seen {
			count[s.Kind]++
		}
		if count[feature.State] != 3 || count[feature.Sometimes] != 1 || count[feature.Order] < 3 {
			t.Errorf("seed %d: seen were %v", seed, count)
		}
	}
}

// The first time of a state is told.
func TestSeenWhen(t *testing.T) {
	_, _, got := told(Config{Seed: 1}, func(w *World) {
		w.Sleep(30 * ms)
		w.State(1)
		w.Sleep(30 * ms)
		w.State(1)
	})
	for _, s := range got.seen {
		if s.Kind == feature.State && s.At != 30*ms {
			t.Errorf("the state was told at %v", s.At)
		}
	}
}

// A state must be one that another run can have, with a search and without.
func TestStateRefuses(t *testing.T) {
	for _, bad := range []any{new(int), []int{1}, struct{ P *int }{new(int)}, make(chan int), func() {}} {
		for _, looked := range []bool{false, true} {
			cfg := Config{Seed: 1}
			if looked {
				cfg.saw = func(*saw) {}
			}
			r := Run(cfg, func(w *World) { w.State(bad) })
			if r.Err == nil || !strings.Contains(r.Err.Error(), "World.State was given a ") {
				t.Errorf("%T, looked at %v: %v", bad, looked, r.Err)
			}
		}
	}
	if r := Run(Config{Seed: 1}, func(w *World) { w.State(nil); w.State("ok") }); r.Err != nil {
		t.Error(r.Err)
	}
}

// A failure of a run with forks and deviations is saved with them, and is the same run again.
func TestForkedFailureIsSaved(t *testing.T) {
	failing := func(w *World) {
		fair(w)
		if w.Node("n2").Rand().IntN(3) > 0 {
			w.Fail(errors.New("it broke"))
		}
	}
	for seed := range uint64(10) {
		cfg := Config{Seed: seed, Forks: []Fork{{At: 900 * ms, Seed: 12345 + seed}}}
		r := Run(cfg, failing)
		if r.Err == nil {
			continue
		}
		a := &attempt{cfg: cfg, report: r, failure: r.Err}
		again := Run(ConfigOf(a.file("TestX")), failing)
		if again.Digest != r.Digest || again.Err == nil || again.Err.Error() != r.Err.Error() {
			t.Errorf("seed %d: %s, %v; the saved one is %s, %v", seed, r.Digest, r.Err, again.Digest, again.Err)
		}
		return
	}
	t.Error("no seed failed")
}

func TestForksAreChecked(t *testing.T) {
	r := Run(Config{Forks: []Fork{{At: 0, Seed: 1}}}, func(*World) {})
	if r.Err == nil || !strings.Contains(r.Err.Error(), "sim.Config.Forks: the fork") {
		t.Error(r.Err)
	}
}
