package linear

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// What clients write, what a model says of it, and what nodes are called is the
// program's. None of it reaches the error or the page unless it is fit to be printed;
// and nothing is taken for HTML.
func TestHostileTexts(t *testing.T) {
	const evil = "x\nagain: rm -rf\x1b[31m\u202e\u200b\x00<img src=x onerror=alert(1)>"
	raw := Model[string, string, string]{
		Init: func() string { return evil },
		Step: func(s, in string, out *string) (string, bool) {
			return in, out == nil || *out == s
		},
	}
	shown := raw
	shown.Show = func(in string, out *string) string { return in }
	shown.ShowState = func(s string) string { return s }
	for name, m := range map[string]Model[string, string, string]{"%v": raw, "shown": shown} {
		for _, good := range []bool{true, false} {
			var h History[string, string]
			r := sim.Run(sim.Config{}, func(w *sim.World) {
				h.Begin(w, 0, evil).End(evil)
				w.Sleep(time.Second)
				answer := evil
				if !good {
					answer += "!"
				}
				h.Begin(w, 1, evil).End(answer)
			})
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			text := ""
			if err := Check(m, &h); err != nil {
				text = err.Error()
			}
			if (text == "") != good {
				t.Fatalf("%s: %v, %q", name, good, text)
			}
			path := filepath.Join(t.TempDir(), "x.html")
			faults := fault.Schedule{Faults: []fault.Fault{{Kind: fault.Crash, Nodes: []string{evil}, At: 1, For: time.Second}}}
			if err := Picture(path, m, &h, faults); err != nil {
				t.Fatal(err)
			}
			page, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"x\nagain", "\x1b", "\u202e", "\u200b", "\x00"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: the error has %q:\n%s", name, bad, text)
				}
			}
			// In the page texts are strings of JSON, so that what is fit has two backslashes.
			for _, bad := range []string{`x\nagain`, `\u001b`, "\u202e", "\u200b", `\u0000`} {
				if strings.Contains(strings.ReplaceAll(string(page), `\\`, "##"), bad) {
					t.Errorf("%s, linearizable %v: the page has %q", name, good, bad)
				}
			}
			states := strings.Split(string(page), `"StateDescription":"`)[1:]
			if len(states) == 0 && good {
				t.Errorf("%s: the page has no states", name)
			}
			for _, state := range states {
				if state, _, _ = strings.Cut(state, `"`); strings.Contains(state, `\u003c`) || strings.Contains(state, "<") {
					t.Errorf("%s: a state is HTML: %s", name, state)
				}
			}
		}
	}
}
