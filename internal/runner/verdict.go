package runner

import "slices"

// What became of a saved failure that was run again; docs/replay.md says what each
// means. The processes of tests use the same words.
const (
	Same      = "same"      // the same run to the bit
	Different = "different" // the same failure by a different run
	Other     = "other"     // another failure
	Unmet     = "unmet"     // no failure, but keys of the file were not met
	Fixed     = "fixed"     // no failure, and all was met
)

// Rank orders outcomes by how much they say about the recorded failure: the lowest
// says most.
func Rank(outcome string) int {
	return slices.Index([]string{Same, Different, Other, Unmet, Fixed}, outcome)
}

// Verdict is what became of a saved failure that was run again.
type Verdict struct {
	Outcome  string // one of the words above
	Words    string // the sentence that tells it
	Digest   string
	Property string
	Error    string   // the failure, in a line
	Unmet    []string // keys of the file that were met when it was recorded, and were not now
	Story    string
}

// Shrunk is what became of a saved failure that was to be made smaller.
type Shrunk struct {
	Replay    string // the file of the smallest, in the tool's temporary folder
	Words     string // in a sentence, how much smaller it is
	Story     string
	Minimal   bool // nothing can be taken out
	Unchanged bool // it is the run that it was before
}
