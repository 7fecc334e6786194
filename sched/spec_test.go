package sched

import (
	"fmt"
	"strings"
	"testing"

	"samerun/internal/pick"

	"pgregory.net/rapid"
)

func TestParseStrategy(t *testing.T) {
	for _, c := range []struct{ text, canonical, made string }{
		{"", "", "*sched.Random"},
		{"fifo", "fifo", "*sched.FIFO"},
		{"random", "random", "*sched.Random"},
		{"walk", "walk", "*sched.Walk"},
		{"pct", "pct:3", "*sched.PCT"},
		{"pct:1", "pct:1", "*sched.PCT"},
		{"pct:3:4096", "pct:3:4096", "*sched.PCT"},
		{"pos", "pos", "*sched.POS"},
		{"delay", "delay:2", "*sched.Delay"},
		{"delay:007:08", "delay:7:8", "*sched.Delay"},
		{"delay:1000:1073741824", "delay:1000:1073741824", "*sched.Delay"},
		{"urw", "urw", "*sched.URW"},
		{"urw:07,11-k3f9a,11-00000", "urw:7,11-k3f9a00000", "*sched.URW"},
		{"surw", "surw", "*sched.SURW"},
		{"surw:1,11-k3f9a7k3f9a8,2-000000", "surw:1,11-k3f9a7k3f9a8,2-000000", "*sched.SURW"},
		{"exhaustive", "exhaustive", "<nil>"},
		{"exhaustive:2", "exhaustive:2", "<nil>"},
		{"exhaustive:dpor", "exhaustive:dpor", "<nil>"},
	} {
		spec, err := ParseStrategy(c.text)
		if err != nil || spec.String() != c.canonical {
			t.Errorf("%q reads as %q (%v), want %q", c.text, spec, err, c.canonical)
		}
		s, err := spec.New(5)
		if made := fmt.Sprintf("%T", s); made != c.made || (err != nil) != (s == nil) {
			t.Errorf("%q makes %s (%v), want %s", c.text, made, err, c.made)
		}
		if _, search := spec.Exhaustive(); search != (s == nil) {
			t.Errorf("%q: Exhaustive says %v", c.text, search)
		}
	}
	if s, _ := (StrategySpec{}).New(0); fmt.Sprintf("%T", s) != "*sched.FIFO" {
		t.Errorf("the default of seed 0 is %T", s)
	}
	spec, _ := ParseStrategy("exhaustive:2")
	if opts, _ := spec.Exhaustive(); opts != (ExhaustiveOptions{Deviations: 2}) {
		t.Errorf("exhaustive:2 has options %+v", opts)
	}
	spec, _ = ParseStrategy("exhaustive:dpor")
	if opts, _ := spec.Exhaustive(); opts != (ExhaustiveOptions{DPOR: true}) {
		t.Errorf("exhaustive:dpor has options %+v", opts)
	}
	_, err := spec.New(1)
	wantIn(t, err.Error(), "samerun test -strategy exhaustive")
}

func TestParseStrategyErrors(t *testing.T) {
	for _, c := range []struct{ text, problem string }{
		{"foo", `strategy "foo": there is no such strategy; choose fifo`},
		{"FIFO", "there is no such strategy"},
		{" fifo", "there is no such strategy"},
		{":3", "there is no such strategy"},
		{"fifo:1", "fifo has no numbers"},
		{"pos:", "pos has no numbers"},
		{"pct:", "the depth is a whole number from 1 to 1000"},
		{"pct:0", "the depth is a whole number from 1 to 1000"},
		{"pct:-1", "the depth is"},
		{"pct:+1", "the depth is"},
		{"pct:1001", "the depth is"},
		{"delay:99999999999999999999", "the number of delays is"},
		{"pct:3:", "the length is a whole number of choices from 1 to 1073741824"},
		{"pct:3:1073741825", "the length is"},
		{"pct:3:5:7", "the length is"},
		{"exhaustive:2:100", "exhaustive has one number at most"},
		{"urw:", "the events are written as by samerun, such as 4,11-k3f9a; leave them out"},
		{"urw:0", "the events are"},
		{"urw:4:4", "the events are"},
		{"surw:4,11-k3f9a", "the events are"},
		{"exhaustive:dpor:2", "exhaustive:dpor has no number: an order with few deviations may be left out"},
		{"exhaustive:2:dpor", "exhaustive has one number at most"},
		{"exhaustive:DPOR", "the number of deviations is a whole number from 1 to 1000"},
		{strings.Repeat("é", 100), "…"},
	} {
		spec, err := ParseStrategy(c.text)
		if err == nil || spec != (StrategySpec{}) {
			t.Errorf("%q reads as %q", c.text, spec)
			continue
		}
		wantIn(t, err.Error(), c.problem, pick.SpecChoices)
	}
}

