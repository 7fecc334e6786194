package runtime

import (
	"internal/abi"
	"internal/runtime/sys"
	_ "unsafe" // for go:linkname
)

// samerunRec writes the record of a run, a line for each goroutine that is started, each
// turn and each draw:
//
//	go 11 1a2b3c4d5e6f7081 5d3c… raft.Make:31
//	turn 12 0.001200000s 3/5 1a2b3c4d5e6f7081 +2@7 sync.(*Mutex).Lock:46 < raft.(*Raft).tick:88
//	draw 12 user 7 9c41… 1a2b3c4d5e6f7081 math/rand.Intn:453 < raft.(*Raft).timeout:61
//	draw 12 point 4@(*Raft).tick 0 1a2b3c4d5e6f7081 raft.(*Raft).tick:88
//
// The first has the number of the turn, the identity of the goroutine (samerun_identity.go) and that of
// the one that starts it, or 0 for a timer, and where. The second has the turn's number, the virtual time, which of how many that were
// ready was picked (from 0, in the order in which they became ready), the identity
// of the goroutine, and where it stands. The third has the turn, the stream, the
// number of the draw in it, what was drawn, and for whom; for points the number is that of
// those in a function, which is named. Two records of one seed
// are equal byte by byte; where they are not is where the runs part.
//
// Where a goroutine stands is its innermost frames, and if those are not all, two dots and the
// outermost one of the program's.
//
// +2@7 says that the goroutine was ready for the 7th time, and that 2 which became
// ready later went first. Such turns, and the draws for select, for timers, for
// points at which a turn is lost or a goroutine stalls, for goroutines that begin late and for delays, are what tells the
// run from the one in which goroutines take turns in the order in
// which they become ready: its deviations (samerun_deviate.go).
// What a draw for select has is the place that a case takes among those before it in the source,
// from 0, for a stall, a late begin and a delay it is the time in nanoseconds, for a point nothing.
//
// Goroutines that wait for such a turn when the test ends, or when their node crashes or is
// paused, have lines "left", which are like those of turns but for the pick.
//
// One goroutine of a bubble runs at a time, so the buffer needs no lock.
var samerunRec samerunWriter

// samerunRecordInit comes before any bubble.
func samerunRecordInit() { samerunRec.fd, samerunRecordAt = -1, -1 }

// samerunRecordAt is the file for the records of tests; -1 for none. What is between the
// tests is not recorded.
var samerunRecordAt int32

// samerunRecordTo records the tests from now on, to an open file.
//
//go:linkname samerunRecordTo testing.samerunRecordTo
func samerunRecordTo(fd int32) { samerunRecordAt = fd }

// samerunRecordTest writes the line that heads a test.
func samerunRecordTest(name string) {
	samerunText("test ")
	samerunText(name)
	samerunText(" seed ")
	samerunDecimal(samerunCfg.seed, 0)
	samerunText("\n")
}

// samerunRecordTurn writes the line of a turn that gp is about to have. It was
// the i-th of n that were ready.
func samerunRecordTurn(gp *g, i, n int) {
	samerunMoment("turn ", gp.bubble)
	samerunDecimal(uint64(i), 0)
	samerunText("/")
	samerunDecimal(uint64(n), 0)
	samerunText(" ")
	samerunHex(gp.samerun.who)
	if gp.samerun.passed > 0 {
		samerunWaits(gp)
	}
	systemstack(func() { samerunStack(^uintptr(0), ^uintptr(0), gp) })
	samerunText("\n")
}

// samerunRecordLeft writes the lines of those that others went before, and whose
// turn does not come any more: of all, when the test ends, or of a life, for 0 is none, that
// ends or stands still. The caller has the turn, and no lock.
func samerunRecordLeft(life uint32) {
	s := &samerunTurns
	for i := 0; i < s.n && samerunRec.fd >= 0; i++ {
		if gp := s.at(i).ptr(); gp.samerun.passed > 0 && (life == 0 || gp.samerun.life == life) {
			samerunMoment("left ", gp.bubble)
			samerunText("-/")
			samerunDecimal(uint64(s.n), 0)
			samerunText(" ")
			samerunHex(gp.samerun.who)
			samerunWaits(gp)
			systemstack(func() { samerunStack(^uintptr(0), ^uintptr(0), gp) })
			samerunText("\n")
		}
	}
}

// samerunMoment begins a line with the number of the turn and the virtual time.
func samerunMoment(kind string, b *synctestBubble) {
	samerunText(kind)
	samerunDecimal(samerunTurns.turns, 0)
	ns := uint64(b.since())
	samerunText(" ")
	samerunDecimal(ns/1000000000, 0)
	samerunText(".")
	samerunDecimal(ns%1000000000, 9)
	samerunText("s ")
}

// samerunWaits writes how many went before gp, and which of its turns that is.
func samerunWaits(gp *g) {
	samerunText(" +")
	samerunDecimal(uint64(gp.samerun.passed), 0)
	samerunText("@")
	samerunDecimal(gp.samerun.readied, 0)
}

// samerunRecordDraw writes the line of a draw by gp, which is the caller: the nth of
// its stream, and x is what was drawn.
func samerunRecordDraw(gp *g, stream, nth, x uint64) {
	pc, sp := sys.GetCallerPC(), sys.GetCallerSP()
	samerunDrawHead(gp, stream, nth)
	samerunDrawTail(gp, x, pc, sp)
}

