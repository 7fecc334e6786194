package runtime

import (
	"internal/abi"
	"unsafe"
)

// A thread goes by single steps while the trap flag of its processor is set: after each
// instruction the kernel sends SIGTRAP. That is slow, ten microseconds a step, so that it is done
// for a goroutine that keeps its turn and has been seen twice in one state, and now and then for
// one that has not.
//
// What is compared are the general registers, the flags and the vector registers, after each instruction
// of the goroutine: whatever is read from memory, or changed there, goes through one of these.
// The race detector is written in C and runs on the stack of the system; the thread runs
// through it at its usual speed, and what it leaves in registers is cleared. Go's own ways to that
// stack and back, such as systemstack, have values in registers, which must stay.

const samerunCanStep = true

// The trap flag, and those that are not compared.
const (
	samerunTrapFlag     = 1 << 8
	samerunFlagsIgnored = samerunTrapFlag | 1<<16
)

// samerunTrapTrace is the code of a signal for a step.
const samerunTrapTrace = 2

// samerunRounds is how many rounds must be equal.
const samerunRounds = 3

// samerunBudget is the most steps that are made at once.
const samerunBudget = 40000

// The phases of a look by steps.
const (
	samerunStepNone    = iota
	samerunStepAnchor  // takes the first state there is
	samerunStepFind    // until that comes again, looking for the place to stop at
	samerunStepGoStop  // to that place
	samerunStepProve   // some rounds from there
	samerunStepGoCheck // a goroutine that spun before: to where it stopped
	samerunStepCheck   // one round
	samerunStepCount   // rounds that may count
)

// samerunStep is the look by steps. There is one at a time, as there is one goroutine that
// has the turn; the thread that runs it uses this in its signal handler.
var samerunStep struct {
	gp           uintptr
	phase        int
	left         int     // steps that may still be made
	miss         int     // how often the anchor's place may still be met in another state
	off          bool    // the last step was on the stack of the system, in a call of the race detector
	before, back uintptr // where that was, and where the detector is to return to
	n            uint32
	path         uint64
	round        int

	pc, sp uintptr // the anchor, and then where to stop
	state  uint64

	bestPC, bestSP uintptr
	bestState      uint64

	prove struct {
		path uint64
		n    uint32
	}
	counts struct {
		regs, delta [15]uint64
		vector      uint64
	}
}

// samerunTraced is whether a debugger watches the process: it takes SIGTRAP for its own.
var (
	samerunTraced bool
	samerunStatus [1024]byte
)

// samerunStepsInit finds that out.
func samerunStepsInit() {
	const key = "\nTracerPid:\t"

	name := []byte("/proc/self/status\x00")
	fd := open(&name[0], 0, 0)
	if fd < 0 {
		return
	}
	n := read(fd, unsafe.Pointer(&samerunStatus[0]), int32(len(samerunStatus)))
	closefd(fd)
	for i := 0; i+len(key) < int(n); i++ {
		if string(samerunStatus[i:i+len(key)]) == key {
			samerunTraced = samerunStatus[i+len(key)] != '0'
			return
		}
	}
}

// samerunStepping reports whether gp goes by steps.
//
//go:nosplit
func samerunStepping(gp *g) bool {
	return gp != nil && samerunStep.phase != samerunStepNone && samerunStep.gp == uintptr(unsafe.Pointer(gp))
}

// samerunLookCloser decides whether the goroutine that keeps its turn is to go by steps from
// now on; counting says that it may be one that counts.
//
//go:nowritebarrierrec
func samerunLookCloser(gp *g, c *sigctxt, counting bool) bool {
	w := &samerunSpinLooks
	if samerunTraced {
		return false
	}
	if w.n < w.pause && !counting {
		return false
	}
	each := 16
	if raceenabled {
		// Mostly the thread is in the race detector, where states tell nothing.
		each = 200
	}
	if counting {
		samerunStartSteps(gp, c, samerunStepCount, samerunBudget/10)
		return true
	}
	if sp := c.sigsp(); sp >= gp.stack.lo && sp < gp.stack.hi {
		state := samerunRegisters(c)
		for _, x := range w.seen {
			if x == state {
				samerunStartSteps(gp, c, samerunStepAnchor, min(1000<<min(w.tries, 10), samerunBudget))
				w.tries++
				clear(w.seen[:])
				return true
			}
		}
		w.seen[w.n%uint32(len(w.seen))] = state
	}
	if w.n&(w.n-1) == 0 && (raceenabled && w.n >= 4 || w.n >= 64) {
		samerunStartSteps(gp, c, samerunStepAnchor, min(int(w.n)*each, samerunBudget))
		return true
	}
	return false
}

