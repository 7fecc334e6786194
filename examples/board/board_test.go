package board

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// crashes is a plan: a server is down now and then, one at a time.
func crashes() fault.Plan {
	return fault.Mix{Name: "crashes", Rules: []fault.Rule{
		{Kind: fault.Crash, Rate: 100, For: fault.Durations{Min: 100 * time.Millisecond, Max: 2 * time.Second}},
	}}
}

// Whatever crashes, a note that was taken is on each server in the end.
func TestNotesStay(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		names := []string{"n0", "n1", "n2"}
		for i, name := range names {
			peers := slices.Delete(slices.Clone(names), i, i+1)
			for k := range peers {
				peers[k] += ":8080"
			}
			w.Node(name).Run(func() error { return Serve(":8080", peers) })
		}
		w.Inject(crashes(), 10*time.Second)

		client := &http.Client{Timeout: 3 * time.Second}
		var taken []string
		for step := range w.Steps("notes", 20, sim.Durations{Min: 100 * time.Millisecond, Max: time.Second}) {
			server, note := names[step.Rand().IntN(3)], fmt.Sprintf("note%d", step.N)
			if err := Post(client, server+":8080", note); err == nil {
				taken = append(taken, note)
			}
		}
		w.Sometimes("a note is refused", len(taken) < 20)
		time.Sleep(10 * time.Second) // no server is down by then
		for _, name := range names {
			notes, err := List(client, name+":8080")
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, note := range taken {
				if !slices.Contains(notes, note) {
					w.Failf("%s was taken, and %s does not have it", note, name)
				}
			}
		}
	}, sim.Goroutines)
}
