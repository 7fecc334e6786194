package proptest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/feature"
	"samerun/proptest/linear"
	"samerun/sim"
	"samerun/sim/fault"
)

// sum fails for workloads whose numbers make 20 or more.
func sum(p *P) {
	ops := Draw(p, Workloads(3, 30, 0, rapid.IntRange(0, 50)), "numbers")
	p.Run(p.Faults(Nodes(3)), func(w *sim.World) {
		total := 0
		for _, s := range ops {
			total += s.Op
		}
		w.Always("a small sum", func() error {
			if total >= 20 {
				return fmt.Errorf("the sum is %d", total)
			}
			return nil
		})
	})
}

// A fail file, found in the folder or named, gives the same small run at once.
func TestFailFileReproduces(t *testing.T) {
	first := fails(t, sum, "[rapid] failed after", `property "a small sum" broken at 0s: the sum is`)
	files := failFiles(t)
	if len(files) != 1 {
		t.Fatalf("fail files: %q; there should be one", files)
	}
	tries := 0
	again := check(t, t.Name(), func(p *P) { tries++; sum(p) })
	if !again.failed || tries != 5 {
		t.Errorf("the fail file took %d tries; it should fail, with one try to find, one to repeat, one to show it, and two for the replay file", tries)
	}
	run := func(text string) string { return text[strings.Index(text, "[rapid] draw seed"):] }
	if a, b := run(first.log.String()), run(again.log.String()); a != b {
		t.Errorf("the first time:\n%s\nfrom the fail file:\n%s", a, b)
	}
	data, err := os.ReadFile(files[0])
	if err != nil || !strings.Contains(string(data), "the run that fails:") {
		t.Errorf("the fail file does not tell the run (%v):\n%s", err, data)
	}
}

// While rapid shrinks, another failure does not count: a large number breaks one
// property, and from then on what is smaller breaks another.
func TestShrinkingKeepsToTheProperty(t *testing.T) {
	large := false
	fails(t, func(p *P) {
		n := Draw(p, rapid.IntRange(0, 1<<30), "n")
		p.Run(fault.Schedule{}, func(w *sim.World) {
			switch {
			case n >= 1000:
				large = true
				w.Always("large", func() error { return fmt.Errorf("n is %d", n) })
			case n >= 10 && large:
				w.Failf("n is medium: %d", n)
			}
		})
	}, `property "large" broken at 0s: n is `, "met while shrinking, and left alone: n is medium")
}

func TestSignatures(t *testing.T) {
	same := func(a, b error) bool { return signature(a) == signature(b) }
	run := func(f func(w *sim.World)) error { return sim.Run(sim.Config{}, f).Err }
	crash := func(v any) error { return run(func(w *sim.World) { panic(v) }) }
	for _, c := range []struct {
		name string
		a, b error
		want bool
	}{
		{"numbers", errors.New("n1 has 3 after 1.5s"), errors.New("n2 has 17 after 20ms"), true},
		{"quotes", errors.New(`read "a" not "b"`), errors.New(`read "" not "\"x"`), true},
		{"words", errors.New("too many"), errors.New("too few"), false},
		{"properties", &sim.PropertyError{Name: "a", Err: errors.New("x")}, &sim.PropertyError{Name: "b", Err: errors.New("x")}, false},
		{"reasons of one property", &sim.PropertyError{Name: "a", Err: errors.New("x")}, fmt.Errorf("y: %w", &sim.PropertyError{Name: "a", Err: errors.New("y")}), true},
		{"errors with a signature", &linear.UndecidedError{}, fmt.Errorf("x: %w", &linear.UndecidedError{}), true},
		{"panics alike", crash("index 3"), crash("index 5"), true},
		{"panics", crash("index 3"), crash("nil map"), false},
		{"panic and error", crash("x"), errors.New("x"), false},
	} {
		if same(c.a, c.b) != c.want {
			t.Errorf("%s: the signatures are %q and %q; alike should be %v", c.name, signature(c.a), signature(c.b), c.want)
		}
	}
}

// A scenario that panics is reported with its stack, and a deadlock as one.
func TestOtherFailures(t *testing.T) {
	fails(t, func(p *P) {
		p.Run(p.Faults(Nodes(2)), func(w *sim.World) { panic("boom") })
	}, "panic at 0s in task main: boom", "check_test.go", "no faults")
	// A property's own panic, outside of a run, is rapid's affair.
	fails(t, func(p *P) { panic("outside") }, "[rapid] panic after 0 tests: outside", "check_test.go")
}

