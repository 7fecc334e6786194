package testing

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"time"
	_ "unsafe" // for go:linkname
)

// These are in package runtime.

//go:linkname samerunActive
func samerunActive() bool

//go:linkname samerunSeeded
func samerunSeeded() bool

//go:linkname samerunBegin
func samerunBegin(name string) (after int)

//go:linkname samerunPending
func samerunPending() (wait int64, never bool, turns uint64)

//go:linkname samerunEnd
func samerunEnd()

//go:linkname samerunLeave
func samerunLeave() bool

//go:linkname samerunReturn
func samerunReturn()

//go:linkname samerunMasked
func samerunMasked(f func())

//go:linkname samerunDeadlocks
func samerunDeadlocks(f func(limit int64))

//go:linkname samerunLastWords
func samerunLastWords(f func() string)

//go:linkname samerunDies
func samerunDies()

//go:linkname samerunLast
func samerunLast() (seed, turns, choices, digest uint64, now int64, left, io int, refused, escaped string)

//go:linkname samerunHeld
func samerunHeld() (kind, function string)

//go:linkname samerunProcesses
func samerunProcesses() int

//go:linkname samerunHas
func samerunHas(begin string) bool

//go:linkname samerunPulse
func samerunPulse() (turns uint64, now int64, goid uint64, running bool)

//go:linkname samerunLoop
func samerunLoop() string

//go:linkname samerunLimit
func samerunLimit(ns int64)

//go:linkname samerunTell
func samerunTell()

//go:linkname samerunAside
func samerunAside(f func())

//go:linkname samerunResultsTo
func samerunResultsTo(fd int32)

// samerunTestBinary lets package runtime know whether this is a test.
//
//go:linkname samerunTestBinary runtime.samerunTestBinary
var samerunTestBinary = &testBinary

// samerunTest is a top-level test that runs under a seed.
type samerunTest struct {
	t        *T
	began    int64  // in real time
	grace    bool   // it has returned, and what it has left gets turns yet
	reported string // fields for the line about it, beside those of ours
	after    string // who left what is alive when it began; empty if nothing is
}

// samerunIsOver reports whether a goroutine speaks in the name of a test that is over, while
// what that has left gets turns yet, and only what runs all tests could say it. The goroutine need
// not have heard of that: what it looks at is none of the test's, and no race of it.
//
//go:norace
func samerunIsOver(c, parent *common) bool {
	return samerunNow != nil && samerunNow.grace && parent.level == 0
}

// samerunNow is the test that runs; nil if none does.
var samerunNow *samerunTest

// samerunBeforeTests is what was alive before the first test, where the name of a test is told.
const samerunBeforeTests = "TestMain"

// samerunNames are the names of the tests that have begun.
var samerunNames []string

// samerunStart begins a top-level test, on the seed that the environment asks for; of
// others it returns nil.
func samerunStart(t *T) *samerunTest {
	if t.level == 1 {
		samerunOneSeed()
	}
	if t.level != 1 || t.tstate.isFuzzing || !samerunSeeded() {
		return nil
	}
	samerunHeard()
	samerunPrepare()
	samerunExpect(samerunLengths[t.name])
	samerunExpectEvents(samerunEventTexts[t.name])
	samerunLimit(int64(samerunTimeLimit))
	if samerunPicks != nil {
		samerunReplayTest(t.name)
	}
	samerunMark(t.name)
	s := &samerunTest{t: t, began: samerunReal()}
	samerunReport(`{"test":%q,"seed":%d,"began":true}`, t.name, samerunSeed())
	samerunNow = s
	switch after := samerunBegin(t.name); {
	case after == 0:
		s.after = samerunBeforeTests
	case after > 0:
		s.after = samerunNames[after-1]
	}
	samerunNames = append(samerunNames, t.name)
	samerunBeginFaults(t.name)
	return s
}

// samerunReal is a moment of real time, in nanoseconds.
func samerunReal() (now int64) {
	samerunMasked(func() { now = int64(time.Since(samerunStarted)) })
	return now
}

// samerunStarted is a moment of real time.
var samerunStarted time.Time

// Grace: what a test leaves goes on for up to samerunGrace of virtual time, and up to
// samerunGraceTurns turns, or until it waits for ever. So what is about to end does, as
// it does elsewhere, where other tests and real time follow.
const (
	samerunGrace      = int64(2 * time.Second)
	samerunGraceTurns = 1000
)