// samerunStartSteps sets the trap flag.
//
//go:nowritebarrierrec
func samerunStartSteps(gp *g, c *sigctxt, phase, budget int) {
	st := &samerunStep
	st.gp, st.phase, st.left, st.off, st.n, st.path, st.round = uintptr(unsafe.Pointer(gp)), phase, budget, false, 0, 0, 0
	st.pc, st.sp, st.bestPC, st.bestSP = 0, 0, 0, 0
	// If this comes to nothing, the next one is when the turn has become twice as long.
	samerunSpinLooks.pause = 2 * samerunSpinLooks.n
	st.miss = 32 << min(samerunSpinLooks.tries, 16)
	samerunUnpreemptible(gp.m, true)
	c.regs().eflags |= samerunTrapFlag
}

// samerunEndSteps clears it.
//
//go:nowritebarrierrec
func samerunEndSteps(mp *m, c *sigctxt) {
	samerunStep.phase, samerunStep.gp = samerunStepNone, 0
	if gp := mp.curg; gp != nil && gp.preempt {
		gp.stackguard0 = stackPreempt
	}
	samerunUnpreemptible(mp, false)
	c.regs().eflags &^= samerunTrapFlag
}

// samerunStepOn sets the trap flag again if it has got lost.
//
//go:nowritebarrierrec
func samerunStepOn(gp *g, c *sigctxt) {
	if gp == gp.m.curg && samerunStep.back == 0 {
		c.regs().eflags |= samerunTrapFlag
	}
}

// samerunStepsLeft ends the look at the goroutine that the thread runs, which is about to
// stop for another reason. The trap flag goes with the next step.
//
//go:nosplit
func samerunStepsLeft(mp *m) {
	if gp := mp.curg; samerunStepping(gp) {
		samerunStep.phase, samerunStep.gp = samerunStepNone, 0
		samerunUnpreemptible(mp, false)
		gp.samerun.spin.again, gp.samerun.spin.pc = false, 0
	}
}

// samerunUnpreemptible keeps a goroutine on its thread while that goes by steps. It
// changes the length of preemptoff alone: a signal handler must not write pointers.
//
//go:nosplit
//go:nowritebarrierrec
func samerunUnpreemptible(mp *m, on bool) {
	length := &(*stringStruct)(unsafe.Pointer(&mp.preemptoff)).len
	switch {
	case on && *length == 0:
		(*[2]uintptr)(unsafe.Pointer(&mp.preemptoff))[0] = uintptr(unsafe.Pointer(&samerunPreemptOff[0]))
		*length = len(samerunPreemptOff)
	case !on && (*[2]uintptr)(unsafe.Pointer(&mp.preemptoff))[0] == uintptr(unsafe.Pointer(&samerunPreemptOff[0])):
		*length = 0
	}
}

var samerunPreemptOff = [...]byte{'s', 't', 'e', 'p', 's'}

// samerunStepsAgain lets gp, which spun and is about to go on, do so by steps from
// where it stopped.
func samerunStepsAgain(gp *g) {
	if spin := &gp.samerun.spin; spin.pc != 0 && !samerunTraced {
		// The flags that asyncPreempt saved, below the address to which it returns and the
		// frame pointer.
		*(*uint64)(unsafe.Pointer(spin.sp - 24)) |= samerunTrapFlag
	}
}

// samerunTrap handles SIGTRAP, and reports whether it was for a step. gp is who runs
// by the thread's own account.
//
//go:nowritebarrierrec
func samerunTrap(gp *g, mp *m, c *sigctxt) bool {
	if !samerunCfg.on || c.regs().eflags&samerunTrapFlag == 0 && c.sigcode() != samerunTrapTrace {
		return false
	}
	st := &samerunStep
	curg := mp.curg
	if st.phase == samerunStepNone && curg != nil && gp == curg && curg.samerun.spin.again {
		// It goes on where it has spun.
		spin := &curg.samerun.spin
		samerunStartSteps(curg, c, samerunStepGoCheck, samerunBudget)
		st.pc, st.sp, st.state = spin.pc, spin.sp, spin.state
		return true
	}
	if st.phase == samerunStepNone || curg == nil || st.gp != uintptr(unsafe.Pointer(curg)) {
		if st.phase != samerunStepNone && (curg == nil || st.gp != uintptr(unsafe.Pointer(curg))) && samerunSteppedHere(mp) {
			st.phase, st.gp = samerunStepNone, 0
		}
		samerunUnpreemptible(mp, false)
		c.regs().eflags &^= samerunTrapFlag
		return true
	}
	// An instruction that takes the flags from the stack, as the end of asyncPreempt does, has
	// made this step and cleared the flag.
	c.regs().eflags |= samerunTrapFlag
	if curg.stackguard0 == stackPreempt {
		// The way by the growth of the stack would change registers.
		curg.stackguard0 = curg.stack.lo + stackGuard
	}
	if st.left--; st.left < 0 {
		curg.samerun.spin.again = false
		samerunEndSteps(mp, c)
		return true
	}
	sp, pc := c.sigsp(), c.sigpc()
	if gp != curg || sp < curg.stack.lo || sp >= curg.stack.hi {
		if raceenabled && gp == curg {
			samerunStepOver(c, pc, sp)
		}
		return true
	}
	if st.off {
		st.off = false
		if raceenabled {
			samerunClear(c)
		}
	}
	samerunStepped(curg, mp, c, pc, sp)
	return true
}

