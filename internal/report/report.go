package report

import (
	"samerun/internal/runner"
	"samerun/internal/story"
)

// What report.json says of its format.
const (
	Format  = "samerun-report"
	Version = 1
)

// Report is a sweep, as report.json has it.
type Report struct {
	Format      string    `json:"format"`  // Format
	Version     int       `json:"version"` // Version
	Tool        string    `json:"tool"`    // version of samerun
	Go          string    `json:"go"`      // version of Go
	Command     string    `json:"command"` // that made it
	Finished    string    `json:"finished"`
	Seeds       string    `json:"seeds"`
	Guided      bool      `json:"guided"` // the runs are those of a guided search, and are numbered
	Interrupted bool      `json:"interrupted"`
	OK          bool      `json:"ok"` // the exit status of the command is 0
	Summary     string    `json:"summary"`
	Totals      Totals    `json:"totals"`
	Failures    []Failure `json:"failures"` // each distinct one, in the order of the report in the terminal
	Tests       []Test    `json:"tests"`
	NotRun      []NotRun  `json:"not_run,omitempty"` // packages that could not be run
	Remarks     []string  `json:"remarks,omitempty"`
}

// Totals are sums over all tests. Times are nanoseconds.
type Totals struct {
	Tests     uint64 `json:"tests"`
	Runs      uint64 `json:"runs"`
	Failed    uint64 `json:"failed"`    // runs that did
	Different int    `json:"different"` // runs, by their digests
	Virtual   int64  `json:"virtual_ns"`
	Wall      int64  `json:"wall_ns"`    // of all runs, one after the other
	Elapsed   int64  `json:"elapsed_ns"` // from the first run on
	Prepare   int64  `json:"prepare_ns"` // before it
}

// Failure is a distinct failure.
type Failure struct {
	Package   string          `json:"package"`
	Test      string          `json:"test,omitempty"`
	Seed      *uint64         `json:"seed,omitempty"`
	Run       uint64          `json:"run,omitempty"` // of a guided search: the number of the first run that failed so
	Property  string          `json:"property,omitempty"`
	Error     string          `json:"error"`
	Runs      uint64          `json:"runs"` // how many failed like this
	Remark    string          `json:"remark,omitempty"`
	Minimised *runner.Numbers `json:"minimised,omitempty"`
	// Neighbour is the nearest run that passes, and where the failing one parts from it.
	Neighbour *story.Neighbour `json:"neighbour,omitempty"`
	Repeats   *bool            `json:"repeats,omitempty"`
	Story     string           `json:"story,omitempty"`
	Saved     string           `json:"saved,omitempty"` // the replay file
	Attached  []string         `json:"attached,omitempty"`
	Again     string           `json:"again"`           // the command that repeats it
	Trace     string           `json:"trace,omitempty"` // the page of its trace, from the folder of the report
	NoTrace   string           `json:"no_trace,omitempty"`

	Label string `json:"-"` // of the test, to people
	Head  string `json:"-"` // of the story
}

// Test is what came of one test, or of all ordinary tests of a package.
type Test struct {
	Package    string     `json:"package"`
	Test       string     `json:"test"`
	Names      []string   `json:"names,omitempty"` // of ordinary tests: those that ran
	Skipped    []string   `json:"skipped,omitempty"`
	Runs       uint64     `json:"runs"`
	Failed     uint64     `json:"failed"`
	Different  int        `json:"different"`
	Wall       Quantiles  `json:"wall_ns"`
	Virtual    Quantiles  `json:"virtual_ns"`
	Events     Quantiles  `json:"events"`
	Properties []Property `json:"properties,omitempty"`
	Faults     []Fault    `json:"faults,omitempty"`
	States     int        `json:"states"` // of World.State, different ones
	Orders     int        `json:"orders"` // in which places of the program came behind each other
	Never      []string   `json:"never,omitempty"`
	Growth     []Point    `json:"growth,omitempty"`
	Covered    string     `json:"covered,omitempty"` // by exhaustive searches
	Label      string     `json:"-"`
	histograms [2]histogram
}

// Quantiles are values that so many of the runs do not exceed, exactly: each is that of a run.
type Quantiles struct {
	Min int64 `json:"min"`
	P50 int64 `json:"p50"`
	P90 int64 `json:"p90"`
	P99 int64 `json:"p99"`
	Max int64 `json:"max"`
}

// Property is a property of package sim.
type Property struct {
	Kind    string  `json:"kind"`
	Name    string  `json:"name"`
	Checked uint64  `json:"checked"`         // how often it was looked at
	Met     uint64  `json:"met"`             // how often it was found true
	Runs    uint64  `json:"runs"`            // in so many runs it was
	First   *uint64 `json:"first,omitempty"` // the first of them: its seed, or its number
}

// Fault is a kind of fault.
type Fault struct {
	Kind  string `json:"kind"`
	Asked uint64 `json:"asked"`
	Fired uint64 `json:"fired"` // how often it took effect
	Runs  uint64 `json:"runs"`  // in so many runs it did
}

// Point is what the first runs, in the order of their seeds, have covered together.
type Point struct {
	Runs      uint64 `json:"runs"`
	Different int    `json:"different"`
	States    int    `json:"states"`
	Sometimes int    `json:"sometimes"`
	Orders    int    `json:"orders"`
}

// NotRun is a package that could not be run.
type NotRun struct {
	Package string `json:"package"`
	Why     string `json:"why"`
}
