package testing

import (
	"flag"
	"fmt"
	"internal/race"
	"io"
	"os"
	"time"
	_ "unsafe" // for go:linkname
)

// A main package that runs under a seed, by samerun run. The tool builds it as a test
// binary with one more file, and without its tests. That file says what main is; in the
// place of tests main is called, in a goroutine that begins as that of a test does. The
// flags of package testing are none of the program's, and nothing of what this package
// prints about tests is printed.

// These are in package runtime.

//go:linkname samerunProgramName
func samerunProgramName() string

//go:linkname samerunAtProgramEnd
func samerunAtProgramEnd(f func(code int))

//go:linkname samerunProgramOver
func samerunProgramOver()

// samerunProgram is the name of the program; empty in a process that runs tests, and in
// one that a program has started.
var samerunProgram = samerunProgramName()

// samerunMain is the function main of the program that this binary is; nil if it is one of
// tests.
var samerunMain func()

// SamerunProgram says that the binary is a program, and what its function main is. The
// file that the tool adds to a main package calls it in its init function.
func SamerunProgram(main func()) { samerunMain = main }

// samerunRunProgram runs the program, if the binary is one, and does not return then.
// Without a seed, as in a process that the program itself has started, it is as ever.
func samerunRunProgram() {
	switch {
	case samerunMain == nil:
		return
	case samerunProgram == "" || !samerunActive():
		samerunMain()
		os.Exit(0)
	}
	samerunProgramFlags()
	samerunAlarm(&M{})
	t := &T{
		common: common{name: samerunProgram, level: 1, w: io.Discard, signal: make(chan bool), barrier: make(chan bool)},
		tstate: newTestState(1, nil),
	}
	samerunStart(t)
	samerunAtProgramEnd(samerunProgramEnds)
	ended := make(chan bool)
	go func() {
		samerunMain()
		os.Exit(0)
		close(ended)
	}()
	<-ended
}

// samerunProgramFlags gives the flags of package testing their values, without a word to
// the program, which may have some of the same names, or call Init itself.
func samerunProgramFlags() {
	theirs := flag.CommandLine
	flag.CommandLine = flag.NewFlagSet("", flag.PanicOnError)
	Init()
	flag.CommandLine, initRan = theirs, false
	*timeout = 0
	if text := os.Getenv("SAMERUN_ALARM"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			fmt.Fprintf(os.Stderr, "samerun: SAMERUN_ALARM=%s is not understood; unset it, samerun run sets it by itself\n", text)
			os.Exit(2)
		}
		*timeout = d
	}
}

// samerunProgramEnds is called when the program ends by itself: main has returned, or
// somebody calls os.Exit.
func samerunProgramEnds(code int) {
	s := samerunNow
	if s == nil {
		return
	}
	samerunEndFaults()
	samerunDisksOver()
	samerunProgramOver()
	samerunNow = nil
	samerunMasked(func() {
		samerunCheckRecord()
		raced := code == 0 && race.Errors() > 0
		s.t.done, s.t.failed = true, code != 0 || raced
		if code != 0 {
			samerunResult(s, `,"died":true`)
			return
		}
		if raced {
			code = 66 // with which package runtime ends the process
		}
		samerunResult(s, "")
		if samerunPicks != nil {
			samerunTellMisfit(s.t.name)
		}
		samerunEnded(code)
	})
}

// samerunVerbose reports whether -test.v is set. A program has no such flag.
func samerunVerbose() bool { return samerunProgram == "" && Verbose() }

// samerunWhatRuns is what runs in this process.
func samerunWhatRuns() string {
	if samerunProgram != "" {
		return "program"
	}
	return "test"
}
