package speed

import (
	"bytes"
	"encoding/gob"
	"testing"
)

// entry and request are what a Raft of the course sends.
type entry struct {
	Term    int
	Command string
}

type request struct {
	Term, Leader, PrevIndex, PrevTerm, Commit int
	Entries                                   []entry
}

// messages encodes and decodes a message, with a new encoder and decoder each time, as the
// course's library does.
func messages(t *testing.T, rounds int) {
	for i := range rounds {
		var b bytes.Buffer
		must(t, gob.NewEncoder(&b).Encode(request{Term: i, Entries: []entry{{i, "x"}, {i, "y"}}}))
		var r request
		must(t, gob.NewDecoder(&b).Decode(&r))
		if r.Term != i || len(r.Entries) != 2 {
			t.Fatalf("round %d: %v", i, r)
		}
	}
}
