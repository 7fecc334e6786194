package runner

import (
	"slices"

	"samerun/internal/story"
	"samerun/sim/replay"
)

// Rank orders outcomes by how much they say about the recorded failure: the lowest
// says most.
func Rank(o replay.Outcome) int { return slices.Index(replay.Outcomes(), o) }

// Verdict is what became of a saved failure that was run again.
type Verdict struct {
	Outcome  replay.Outcome
	Words    string // the sentence that tells it
	Digest   string
	Property string
	Error    string   // the failure, in a line
	Unmet    []string // keys of the file that were met when it was recorded, and were not now
	Story    string
	Rows     []story.Row // of its diagram
}

// Shrunk is what became of a saved failure that was to be made smaller.
type Shrunk struct {
	Replay    string // the file of the smallest, in the tool's temporary folder
	Words     string // in a sentence, how much smaller it is
	Story     string
	Rows      []story.Row // of its diagram
	Minimal   bool        // nothing can be taken out
	Unchanged bool        // it is the run that it was before
	Numbers   *Numbers
}