// samerunNowhere is an address where no code is.
const samerunNowhere = 0x5a3

// samerunStepOver lets the thread run through a call of the race detector at its usual
// speed: that is to return to nowhere, which is SIGSEGV.
//
// The thread is on the stack of the system, while the goroutine is still, or again, the one that
// runs. It is so at the end of systemstack and of gogo, too, and where the clock of the system is
// read. Every call of the detector begins and ends in racecall.
//
//go:nowritebarrierrec
func samerunStepOver(c *sigctxt, pc, sp uintptr) {
	st := &samerunStep
	if !st.off && !samerunInRaceCall(pc) {
		return
	}
	const length = 2 // of the call of what a register points to
	if to := (*uintptr)(unsafe.Pointer(sp)); st.off && *to == st.before+length && pc != *to {
		st.back, *to = *to, samerunNowhere
		c.regs().eflags &^= samerunTrapFlag
	}
	st.off, st.before = true, pc
}

// samerunInRaceCall reports whether pc is in racecall, which is written in assembler and has no
// address that Go could name.
func samerunInRaceCall(pc uintptr) bool {
	f := findfunc(pc)
	return f.valid() && funcname(f) == "racecall"
}

// samerunReturned handles SIGSEGV, and reports whether it was for such a return.
//
//go:nowritebarrierrec
func samerunReturned(gp *g, c *sigctxt) bool {
	st := &samerunStep
	if !samerunCfg.on || c.sigpc() != samerunNowhere || !samerunStepping(gp) || st.back == 0 {
		return false
	}
	c.set_rip(uint64(st.back))
	c.regs().eflags |= samerunTrapFlag
	st.back = 0
	return true
}

// samerunSteppedHere reports whether the thread is the one that goes by steps: then its preemptoff
// is no reason against a panic.
//
//go:nosplit
func samerunSteppedHere(mp *m) bool {
	return (*[2]uintptr)(unsafe.Pointer(&mp.preemptoff))[0] == uintptr(unsafe.Pointer(&samerunPreemptOff[0])) && len(mp.preemptoff) > 0
}

// samerunStepped looks at a state.
//
//go:nowritebarrierrec
func samerunStepped(gp *g, mp *m, c *sigctxt, pc, sp uintptr) {
	st := &samerunStep
	state := samerunState(c)
	here := pc == st.pc && sp == st.sp
	st.n++
	st.path = samerunHashStep(st.path, state)
	switch st.phase {
	case samerunStepAnchor:
		st.phase, st.pc, st.sp, st.state = samerunStepFind, pc, sp, state
		st.n, st.path = 0, 0

	case samerunStepFind:
		if sp > st.bestSP || sp == st.bestSP && (pc < st.bestPC || pc == st.bestPC && state < st.bestState) {
			if samerunCanStop(gp, mp, pc, sp) {
				st.bestPC, st.bestSP, st.bestState = pc, sp, state
			}
		}
		if here && state != st.state {
			if st.miss--; st.miss < 0 {
				samerunEndSteps(mp, c)
				return
			}
		}
		if here && state == st.state {
			if st.bestPC == 0 {
				samerunEndSteps(mp, c)
				return
			}
			st.phase, st.pc, st.sp, st.state = samerunStepGoStop, st.bestPC, st.bestSP, st.bestState
			st.left += int(st.n) * (samerunRounds + 2)
			if here = pc == st.pc && sp == st.sp; here && state == st.state {
				st.phase, st.n, st.path = samerunStepProve, 0, 0
			}
		}

	case samerunStepGoStop:
		if here && state == st.state {
			st.phase, st.n, st.path = samerunStepProve, 0, 0
		}

	case samerunStepProve:
		if !here || state != st.state {
			return
		}
		if st.round == 0 {
			st.prove.path, st.prove.n = st.path, st.n
		} else if st.prove.path != st.path || st.prove.n != st.n {
			samerunEndSteps(mp, c)
			return
		}
		st.n, st.path = 0, 0
		if st.round++; st.round == samerunRounds {
			gp.samerun.spin = samerunSpinG{fresh: true, pc: pc, sp: sp, state: state, path: st.prove.path, steps: st.prove.n, loop: gp.samerun.spin.loop}
			samerunStopHere(gp, mp, c, pc, sp)
		}

	case samerunStepGoCheck:
		if here {
			st.phase, st.n, st.path = samerunStepCheck, 0, 0
		}

	case samerunStepCheck:
		spin := &gp.samerun.spin
		if st.n < spin.steps {
			return
		}
		if !here || state != spin.state || st.path != spin.path {
			spin.again, spin.pc = false, 0
			samerunEndSteps(mp, c)
			return
		}
		spin.fresh = false
		samerunStopHere(gp, mp, c, pc, sp)

	case samerunStepCount:
		samerunStepCounts(gp, mp, c, pc, sp)
	}
}