func TestSpecLength(t *testing.T) {
	for _, c := range []struct {
		text   string
		needs  bool
		length int
		want   string
	}{
		{"pct:3", true, 512, "pct:3:512"},
		{"pct:3:64", false, 512, "pct:3:64"},
		{"delay:2", true, 0, "delay:2:1"},
		{"walk", false, 512, "walk"},
		{"", false, 512, ""},
		{"exhaustive", false, 512, "exhaustive"},
	} {
		spec, err := ParseStrategy(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if spec.NeedsLength() != c.needs || spec.WithLength(c.length).String() != c.want {
			t.Errorf("%q: needs a length: %v; with %d it is %q", c.text, spec.NeedsLength(), c.length, spec.WithLength(c.length))
		}
	}
}

func TestEstimateLength(t *testing.T) {
	for _, c := range []struct {
		choices uint64
		want    int
	}{{0, 1}, {1, 2}, {5, 8}, {6, 16}, {100, 256}, {pick.MaxLength/2 + 1, pick.MaxLength}, {pick.MaxLength, pick.MaxLength}, {1<<64 - 1, pick.MaxLength}} {
		if got := EstimateLength(c.choices); got != c.want {
			t.Errorf("%d choices: length %d, want %d", c.choices, got, c.want)
		}
	}
}

// Events that were counted are in the text, and only of who lacks them.
func TestSpecEvents(t *testing.T) {
	c := NewCounting(&FIFO{})
	mustRun(t, Config{Strategy: c}, func(s *Scheduler) {
		four := func() { yields(s, 3) }
		twice(four, four)
	})
	for _, text := range []string{"urw", "surw"} {
		spec := mustSpec(t, text)
		with := spec.WithEvents(c)
		if !spec.NeedsEvents() || with.NeedsEvents() || with.NeedsLength() || mustSpec(t, with.String()) != with {
			t.Errorf("%q becomes %q", text, with)
		}
	}
	if got := mustSpec(t, "urw").WithEvents(c).String(); !strings.HasPrefix(got, "urw:4,10-") || len(got) != len("urw:4,10-k3f9a") {
		t.Errorf("two tasks of four turns, and one of two that starts them: %q", got)
	}
	for _, text := range []string{"", "walk", "pct:3:8", "urw:7"} {
		if spec := mustSpec(t, text); spec.NeedsEvents() || spec.WithEvents(c) != spec {
			t.Errorf("%q becomes %q", text, spec.WithEvents(c))
		}
	}
}

func mustSpec(t tb, text string) StrategySpec {
	t.Helper()
	spec, err := ParseStrategy(text)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// A missing length means the documented one.
func TestMissingLength(t *testing.T) {
	for _, text := range []string{"pct:4", "delay:8"} {
		for seed := range uint64(10) {
			run := func(text string) string {
				return mustRun(t, Config{Seed: 1, Strategy: newStrategy(t, text, seed)}, everything).Digest()
			}
			if a, b := run(text), run(fmt.Sprint(text, ":", DefaultLength)); a != b {
				t.Errorf("%s, seed %d: digest %s without a length, %s with the default", text, seed, a, b)
			}
		}
	}
}

// checkSpec is the law of texts: what is accepted reads the same when written, and
// what is refused is refused in one sentence.
func checkSpec(t tb, text string) {
	spec, err := ParseStrategy(text)
	if err != nil {
		if msg := err.Error(); !strings.HasPrefix(msg, `strategy "`) || strings.ContainsAny(msg, "\n\r") || len(msg) > 500 {
			t.Fatalf("a message that does not read well: %q", msg)
		}
		return
	}
	if again, err := ParseStrategy(spec.String()); err != nil || again != spec {
		t.Fatalf("%q reads as %q, then as %q (%v)", text, spec, again, err)
	}
	_, search := spec.Exhaustive()
	if s, err := spec.New(1); (s == nil) != search || (err != nil) != search {
		t.Fatalf("%q makes %T (%v)", text, s, err)
	}
	if spec.WithLength(7).NeedsLength() {
		t.Fatalf("%q needs a length even if it has one", text)
	}
}

func TestSpecsReadAsWritten(t *testing.T) {
	number := rapid.OneOf(rapid.IntRange(0, 1100), rapid.IntRange(0, pick.MaxLength+5))
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SampledFrom([]string{"fifo", "random", "walk", "pct", "pos", "delay", "exhaustive", "urw", "surw", "x", ""}).Draw(rt, "name")
		for range rapid.IntRange(0, 3).Draw(rt, "numbers") {
			text += fmt.Sprint(":", number.Draw(rt, "number"))
		}
		checkSpec(rt, text)
	})
}

func FuzzParseStrategy(f *testing.F) {
	for _, s := range []string{"", "fifo", "pct:3", "pct:3:4096", "delay:2:1", "exhaustive:2", "pct:", ":::", "walk:1", "urw:4,11-k3f9a", "surw:4,11-k3f9a2,3-000000", "pct:\n", strings.Repeat("\x80", 19), strings.Repeat("\x80", 41)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkSpec(t, text) })
}
