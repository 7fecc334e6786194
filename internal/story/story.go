package story

import "time"

// Story is what there is to tell of a failing run. It is data: it goes from the
// process that ran the test to the one that tells it, and each makes it into text by
// the methods below, and in no other way.
type Story struct {
	// Property that broke, at At of virtual time; empty if something else failed.
	Property string        `json:"property,omitempty"`
	At       time.Duration `json:"at,omitempty"`
	// Reason is the failure's own words, of any number of lines.
	Reason string `json:"reason"`
	// Stack is where a panic came from, a line each.
	Stack []string `json:"stack,omitempty"`
	Run   Run      `json:"run"`
	// Shrunk says how the input was minimised, or why it was not.
	Shrunk string `json:"shrunk,omitempty"`
	// Input tells, a sentence each, what else than seed and faults the run was given.
	Input []string `json:"input,omitempty"`
	// Faults are those of the run's schedule; nil if it had none.
	Faults *Faults `json:"faults,omitempty"`
	// Neighbour is the nearest run that passes, of a failure that was minimised; nil if it is
	// not known.
	Neighbour *Neighbour `json:"neighbour,omitempty"`
	Ending    Ending     `json:"ending,omitzero"`
	// Beside are the files that were written beside the replay file, or why not.
	Beside []string `json:"beside,omitempty"`
	// Again are commands that show the failure again, from the module's root, the
	// best one first.
	Again []string `json:"again,omitempty"`
	// Unsaved says why there is no replay file, if there should be one.
	Unsaved string `json:"unsaved,omitempty"`
}

// Run says which run it was, and whether it repeats.
type Run struct {
	Seed uint64 `json:"seed"`
	// Stalled says that virtual time stood still; no more is known then.
	Stalled bool          `json:"stalled,omitempty"`
	Virtual time.Duration `json:"virtual,omitempty"` // at the end
	Events  uint64        `json:"events,omitempty"`
	Digest  string        `json:"digest,omitempty"` // of the trace
	// Once says that one run was made, and that whoever asked for it makes it again.
	Once bool `json:"once,omitempty"`
	// Second is the same run once more. It repeats if its digest and its end are
	// those of the first.
	Second  string `json:"second,omitempty"` // its digest
	Ended   string `json:"ended,omitempty"`  // how it ended
	Repeats bool   `json:"repeats,omitempty"`
	// Parting says where two runs of the input part, if it does not repeat and two
	// were found that do.
	Parting *Parting `json:"parting,omitempty"`
}

// Parting is the first place at which two runs that should be the same differ.
type Parting struct {
	Record int `json:"record"` // the number of the first record that differs, from 1
	// One and Other are what the two runs have there, a line each; empty if the run has
	// no more records. If both are the same, the runs differ in what led to them.
	One   string `json:"one"`
	Other string `json:"other"`
	// Before is the last record that both have; empty if there is none.
	Before string `json:"before,omitempty"`
}

// Faults are the elements of a schedule.
type Faults struct {
	All   int `json:"all"`
	Fired int `json:"fired"` // of which so many took effect
	// Shown are the first of those, a line each.
	Shown []string `json:"shown,omitempty"`
	Left  int      `json:"left,omitempty"` // that took effect and are not shown
}

// Ending is what led to the failure, as rows of a diagram.
type Ending struct {
	All  int   `json:"all"` // how many rows there would be; if more than in Rows, these are chosen
	Rows []Row `json:"rows"`
}

// Neighbour is the nearest run that passes: the same, but for one fault, deviation or step
// less. It tells where the failing run parts from it, and what followed.
type Neighbour struct {
	// Less is what it has less, in words: "the fault 1.000s cut c → p1 until 1.030s".
	Less    string `json:"less"`
	With    Course `json:"with"`    // of the failing run
	Without Course `json:"without"` // of the one that passes
}

// Course is what happens in one of two runs from where they part.
type Course struct {
	// At is when; 0 if that is not known.
	At    time.Duration `json:"at_ns,omitempty"`
	Words string        `json:"words"`
	// Then is the first thing after that which never happens in the other run, at ThenAt; empty
	// if there is none until the failing run is over.
	Then   string        `json:"then,omitempty"`
	ThenAt time.Duration `json:"then_at_ns,omitempty"`
}
