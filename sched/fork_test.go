package sched

import (
	"strings"
	"testing"
	"time"
)

func TestCheckForks(t *testing.T) {
	for _, c := range []struct {
		forks []Fork
		want  string
	}{
		{nil, ""},
		{[]Fork{{time.Second, 1}, {2 * time.Second, 0}}, ""},
		{[]Fork{{0, 1}}, `the fork "0s: seed 1" is at 0s; it must be behind the beginning of the run`},
		{[]Fork{{-1, 1}}, "it must be behind the beginning"},
		{[]Fork{{time.Second, 1}, {time.Second, 2}}, `the fork "1s: seed 2" does not come behind the one before it ("1s: seed 1")`},
	} {
		err := CheckForks(c.forks)
		if got := ""; err != nil {
			if got = err.Error(); c.want == "" || !strings.Contains(got, c.want) {
				t.Errorf("%v: %s; want %q", c.forks, got, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%v is taken; want %q", c.forks, c.want)
		}
	}
}

// A fork changes the order of tasks from its time on and not before, under every strategy; and
// Seed says whose chance it is.
func TestForkChangesTheOrderBehindIt(t *testing.T) {
	for _, text := range []string{"random", "walk", "pos", "pct:3:64", "delay:3:64", "urw:4", "surw:4"} {
		spec, err := ParseStrategy(text)
		if err != nil {
			t.Fatal(err)
		}
		order := func(forks []Fork) (before, behind string) {
			s, err := spec.NewForked(1, forks)
			if err != nil {
				t.Fatal(err)
			}
			w, err := New(Config{Seed: 1, Strategy: s, Forks: forks})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Run(func() {
				for i := range 6 {
					name := string(rune('a' + i))
					w.Go(name, func() {
						for round := range 12 {
							w.Sleep(time.Second)
							if round < 6 {
								before += name
							} else {
								behind += name
							}
						}
					})
				}
				w.Sleep(6500 * time.Millisecond)
				if want := uint64(len(forks) + 1); w.Seed() != want {
					t.Errorf("%s: the seed is %d, want %d", text, w.Seed(), want)
				}
				w.Sleep(10 * time.Second)
			}); err != nil {
				t.Fatal(err)
			}
			return before, behind
		}
		b0, e0 := order(nil)
		b1, e1 := order([]Fork{{6100 * time.Millisecond, 2}})
		if b0 != b1 {
			t.Errorf("%s: before the fork the order was %s, and is %s", text, b0, b1)
		}
		if e0 == e1 {
			t.Errorf("%s: the fork changes nothing", text)
		}
	}
}
