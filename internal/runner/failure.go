package runner

import (
	"cmp"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/story"
	"samerun/internal/text"
	"samerun/sched"
)

// Failure is one failing run, or an ordinary test that failed.
type Failure struct {
	Pkg      *gocmd.Package
	Test     string // empty if a package failed as a whole
	Seed     *uint64
	Remark   string // a sentence on what the run needs to fail, if there is something to say
	Property string
	Reason   string // one line
	// Signature, if not empty, is what all errors of this kind have in common.
	Signature string
	Told      *story.Story // what there is to tell of a run; nil if only its process is known
	Output    string       // what the process printed, as far as it matters
	Drawn     []story.Row  // the rows of the diagram in Output
	Repeats   *bool        // nil if unknown
	Command   string
	Replay    string   // the file in which it can be run again, in the tool's temporary folder, if there is one
	From      string   // the file that was run, of a saved failure
	Saved     string   // the copy of that in the package, as seen from the user's directory
	Unsaved   error    // why there is none
	Attached  []string // the files beside it, such as pictures
	Wall      time.Duration
	Digest    string // of the minimised run

	// Of a run that a guided search has made, of ordinary Go: that it is so, and from when on
	// other seeds decided.
	Guided bool
	Forks  []sched.Fork

	// Pattern is, of ordinary tests, what -run needs to be to show it; nil if that is
	// not known.
	Pattern *string

	// Smaller says that the runner can look for a smaller input that fails like this.
	Smaller bool
	// Minimised says how small it was made, or why it was not; empty if nobody tried.
	Minimised string
	Numbers   *Numbers
	// Neighbour is the nearest run that passes, of a failure that was minimised; nil if it is
	// not known.
	Neighbour *story.Neighbour
}

// Key is equal for failures that look alike: of the same test, property and signature or,
// if the error has none of its own, reason, up to the numbers in it.
func (f *Failure) Key() string {
	return f.Pkg.Path + "\x00" + f.Test + "\x00" + f.Property + "\x00" + cmp.Or(f.Signature, text.WithoutNumbers(f.Reason))
}

// Label names to people what has failed.
func (f *Failure) Label() string { return label(f.Pkg, f.Test) }

// NotMinimised enters why it was not made smaller.
func (f *Failure) NotMinimised(err error) {
	f.Minimised = "not minimised: " + err.Error()
	f.Numbers = &Numbers{Words: f.Minimised}
}

// Numbers are what a minimiser came to, in words and in numbers: each list has
// the number before and the one after. Mishaps of chance count as faults.
type Numbers struct {
	Words      string    `json:"words"`
	Seconds    float64   `json:"seconds"`
	Tries      int       `json:"tries"`
	Minimal    bool      `json:"minimal"` // nothing can be taken out
	Faults     [2]int    `json:"faults"`
	Steps      [2]int    `json:"steps"`
	Deviations [2]int    `json:"deviations"`
	Events     [2]uint64 `json:"events"`
}