// end ends the test, which has returned: so have its cleanups.
func (s *samerunTest) end() {
	if s == nil {
		return
	}
	samerunHeard()
	s.grace = true
	samerunWhenQuiet, samerunWhenStopped = nil, nil
	samerunEndFaults()
	samerunDisksOver()
	samerunNodesOver(false)
	_, _, begin := samerunPending()
	for spent := int64(0); ; {
		wait, never, turns := samerunPending()
		if never || wait > samerunGrace-spent || turns-begin > samerunGraceTurns {
			break
		}
		spent += wait
		if wait == 0 {
			runtime.Gosched()
		} else {
			time.Sleep(time.Duration(wait))
		}
	}
	samerunEnd()
	samerunCheckRecord()
	var leaks samerunLeaks
	samerunMasked(func() {
		leaks = samerunLookForLeaks(s.t)
		leaks.tell(s.t)
	})
	samerunNow = nil
	samerunResult(s, leaks.json())
	if samerunPicks != nil {
		samerunTellMisfit(s.t.name)
	}
}

// samerunParallel is how many parallel subtests run together, if the command line does not
// say: under a seed as many as runtime.NumCPU tells the tests, whatever runs them.
func samerunParallel(procs int) int {
	if samerunSeeded() {
		return 4
	}
	return procs
}

// samerunAlarm starts the limit of -timeout, which is one of real time.
func samerunAlarm(m *M) (deadline time.Time) {
	samerunMasked(func() { deadline = m.startAlarm() })
	return deadline
}

// samerunOut says that fuzz targets, examples or benchmarks run, in real time.
var samerunOut bool

// samerunStepOut takes the caller, who is to run those, out of the world until M.Run
// returns.
func samerunStepOut() {
	if !samerunOut && samerunLeave() {
		samerunOut = true
	}
}

// samerunMark tells the tool where in the output a test begins. It takes that out
// again (samerun/internal/testproc).
func samerunMark(name string) {
	if samerunResults != "" && samerunProgram == "" {
		os.Stderr.WriteString("\x1esamerun-test " + name + "\n")
	}
}

var samerunAskedOnce bool

// samerunOneSeed ends the process if it was asked for many seeds: it would run without
// any, as if nobody had asked. Simulation tests, which may be built like this too, read
// that variable themselves.
func samerunOneSeed() {
	if samerunAskedOnce {
		return
	}
	samerunAskedOnce = true
	one, many := os.Getenv("SAMERUN_SEED"), os.Getenv("SAMERUN_SEEDS")
	if one != "" || many == "" || samerunHas("samerun/sim.") {
		return
	}
	fmt.Fprintf(os.Stderr, "samerun: SAMERUN_SEEDS=%s is set, and a process of ordinary tests runs one seed: set SAMERUN_SEED to one, or run samerun test -seeds %s\n", many, many)
	os.Exit(2)
}

var samerunPrepared bool

// samerunTimeLimit is how much virtual time a test has: as much as -timeout of go test gives
// the process in real time, unless the environment says otherwise. 0 is for no limit.
var samerunTimeLimit time.Duration

// samerunPrepare does what comes before the first test.
func samerunPrepare() {
	if samerunPrepared {
		return
	}
	samerunPrepared = true
	// The go command keeps the results of tests, and looks at the variables that
	// a test has read through package os to see whether they still hold.
	for _, name := range []string{"SAMERUN_SEED", "SAMERUN_STRATEGY", "SAMERUN_LENGTHS", "SAMERUN_TURN_NS", "SAMERUN_NET", "SAMERUN_DATE", "SAMERUN_GO", "SAMERUN_LIMIT", "SAMERUN_WATCHDOG", "SAMERUN_LEAKS", "SAMERUN_FAULTS"} {
		os.Getenv(name)
	}
	samerunMasked(func() { samerunStarted = time.Now() })
	samerunTimeLimit = *timeout
	if text := os.Getenv("SAMERUN_LIMIT"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			fmt.Fprintf(os.Stderr, "samerun: SAMERUN_LIMIT=%s is not understood; set it to a time such as 10m, or 0 for none\n", text)
			os.Exit(2)
		}
		samerunTimeLimit = d
	}
	limit := 30 * time.Second
	if text := os.Getenv("SAMERUN_WATCHDOG"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			fmt.Fprintf(os.Stderr, "samerun: SAMERUN_WATCHDOG=%s is not understood; set it to a time such as 30s, or 0 for none\n", text)
			os.Exit(2)
		}
		limit = d
	}
	if limit > 0 {
		samerunAside(func() { samerunWatch(limit) })
	}
	samerunReadLeaks()
	samerunTellsStuck(samerunTellStuck)
	samerunReadLengths()
	if os.Getenv("SAMERUN_COUNT") == "1" {
		samerunCountEvents()
	}
	if os.Getenv("SAMERUN_SAW") == "1" {
		samerunSees()
	}
	samerunTakeLasting() // what was done before the first test is so in each process
	samerunOpenRecords()
	samerunReadFaults()
	samerunReadShared()
	if samerunResults != "" {
		f, err := os.OpenFile(samerunResults, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err != nil {
			samerunGiveUp("the result cannot be written", err)
		}
		samerunResultsFile = f
		samerunResultsTo(int32(f.Fd()))
	}
}