// samerunRecordPoint writes the line of what befalls gp, which is the caller, at a point:
// it is the nth that it passes in the function to which a return address leads. stall is 0
// if it loses its turn.
func samerunRecordPoint(gp *g, at uintptr, nth uint64, stall int64) {
	pc, sp := sys.GetCallerPC(), sys.GetCallerSP()
	stream := uint64(samerunPoints)
	if stall > 0 {
		stream = samerunStalls
	}
	samerunDrawHead(gp, stream, nth)
	samerunText("@")
	u, uf := newInlineUnwinder(findfunc(at), at-1)
	name := u.srcFunc(uf).name()
	for samerunIsAtomic(name) {
		uf = u.next(uf) // as samerunAtomicPoint does
		name = u.srcFunc(uf).name()
	}
	samerunPrintName(samerunNamed(name))
	samerunDrawTail(gp, uint64(stall), pc, sp)
}

// samerunRecordStart writes the line of a goroutine that goes before the one that starts it,
// gp, the caller: at the nth go statement in a function.
func samerunRecordStart(gp *g, at uintptr, nth uint64) {
	pc, sp := sys.GetCallerPC(), sys.GetCallerSP()
	samerunDrawHead(gp, samerunStarts, nth)
	samerunText("@")
	u, uf := newInlineUnwinder(findfunc(at), at-1)
	samerunPrintName(samerunNamed(u.srcFunc(uf).name()))
	samerunDrawTail(gp, 0, pc, sp)
}

func samerunDrawHead(gp *g, stream, nth uint64) {
	samerunText("draw ")
	samerunDecimal(samerunTurns.turns, 0)
	samerunText(" ")
	samerunText(samerunStreamNames[stream])
	samerunText(" ")
	samerunDecimal(nth, 0)
}

func samerunDrawTail(gp *g, x uint64, pc, sp uintptr) {
	samerunText(" ")
	samerunHex(x)
	samerunText(" ")
	samerunHex(gp.samerun.who)
	systemstack(func() { samerunStack(pc, sp, gp) })
	samerunText("\n")
}

// samerunRecordGo writes the line of a goroutine that by starts, which is the system
// stack if a timer does. pc and fn are as in samerunBorn.
func samerunRecordGo(gp, by *g, pc, fn uintptr) {
	samerunText("go ")
	samerunDecimal(samerunTurns.turns, 0)
	samerunText(" ")
	samerunHex(gp.samerun.who)
	samerunText(" ")
	switch {
	case by.m != nil && by == by.m.g0:
		samerunHex(0)
		samerunFrame(0, funcname(findfunc(fn)), 0)
	case pc == 0:
		samerunHex(by.samerun.who)
		samerunFrame(0, "iter.Pull", 0)
	default:
		samerunHex(by.samerun.who)
		f := findfunc(pc)
		u, uf := newInlineUnwinder(f, pc-1)
		name := u.srcFunc(uf).name()
		if samerunStandard(name) {
			samerunStack(^uintptr(0), ^uintptr(0), by)
			break
		}
		_, line := u.fileLine(uf)
		samerunFrame(0, name, line)
	}
	samerunText("\n")
}

// samerunStack writes where gp stands, its innermost frames first, without those
// of the runtime, and with one of the standard library at most: the call that the
// program made of it. If there are more, the last one is behind two dots.
func samerunStack(pc, sp uintptr, gp *g) {
	const frames = 4
	written, library, libraryLine := 0, "", 0
	last, lastLine := "", 0
	var u unwinder
	for u.initAt(pc, sp, 0, gp, unwindSilentErrors); u.valid(); u.next() {
		iu, uf := newInlineUnwinder(u.frame.fn, u.symPC())
		for ; uf.valid(); uf = iu.next(uf) {
			name := iu.srcFunc(uf).name()
			if len(name) > 8 && (name[:8] == "runtime." || name[:8] == "internal") || iu.srcFunc(uf).funcID == abi.FuncIDWrapper {
				continue
			}
			_, line := iu.fileLine(uf)
			if samerunStandard(name) {
				library, libraryLine = name, line
				continue
			}
			if written >= frames {
				last, lastLine = name, line
				continue
			}
			if library != "" {
				samerunFrame(written, library, libraryLine)
				library = ""
				written++
			}
			samerunFrame(written, name, line)
			written++
		}
	}
	switch {
	case written == 0 && library != "":
		samerunFrame(0, library, libraryLine)
	case last != "":
		samerunText(" ..")
		samerunFrame(0, last, lastLine)
	}
}

// samerunFrame writes the frame that comes behind n others.
func samerunFrame(n int, name string, line int) {
	samerunText([2]string{" ", " < "}[min(n, 1)])
	samerunText(name)
	samerunText(":")
	samerunDecimal(uint64(line), 0)
}

// samerunPrintName writes the name of a function without type arguments.
func samerunPrintName(name string) {
	depth := 0
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '[':
			depth++
		case ']':
			depth--
		default:
			if depth == 0 {
				samerunByte(name[i])
			}
		}
	}
}

// samerunText writes a text to the record; the next three write what they are named for.
func samerunText(s string) { samerunRec.text(s) }

func samerunByte(c byte) { samerunRec.byte(c) }

func samerunDecimal(x uint64, width int) { samerunRec.decimal(x, width) }

func samerunHex(x uint64) { samerunRec.hex(x) }

// samerunRecordFailed reports whether a part of the record could not be written.
//
//go:linkname samerunRecordFailed testing.samerunRecordFailed
func samerunRecordFailed() bool { return samerunRec.failed }

// samerunRecordFlush writes what is in the buffer to the file.
func samerunRecordFlush() { samerunRec.flush() }
