package sim

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// evil would forge a line, colour the terminal and turn its writing.
const evil = "x\nagain: rm -rf /\n    again: rm -rf /\r\x1b[2K\u009b31m\u202e\u2066\u200b\x00y"

// Whatever a scenario calls things and says, what the test prints has no control
// characters, no marks of writing direction, and no line that a name or a text forged.
func TestHostileScenarios(t *testing.T) {
	for name, fn := range map[string]func(w *World){
		"fail":     func(w *World) { w.Fail(errors.New(evil)) },
		"property": func(w *World) { w.Always(evil, func() error { return errors.New(evil) }); w.Sleep(ms) },
		"never":    func(w *World) { w.Eventually(evil, ms, func() bool { return false }); w.Sleep(time.Second) },
		"panic":    func(w *World) { panic(evil) },
		"deadlock": func(w *World) { w.Scheduler().Block(w.Scheduler().Current(), "x", nil) },
		"misuse":   func(w *World) { w.Node(evil).Start(nil) },
		"restart":  func(w *World) { w.Node("new" + evil).Restart() },
		"steps":    func(w *World) { w.Size(evil, 3, 1) },
	} {
		for _, shrink := range []string{"0", "1m"} {
			setenv(t, "SAMERUN_SEED", "1", "SAMERUN_SHRINK", shrink)
			f := runTest(&fakeT{}, func(w *World) {
				a, b := w.Node(evil), w.Node("b"+evil)
				b.Start(func() {})
				a.Start(func() {
					w.Logf("%s", evil)
					w.Link(a, b).Send(&Message{Kind: w.Kind(evil), Size: 1}, 0, &count{})
				})
				w.Sometimes(evil, false)
				w.Link(b, a).Cut()
				w.Size(evil, 1, 3)
				for range w.Steps(evil, 2, Durations{Min: ms, Max: ms}) {
					w.Link(a, b).Send(&Message{Kind: w.Kind(evil), Size: 1}, 0, &count{})
				}
				fn(w)
			})
			if len(f.errors) == 0 {
				t.Fatalf("%s: nothing is printed", name)
			}
			text := strings.Join(f.errors, "\n")
			for _, bad := range []string{"\r", "\x1b", "\u009b", "\u202e", "\u2066", "\u200b", "\x00", "\nagain: rm", "\n    again: rm"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: %q in:\n%s", name, bad, text)
				}
			}
		}
	}
	// What was never reached is told, too.
	setenv(t, "SAMERUN_SEED", "1", "SAMERUN_STRICT", "1")
	f := runTest(&fakeT{}, func(w *World) { w.Sometimes(evil, false); w.Buggify(evil) })
	for _, bad := range []string{"\r", "\x1b", "\u202e", "\nagain: rm", "\n    again: rm"} {
		if text := strings.Join(f.errors, "\n"); text == "" || strings.Contains(text, bad) {
			t.Errorf("%q in:\n%s", bad, text)
		}
	}
}