// samerunResults is the file that the tool named for results; empty for none. The
// variable is taken out of the environment, so that no process that a test starts
// reports to the tool, too.
var samerunResults string

func init() {
	if samerunSeeded() {
		samerunDeadlocks(samerunDeadlock)
		samerunLastWords(samerunDying)
		samerunResults = os.Getenv("SAMERUN_RESULTS")
		os.Unsetenv("SAMERUN_RESULTS")
	}
}

// samerunResultsFile stays open until the process ends: when it dies in a test, package
// runtime writes that one's line.
var samerunResultsFile *os.File

// samerunResult writes a line about a test that has ended to the file that the
// tool named; without one, it tells a person how to repeat a failure.
func samerunResult(s *samerunTest, more string) {
	t, wall := s.t, samerunReal()-s.began
	if samerunResults == "" {
		if t.Failed() {
			samerunTell()
		}
		return
	}
	seed, turns, choices, digest, now, left, io, refused, escaped := samerunLast()
	more += s.reported + samerunReplayedJSON(t.name) + samerunLastingJSON() + samerunFaultsJSON() + samerunSharedJSON() + samerunCallsJSON()
	if refused != "" && t.Failed() {
		more += `,"refused":` + samerunJSON(refused)
	}
	if t.Skipped() && !t.Failed() {
		more += `,"skipped":true`
	}
	if n := samerunProcesses(); n > 0 {
		more += fmt.Sprintf(`,"processes":%d`, n)
	}
	if loop := samerunLoop(); loop != "" {
		more += `,"loop":` + samerunJSON(loop)
	}
	if escaped != "" {
		more += `,"escaped":` + samerunJSON(escaped)
	}
	if kind, function := samerunHeld(); kind != "" {
		if function != "" {
			kind += ", in " + function
		}
		more += `,"held":` + samerunJSON(kind)
	}
	more += samerunCountedJSON()
	more += samerunSawJSON()
	if s.after != "" {
		more += `,"after":` + samerunJSON(s.after)
	}
	samerunReport(`{"test":%q,"seed":%d,"ok":%t,"digest":"%016x","virtual_ns":%d,"events":%d,"choices":%d,"wall_ns":%d,"left":%d,"io":%d%s}`,
		t.name, seed, !t.Failed(), digest, now, turns, choices, wall, left, io, more)
}

// samerunEnded says that the tests have been run, and what M.Run returns. Without this
// line something has ended the process before.
func samerunEnded(code int) {
	if samerunOut {
		samerunOut = false
		samerunReturn()
	}
	if samerunSeeded() {
		samerunReport(`{"test":"","seed":%d,"ended":{"code":%d}}`, samerunSeed(), code)
	}
}

// samerunReport writes a line for the tool, if there is one. It is written at once, so
// that it is there even if the process dies next.
func samerunReport(format string, args ...any) {
	if samerunResults == "" {
		return
	}
	f, err := os.OpenFile(samerunResults, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err == nil {
		_, err = fmt.Fprintf(f, format+"\n", args...)
		f.Close()
	}
	if err != nil {
		samerunGiveUp("the result cannot be written", err)
	}
}

// samerunJSON quotes a text as JSON does; strconv.Quote has escapes of its own.
func samerunJSON(s string) string {
	out := []byte{'"'}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r < ' ' || r == 0x7f:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, string(r)...)
		}
	}
	return string(append(out, '"'))
}

func samerunSeed() uint64 {
	seed, _, _, _, _, _, _, _, _ := samerunLast()
	return seed
}

// samerunOnDeath is called when the process is about to end in the test; nil if nobody wants it.
var samerunOnDeath func()

// samerunDying is what is known of the test when the process ends in it, as fields of its line:
// what package sim has to say, and what the faults have done.
func samerunDying() string {
	s := samerunNow
	if s == nil {
		return ""
	}
	if f := samerunOnDeath; f != nil {
		f()
	}
	said := s.reported + samerunCallsJSON()
	if p := samerunFaults; p != nil {
		for i := range p.rules {
			if hits, _, _ := samerunRuleHits(i); hits < 0 {
				return said // it is not known
			}
		}
		return said + p.result()
	}
	return said
}