// samerunStepCounts looks whether all that changes goes up or down by equal steps.
//
//go:nowritebarrierrec
func samerunStepCounts(gp *g, mp *m, c *sigctxt, pc, sp uintptr) {
	st := &samerunStep
	if st.pc == 0 {
		st.pc, st.sp, st.path = pc, sp, 0
		st.counts.regs, st.counts.vector = samerunGeneral(c), samerunVector(c)
		return
	}
	st.path = samerunHashStep(st.prove.path, uint64(pc))
	st.prove.path = st.path
	if pc != st.pc || sp != st.sp {
		return
	}
	regs := samerunGeneral(c)
	equal := st.counts.vector == samerunVector(c)
	for i := range regs {
		delta := regs[i] - st.counts.regs[i]
		equal = equal && (st.round == 0 || delta == st.counts.delta[i])
		st.counts.regs[i], st.counts.delta[i] = regs[i], delta
	}
	if !equal {
		samerunEndSteps(mp, c)
		return
	}
	if st.round++; st.round > samerunRounds {
		gp.samerun.spin.loop = pc
		samerunSpinLooks.counts.Store(gp.goid)
		samerunEndSteps(mp, c)
	}
}

// samerunStopHere lets gp, which spins, stop here and wait.
//
//go:nowritebarrierrec
func samerunStopHere(gp *g, mp *m, c *sigctxt, pc, sp uintptr) {
	samerunEndSteps(mp, c)
	gp.samerun.spin.spins = true
	c.pushCall(abi.FuncPCABI0(asyncPreempt), pc)
}

// samerunCanStop reports whether gp can be preempted here.
//
//go:nowritebarrierrec
func samerunCanStop(gp *g, mp *m, pc, sp uintptr) bool {
	samerunUnpreemptible(mp, false)
	ok, at := isAsyncSafePoint(gp, pc, sp, 0)
	samerunUnpreemptible(mp, true)
	return ok && at == pc
}

// samerunHashStep mixes a word into a hash.
func samerunHashStep(h, x uint64) uint64 {
	h = (h ^ x) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// samerunGeneral returns the general registers but the stack pointer.
func samerunGeneral(c *sigctxt) [15]uint64 {
	r := c.regs()
	return [...]uint64{r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15}
}

// samerunVector returns a hash of the vector registers.
func samerunVector(c *sigctxt) (h uint64) {
	// The race detector uses them.
	if fp := c.regs().fpstate; fp != nil && !raceenabled {
		for i := range fp._xmm {
			e := &fp._xmm[i].element
			h = samerunHashStep(h, uint64(e[0])|uint64(e[1])<<32)
			h = samerunHashStep(h, uint64(e[2])|uint64(e[3])<<32)
		}
	}
	return h
}

// samerunRegisters returns a hash of the general registers and of the place.
func samerunRegisters(c *sigctxt) uint64 {
	h := uint64(1)
	for _, x := range samerunGeneral(c) {
		h = samerunHashStep(h, x)
	}
	return samerunHashStep(samerunHashStep(h, c.regs().rip), c.regs().rsp)
}

// samerunState returns a hash of all that is compared.
func samerunState(c *sigctxt) uint64 {
	return samerunHashStep(samerunRegisters(c)^samerunVector(c), c.regs().eflags&^samerunFlagsIgnored)
}

// samerunClear clears what a call of the race detector leaves in registers that nobody
// reads behind it.
//
//go:nowritebarrierrec
func samerunClear(c *sigctxt) {
	r := c.regs()
	r.rax, r.rcx, r.rdx, r.rsi, r.rdi, r.r8, r.r9, r.r10, r.r11, r.r13 = 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
	const arithmetic = 0x8d5
	r.eflags &^= arithmetic
}
