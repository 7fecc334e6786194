package testing

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	_ "unsafe" // for go:linkname
)

// samerunStandAt is in package runtime.
//
//go:linkname samerunStandAt
func samerunStandAt(turn uint64, test string, tell func(now int64))

// samerunStopTo is the file into which it is told how the run stands; empty for a debugger, for
// which the run is only interrupted.
var samerunStopTo string

// samerunWhenStopped is what OnStop is to call.
var samerunWhenStopped func() string

// SAMERUN_STOP has the number of a turn and the name of a test, and SAMERUN_STOPPED the file.
func init() {
	text := os.Getenv("SAMERUN_STOP")
	if text == "" || !samerunSeeded() {
		return
	}
	number, name, _ := strings.Cut(text, " ")
	turn, err := strconv.ParseUint(number, 10, 64)
	if err != nil || turn == 0 || name == "" {
		samerunGiveUp("SAMERUN_STOP", fmt.Errorf("%q is not a turn and a test; leave it to samerun replay -until", text))
	}
	samerunStopTo = os.Getenv("SAMERUN_STOPPED")
	samerunStandAt(turn, name, samerunStopped)
}

// OnStop says what else is to be told of the test when its run is stopped. It runs while all
// goroutines of the test stand still. The last one counts.
func (*samerunHost) OnStop(fn func() string) { samerunWhenStopped = fn }

// samerunStopped is called where the run stands still.
func samerunStopped(now int64) {
	if samerunStopTo == "" {
		samerunStopForDebugger()
		return
	}
	var b strings.Builder
	if f := samerunWhenStopped; f != nil {
		b.WriteString(samerunBeside(f))
	}
	b.WriteString(samerunWaits(0, false, nil))
	err := os.WriteFile(samerunStopTo+".part", []byte(b.String()), 0o666)
	if err == nil {
		err = os.Rename(samerunStopTo+".part", samerunStopTo)
	}
	if err != nil {
		samerunGiveUp("where the run stands cannot be written", err)
	}
	os.Exit(3) // package testing has words of its own for 0
}

// samerunBeside calls f in a goroutine that is none of the test's: if it waits for a lock that one
// of those holds, which stand still, it is left alone after a second of real time.
func samerunBeside(f func() string) string {
	done := make(chan string, 1)
	samerunAside(func() { done <- f() })
	for began := samerunReal(); samerunReal()-began < 1e9; runtime.Gosched() {
		select {
		case s := <-done:
			return s
		default:
		}
	}
	return "the functions given to Node.Dump did not return within a second: they wait for what the run holds; they need no locks, since nothing goes on meanwhile\n\n"
}

// samerunStopForDebugger is where a debugger stops. The goroutine is none of the program's; those
// stand where they wait, and go on from here.
//
//go:noinline
func samerunStopForDebugger() { runtime.Breakpoint() }