// samerunDeadlock ends the process, because the test cannot, or has come to the limit of
// its virtual time, if that is given, and says where all goroutines wait.
func samerunDeadlock(limit int64) {
	head := fmt.Sprintf("samerun: deadlock before the first test: every goroutine waits, and no timer is set, seed %d\n", samerunSeed())
	switch s := samerunNow; {
	case s != nil:
		t := s.t
		if samerunProgram == "" {
			t.Fail()
			t.flushPartial()
			why := "deadlock"
			if limit > 0 {
				why = time.Duration(limit).String()
			}
			t.flushToParent(t.name, "--- FAIL: %s (%s)\n", t.name, why)
		}
		if limit > 0 {
			head = fmt.Sprintf("samerun: %s has not ended after %v of its virtual time, the limit of -timeout\n", t.name, time.Duration(limit))
		} else if looks, _, node := samerunCheckStuck(); looks != 0 {
			head = fmt.Sprintf("samerun: deadlock in %s: the check of property %q waits for a lock that node %s holds, which has crashed\n", t.name, samerunLooksAt, node)
		} else if samerunPartStuck() {
			head = fmt.Sprintf("samerun: deadlock in %s: the test waits for ever, while others go on\n", t.name)
		} else {
			head = fmt.Sprintf("samerun: deadlock in %s: every goroutine of the %s waits, and no timer is set\n", t.name, samerunWhatRuns())
		}
	case len(samerunNames) > 0:
		head = fmt.Sprintf("samerun: deadlock behind %s: every goroutine waits, and no timer is set, seed %d\n", samerunNames[len(samerunNames)-1], samerunSeed())
	}
	os.Stderr.WriteString(head)
	if samerunNow != nil {
		samerunDies()
		samerunTell()
	}
	if looks, holder, _ := samerunCheckStuck(); looks != 0 {
		os.Stderr.WriteString("\n" + samerunWaits(samerunMostTold, false, func(goid, _ uint64) bool { return goid == looks || goid == holder }))
	} else if samerunPartStuck() {
		os.Stderr.WriteString("\n" + samerunStuckText())
	} else {
		os.Stderr.WriteString("\n" + samerunWaits(samerunMostTold, false, nil))
	}
	if samerunResults == "" && !samerunNotes() {
		os.Stderr.WriteString("\nsamerun: SAMERUN_TRACK=1 says more: who holds each lock, where channels were made and who has used them\n")
	}
	if samerunVerbose() {
		os.Stderr.Write(samerunStacks(samerunOfTest))
	}
	samerunEnd()
	os.Exit(2)
}

// samerunWatch ends the process when no turn is passed on, or the clock of the
// test does not move, for longer than the limit in real time, and says why.
func samerunWatch(limit time.Duration) {
	var lastTurns uint64
	var lastNow int64
	turned, moved := time.Now(), time.Now()
	for {
		time.Sleep(limit / 8)
		turns, now, goid, running := samerunPulse()
		if !running || turns != lastTurns {
			lastTurns, turned = turns, time.Now()
		}
		if !running || now != lastNow {
			lastNow, moved = now, time.Now()
		}
		switch {
		case time.Since(moved) < limit:
			continue
		case time.Since(turned) < limit && os.Getenv("SAMERUN_TURN_NS") != "0":
			// Many short turns, none of which left another one ready.
			continue
		case time.Since(turned) < limit:
			fmt.Fprintf(os.Stderr, "samerun: the clock of the %s has stood still for %v of real time, while its goroutines took turns: give a turn a cost, it is set to 0\n", samerunWhatRuns(), limit)
			goid = 0
		case goid != 0:
			fmt.Fprintf(os.Stderr, "samerun: a goroutine has not given up its turn for %v of real time: it computes, spins without a wait, or is in a system call\n", limit)
		default:
			fmt.Fprintf(os.Stderr, "samerun: nothing has run for %v of real time: the %s waits for real input or output, or for a channel or a goroutine from before the test\n", limit, samerunWhatRuns())
		}
		samerunTell()
		os.Stderr.WriteString("\n" + samerunWaits(samerunMostTold, false, func(id, _ uint64) bool { return goid == 0 || id == goid }))
		if samerunVerbose() {
			os.Stderr.Write(samerunStacks(samerunOfTest))
		}
		os.Exit(2)
	}
}

// samerunOfTest reports whether a stack is that of a goroutine that the program has
// started: not the one that runs the tests, and not one of ours.
func samerunOfTest(stack []byte) bool {
	_, frames, _ := bytes.Cut(stack, []byte("\n"))
	return !bytes.HasPrefix(frames, []byte("testing.(*T).Run(")) || !bytes.Contains(frames, []byte("\ntesting.runTests("))
}

// samerunStacks returns the stacks that are wanted, each behind an empty line. That of
// the caller is not among them.
func samerunStacks(wanted func(stack []byte) bool) []byte {
	all := make([]byte, 4<<20)
	all = all[:runtime.Stack(all, true)]
	var out []byte
	for i, s := range bytes.Split(all, []byte("\n\n")) {
		if i > 0 && wanted(s) {
			out = append(append(append(out, '\n'), bytes.TrimSpace(s)...), '\n')
		}
	}
	return out
}
