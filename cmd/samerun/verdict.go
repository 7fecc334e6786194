package main

import "slices"

// What became of a saved failure that was run again; docs/replay.md says what each
// means. The processes of tests use the same words.
const (
	same      = "same"      // the same run to the bit
	different = "different" // the same failure by a different run
	other     = "other"     // another failure
	unmet     = "unmet"     // no failure, but keys of the file were not met
	fixed     = "fixed"     // no failure, and all was met
)

// rank orders outcomes by how much they say about the recorded failure: the lowest
// says most.
func rank(outcome string) int {
	return slices.Index([]string{same, different, other, unmet, fixed}, outcome)
}

// verdict is what became of a saved failure that was run again.
type verdict struct {
	outcome  string // one of the words above
	words    string // the sentence that tells it
	digest   string
	property string
	err      string   // the failure, in a line
	unmet    []string // keys of the file that were met when it was recorded, and were not now
	story    string
}

// shrunk is what became of a saved failure that was to be made smaller.
type shrunk struct {
	replay    string // the file of the smallest, in the tool's temporary folder
	words     string // in a sentence, how much smaller it is
	story     string
	minimal   bool // nothing can be taken out
	unchanged bool // it is the run that it was before
}
