package sched

import (
	"strings"
	"testing"
	"time"
)

// evil is a name that would forge a line, colour the terminal and turn its writing.
const evil = "n\nagain: rm -rf\x1b[31m\u202e"

// evilWord is how an error writes it.
const evilWord = `n\nagain: rm -rf\x1b[31m\u202e`

// stringer is what a task waits for.
type stringer struct{}

func (stringer) String() string { return evil }

// However a run ends, names of tasks and groups reach its error fit to be printed.
func TestHostileNames(t *testing.T) {
	for name, c := range map[string]struct {
		fn   func(s *Scheduler)
		want []string
	}{
		"deadlock": {func(s *Scheduler) { s.Block(s.Caller("x"), "x", stringer{}) }, []string{"g" + evilWord + "/" + evilWord, "x " + evilWord}},
		"mutex": {func(s *Scheduler) {
			var mu Mutex
			s.Go(evil, mu.Lock)
			s.Yield()
			s.Sleep(1)
			mu.Lock()
		}, []string{evilWord}},
		"child": {func(s *Scheduler) {
			s.Go("child", func() { s.Block(s.Caller("x"), "x", nil) })
			s.Block(s.Caller("x"), "x", nil)
		}, []string{"by " + evilWord}},
		"panic":  {func(s *Scheduler) { panic("x") }, []string{"in task " + "g" + evilWord + "/" + evilWord}},
		"goexit": {func(s *Scheduler) { t := testing.T{}; t.FailNow() }, []string{"in task " + "g" + evilWord + "/" + evilWord}},
		"livelock": {func(s *Scheduler) {
			for {
				s.Yield()
			}
		}, []string{evilWord}},
		"frozen": {func(s *Scheduler) {
			g := s.NewGroup(evil, nil, nil)
			s.Spawn(g, evil, 7, func() { s.Sleep(time.Hour) })
			s.Sleep(1)
			g.Freeze("crashed")
			s.Block(s.Caller("x"), "x", g)
		}, []string{evilWord + " (crashed)"}},
	} {
		_, err := run(t, Config{MaxSteps: 6}, func(s *Scheduler) {
			s.Spawn(s.NewGroup("g"+evil, nil, nil), evil, 1, func() { c.fn(s) })
			s.Block(s.Caller("main"), "main", nil)
		})
		if err == nil {
			t.Fatalf("%s: no error", name)
		}
		text := err.Error()
		for _, bad := range []string{"\nagain", "\x1b", "\u202e"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: the error has %q:\n%s", name, bad, text)
			}
		}
		wantIn(t, text, c.want...)
	}
}