// What never takes effect is told when all tries have passed.
func TestVacuousFaultsAreTold(t *testing.T) {
	r := check(t, t.Name(), func(p *P) {
		p.Run(p.Faults(Nodes(2), Kinds(fault.Cut)), func(w *sim.World) {
			w.Node("n0").Start(func() {})
			w.Node("n1").Start(func() {})
			w.Sleep(10 * time.Second)
			w.Sometimes("a message", false)
		})
	})
	for _, want := range []string{"faults of kind cut were asked for", "never took effect", `property "a message" (sometimes) was never met`} {
		if text := r.log.String(); r.failed || !strings.Contains(text, want) {
			t.Errorf("failed is %v; it should pass and say %q:\n%s", r.failed, want, text)
		}
	}
}

// A run that does not repeat is told by its digest.
func TestFlakyRunIsFoundOut(t *testing.T) {
	n := 0
	fails(t, func(p *P) {
		p.Run(fault.Schedule{}, func(w *sim.World) {
			n++
			w.Logf("%d", n)
			w.Failf("always")
		})
	}, "the same draws gave digest", "depends on something outside of the world")
}

// The fuzz target finds a bug that any fault shows, and every input is a try.
func TestMakeFuzzDrivesSchedules(t *testing.T) {
	sizes := map[int]bool{}
	target := MakeFuzz(func(p *P) { sizes[p.Faults(Nodes(5), AllKinds).Size()] = true })
	r := newInputs()
	for range 300 {
		target(t, r.next())
	}
	if t.Skipped() || len(sizes) < 10 {
		t.Errorf("300 inputs drew %d sizes of schedules; it should be 10 or more", len(sizes))
	}
	if !feature.Marking() {
		t.Error("the fuzzer is not told of states")
	}
}

// Inputs are whole tries, the same always, and bugs are among them; a byte more or
// less changes little.
func TestFuzzInputsFindBugs(t *testing.T) {
	var p *P
	s := newSession(t, nil, nil)
	target := rapid.MakeFuzz(func(r *rapid.T) {
		p = s.newP(sim.Config{})
		p.t, p.Seed = r, seedOf(r)
		p.whole(adding)
	})
	found := 0
	for i, input := range Inputs(400, 300) {
		target(t, wordsOf(input))
		drawn := fmt.Sprintf("%#v", p.drawn)
		if p.failure != nil {
			found++
		}
		if i > 20 {
			continue
		}
		if target(t, wordsOf(append(input, 7))); fmt.Sprintf("%#v", p.drawn)[:40] != drawn[:40] {
			t.Errorf("a byte more at the end changed the beginning:\n%s\n%#v", drawn, p.drawn)
		}
	}
	t.Logf("%d of 400 inputs fail", found)
	if t.Skipped() || found == 0 || found == 400 {
		t.Errorf("%d of 400 inputs fail; some should", found)
	}
	if few, more := Inputs(2, 4), Inputs(9, 9); !bytes.Equal(few[1], more[1][:4]) || len(Inputs(-1, 3)) != 0 {
		t.Errorf("the inputs are %x and %x; fewer and shorter ones should be the same but for that", few, more)
	}
}

func FuzzSchedules(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x7f\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(MakeFuzz(func(p *P) {
		s := p.Faults(Nodes(4), Horizon(time.Second), AllKinds)
		if err := s.Validate(); err != nil {
			p.Fail(err)
		}
		p.Run(s, func(w *sim.World) {
			_, _ = stores(w, "n0", "n1", "n2", "n3")
			w.Sleep(time.Second)
		})
	}))
}

// What a property logs is in the report of the try that fails.
func TestLogf(t *testing.T) {
	setenv(t, "SAMERUN_SEEDS", "3", "SAMERUN_SHRINK", "0")
	property := func(p *P) {
		n := Draw(p, rapid.Just(7), "n")
		p.Logf("the number is %d", n)
		p.Run(fault.Schedule{}, func(w *sim.World) { w.Failf("always") })
	}
	r := check(t, "TestLogged", property)
	if !r.failed || !strings.Contains(r.log.String(), "the number is 7") {
		t.Errorf("a failing seed; failed %v:\n%s", r.failed, r.log.String())
	}
	r = check(t, "TestLogged", func(p *P) {
		p.Logf("the number is 7")
		p.Run(fault.Schedule{}, func(*sim.World) {})
	})
	if r.failed || strings.Contains(r.log.String(), "the number is") {
		t.Errorf("a good seed; failed %v:\n%s", r.failed, r.log.String())
	}
}
