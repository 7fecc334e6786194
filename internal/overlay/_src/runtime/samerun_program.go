package runtime

import _ "unsafe" // for go:linkname

// A main package may run under a seed in the place of tests: samerun run builds it as a
// test binary, whose only "test" is the function main (testing/samerun_program.go).

// samerunProgram is the name of that program, which the tool has given; empty for tests.
var samerunProgram string

// samerunBeProgram looks whether the process is such a program. Its arguments are the
// program's own, from before the packages of it are initialised, and so is its name.
func samerunBeProgram() {
	samerunProgram = gogetenv("SAMERUN_PROGRAM")
	if samerunProgram != "" && len(argslice) > 0 {
		argslice[0] = samerunProgram
	}
}

//go:linkname samerunProgramName testing.samerunProgramName
func samerunProgramName() string { return samerunProgram }

// samerunOnProgramEnd is what package testing does when a program ends by itself.
var samerunOnProgramEnd func(code int)

//go:linkname samerunAtProgramEnd testing.samerunAtProgramEnd
func samerunAtProgramEnd(f func(code int)) { samerunOnProgramEnd = f }

// samerunProgramOver ends the course of a program: what it leaves ends with it.
//
//go:linkname samerunProgramOver testing.samerunProgramOver
func samerunProgramOver() {
	samerunTestOver()
	samerunEnd()
}
