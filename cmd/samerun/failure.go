package main

import "time"

// failure is one failing run, or an ordinary test that failed.
type failure struct {
	pkg      *testPackage
	test     string // empty if a package failed as a whole
	seed     *uint64
	property string
	reason   string // one line
	story    string // what the test printed
	repeats  *bool  // nil if unknown
	command  string
	replay   string   // the file in which it can be run again, in the tool's temporary folder, if there is one
	saved    string   // the copy of that in the package, as seen from the user's directory
	unsaved  error    // why there is none
	attached []string // the files beside it, such as pictures
	wall     time.Duration
	digest   string // of the minimised run

	// pattern is, of ordinary tests, what -run needs to be to show it; nil if that is
	// not known.
	pattern *string

	// smaller says that the runner can look for a smaller input that fails like this.
	smaller bool
	// minimised says how small it was made, or why it was not; empty if nobody tried.
	minimised string
	numbers   *numbers
}

// key is equal for failures that look alike: of the same test, property and reason, up
// to the numbers in it.
func (f *failure) key() string {
	return f.pkg.path + "\x00" + f.test + "\x00" + f.property + "\x00" + withoutNumbers(f.reason)
}

// notMinimised enters why it was not made smaller.
func (f *failure) notMinimised(err error) {
	f.minimised = "not minimised: " + err.Error()
	f.numbers = &numbers{Words: f.minimised}
}

// numbers are what a minimiser came to, in words and in numbers: each list has
// the number before and the one after. Mishaps of chance count as faults.
type numbers struct {
	Words      string    `json:"words"`
	Seconds    float64   `json:"seconds"`
	Tries      int       `json:"tries"`
	Minimal    bool      `json:"minimal"` // nothing can be taken out
	Faults     [2]int    `json:"faults"`
	Steps      [2]int    `json:"steps"`
	Deviations [2]int    `json:"deviations"`
	Events     [2]uint64 `json:"events"`
}
