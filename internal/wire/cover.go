package wire

// Cover is what a run has met of what its test asked for, told where SawVariable is 1, for the
// report of a sweep.
type Cover struct {
	Properties []CoveredProperty `json:"properties,omitempty"`
	Faults     []CoveredFault    `json:"faults,omitempty"`
}

// CoveredProperty is a property of package sim, and how often it was looked at and found true.
type CoveredProperty struct {
	Kind    string `json:"kind"` // "always", "eventually", "sometimes", "buggify"
	Name    string `json:"name"`
	Checked uint64 `json:"checked"`
	Met     uint64 `json:"met"`
}

// CoveredFault is a kind of fault, how often it was asked for, and how often it took effect.
type CoveredFault struct {
	Kind  string `json:"kind"`
	Asked uint64 `json:"asked"`
	Fired uint64 `json:"fired"`
}
