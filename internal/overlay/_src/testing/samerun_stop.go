package testing

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	_ "unsafe" // for go:linkname
)

// These are in package runtime.

//go:linkname samerunStandAt
func samerunStandAt(turn uint64, test string, tell func(goid int64))

//go:linkname samerunLookIn
func samerunLookIn(node int)

//go:linkname samerunLookOut
func samerunLookOut()

// samerunStopTo is the file into which it is written how the run stands; empty for a debugger, for
// which the run is only interrupted.
var samerunStopTo string

// samerunHasTurn is the number of the goroutine that has the turn at which the run stands still; 0
// while it does not. Debuggers look at it.
var samerunHasTurn uint64

// samerunWhenStopped is what OnStop is to call.
var samerunWhenStopped func(ask func(node int, fn func() string) (said, wrong string)) (state string, wrong []string)

// SAMERUN_STOP has the number of a turn and the name of a test, and SAMERUN_STOPPED the file. They
// are taken out of the environment, so that what a test starts does not stop, too.
func init() {
	text := os.Getenv("SAMERUN_STOP")
	if text == "" || !samerunSeeded() {
		return
	}
	number, name, _ := strings.Cut(text, " ")
	if name == "" {
		return // it is for a simulation test of tasks
	}
	turn, err := strconv.ParseUint(number, 10, 64)
	if err != nil || turn == 0 {
		samerunGiveUp("SAMERUN_STOP", fmt.Errorf("%q is not a turn and a test; leave it to samerun replay -until", text))
	}
	samerunStopTo = os.Getenv("SAMERUN_STOPPED")
	os.Unsetenv("SAMERUN_STOP")
	os.Unsetenv("SAMERUN_STOPPED")
	samerunStandAt(turn, name, samerunStopped)
}

// OnStop says what else is to be told of the test when its run is stopped: the state of its nodes, and
// sentences about what could not be told. It runs while all goroutines of the test stand still, and
// has ask call what belongs to a node. The last one counts.
func (*samerunHost) OnStop(fn func(ask func(node int, fn func() string) (said, wrong string)) (state string, wrong []string)) {
	samerunWhenStopped = fn
}

// samerunStopped is called where the run stands still: the goroutine of that number has the turn.
func samerunStopped(goid int64) {
	samerunHasTurn = uint64(goid)
	if samerunStopTo == "" {
		fmt.Fprintf(os.Stderr, "samerun: the run is stopped; goroutine %d has the turn\n", goid)
		samerunStopForDebugger()
		samerunHasTurn = 0
		return
	}
	goroutines := samerunWaits(0, false, nil) // before some are started that ask the nodes
	var state string
	var wrong []string
	if f := samerunWhenStopped; f != nil {
		state, wrong = f(samerunAskNode)
	}
	state += goroutines
	for i := range wrong {
		wrong[i] = samerunJSON(wrong[i])
	}
	data := fmt.Sprintf(`{"state":%s,"wrong":[%s]}`, samerunJSON(state), strings.Join(wrong, ","))
	err := os.WriteFile(samerunStopTo+".part", []byte(data), 0o666)
	if err == nil {
		err = os.Rename(samerunStopTo+".part", samerunStopTo)
	}
	if err != nil {
		samerunGiveUp("where the run stands cannot be written", err)
	}
	syscall.Exit(3) // without a word about the test, which has not ended
}

// samerunAskNode calls f, which belongs to a node, in a goroutine that is none of the test's. If it
// waits for what one of those holds, which stand still, it is left alone after a second of real time.
func samerunAskNode(node int, f func() string) (said, wrong string) {
	type answer struct{ said, wrong string }
	done := make(chan answer, 1)
	samerunAside(func() {
		a := answer{wrong: "ended its goroutine"}
		defer func() {
			if r := recover(); r != nil {
				a = answer{wrong: fmt.Sprintf("panicked: %v", r)}
			}
			samerunLookOut()
			done <- a
		}()
		samerunLookIn(node)
		a = answer{said: f()}
	})
	for began := samerunReal(); samerunReal()-began < 1e9; runtime.Gosched() {
		select {
		case a := <-done:
			return a.said, a.wrong
		default:
		}
	}
	return "", "did not return within a second: it waits, and nothing goes on while the run is stopped; leave locks out of it"
}

// samerunStopForDebugger is where a debugger stops. The goroutine is none of the program's; those
// stand where they wait, and go on from here.
//
//go:noinline
func samerunStopForDebugger() { runtime.Breakpoint() }
