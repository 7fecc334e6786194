// Package trap looks at the trap flag. It is a package of its own since one with C has no
// assembler of Go.
package trap

// Flag reports whether the trap flag of the processor is set.
func Flag() bool
