package kv

import "testing"

// The story of each failure has the events that a reader needs to find the bug.
func TestStories(t *testing.T) {
	example.Stories(t, map[Bug][]string{
		// n3 has let a write be known, n2 leads then and answers a read from a state without it.
		StaleReads:       {"fault  clog n3 → n2 request", "AppendEntries #25 held", "Do #2", "Do reply #2", "linearizable"},
		RetriesExecuted:  {"n1  crashes (boot 1)", "cut off", "n1  starts again (boot 2)", `Do reply #5  Value:"1.0 1.0 "`, "linearizable"},
		SessionsNotSaved: {"n2  is paused", "n2  goes on", "InstallSnapshot #1", "state machine safety"},
		WritesUnawaited:  {"Do #1", `Value:"1.0 "`, "Do reply #1", "Do #2", "linearizable"},
	})
}
