package runtime

import "internal/abi"

// A goroutine is known by who started it and where: its identity is a hash of its
// parent's, of the place of the go statement, and of how many goroutines the parent had
// started at that place before. So one that is started elsewhere, or one draw more by
// another, leaves it what it is: its draws (samerun_random.go) and the keys of the
// deviations that befall it (samerun_deviate.go).
//
// An identity does not depend on the seed. A place is the name of a function, not a
// line and not an address: the function that has the go statement, and the one that is
// started. Of a name only that stays which people gave it: not its package, type
// arguments or receiver's package, and for a function literal the named function around it
// (samerunNamed). The numbers of literals and of the compiler's wrappers
// depend on what else is in that function, and on what was inlined.
//
// So edits change identities of goroutines only where a function is renamed that starts
// them, or where go statements come before others that the same goroutine executes in
// the same function.

// samerunRootID is the identity of the goroutine that starts a test, while it runs, and
// samerunMainID what it is otherwise: the one with which a program begins.
const (
	samerunRootID = 0x726f6f74
	samerunMainID = 0x6d61696e
)

// samerunTestFunc is the function with which the goroutine of a test begins, by name.
const samerunTestFunc = "samerunRun"

// samerunOutsideID is for goroutines that what happens outside of the process starts.
const samerunOutsideID = 0x6f757473696465

// What is counted for a goroutine, beside the points that it passes.
const (
	samerunStarted = 0x73746172746564 // goroutines, by the place
	samerunAfter   = 0x6166746572     // timers that start one
	samerunNested  = 0x6e6573746564   // bubbles
	samerunMoved   = 0x6d6f766564     // coroutines from elsewhere

	samerunLeftBehind = 0x6c656674 // no count: who was left by a test is another one from then on
)

// samerunBorn gives a new goroutine its identity. by is who started it: the system
// stack, if a timer did. pc is the return address of the go statement, and fn is where the
// function that is started begins; both are 0 for a coroutine that comes from elsewhere.
func samerunBorn(gp, by *g, pc, fn uintptr) {
	b := gp.bubble
	if b == nil || !b.samerun.on {
		gp.samerun = samerunG{}
		return
	}
	var who, place uint64
	tests, from, life := false, pc, by.samerun.life
	switch as := &samerunGoAs; {
	case as.set && pc != 0:
		as.set = false
		life = as.life
		gp.samerunHost, as.host = as.host, nil
		if who = as.who; who == 0 {
			place, from = samerunStarter(by, pc)
			place = samerunMix(place, samerunFuncPlace(fn))
			who = samerunMix(by.samerun.who^place, by.samerun.counts.next(place^samerunStarted))
		}
	case by.m != nil && by == by.m.g0:
		who, life = b.samerun.fired, b.samerun.life
	case by.samerun.who == 0:
		// The sentinel starts it, which has no identity and not the turn.
		who = samerunMix(samerunOutsideID, uint64(gp.goid))
	case pc == 0:
		who = samerunMix(by.samerun.who^samerunMoved, by.samerun.counts.next(samerunMoved))
	default:
		first := samerunFuncPlace(fn)
		if tests = by.samerun.begins; tests {
			by.samerun.begins = false
			first = samerunNameHash(samerunTestFunc)
		}
		place, from = samerunStarter(by, pc)
		place = samerunMix(place, first)
		who = samerunMix(by.samerun.who^place, by.samerun.counts.next(place^samerunStarted))
	}
	id := samerunMix(b.samerun.key, who)
	samerunBirths++
	gp.samerun = samerunG{who: who, id: id, gen: samerunTurns.genNow(), tests: tests, life: life, born: life, birth: samerunBirths, starter: from}
	if samerunTurns.test && !samerunIsGone(gp) {
		samerunTurns.live++
	}
	samerunTurns.hasStarted(gp, by, fn)
	if samerunRec.fd >= 0 {
		samerunRecordGo(gp, by, pc, fn)
		samerunRecordLives(gp)
	}
}

// genNow is the number of the test that runs, 0 if none does.
func (s *samerunTurn) genNow() uint32 {
	if !s.test {
		return 0
	}
	return s.gen
}

// samerunGone notes that gp exits, which was of bubble b.
func samerunGone(gp *g, b *synctestBubble) {
	s := &samerunTurns
	if b != nil && b.samerun.on && s.test && gp.samerun.gen == s.gen {
		s.live--
	}
	if gp.samerun.tests {
		samerunTestOver()
	}
	samerunHostGone(gp)
	gp.samerun.counts.drop()
	gp.samerun.locks.drop()
	gp.samerun.gen = 0
	// The next one of this g may be the runtime's own, such as a worker of the collector, which
	// nobody asks samerunBorn about: it must not be taken for one whose node has crashed.
	gp.samerun.life, gp.samerun.born = 0, 0
}

// samerunBirths is how many goroutines the tests have had.
var samerunBirths uint64

// samerunFires notes that a timer is about to do what it is for, which may be to start
// a goroutine. It runs on the stack of the system.
func samerunFires(b *synctestBubble, t *timer) {
	t.samerun.fires++
	samerunTurns.fires++
	b.samerun.fired = samerunMix(t.samerun.who, uint64(t.samerun.fires))
	b.samerun.life = t.samerun.life
}

// samerunTimerBorn gives a new timer that starts goroutines its identity: a hash of who
// makes it, of the function that it is to start, and of how many such ones that goroutine
// made before. arg is what the timer is given.
func samerunTimerBorn(t *timer, gp *g, arg any) {
	e := efaceOf(&arg)
	if e._type == nil || e._type.Kind() != abi.Func || e.data == nil {
		return
	}
	place := samerunFuncPlace((*funcval)(e.data).fn)
	t.samerun.who = samerunMix(gp.samerun.who^samerunAfter^place, gp.samerun.counts.next(place^samerunAfter))
}

// samerunPlace is what is known of a place in the program.
type samerunPlace struct {
	pc    uintptr
	name  uint64 // a hash of the name of the function that the place is in
	user  uint64 // of the innermost one of the user's, as far as those are inlined here; or 0
	alike uint64 // a hash of that, and of the line in it
	users bool   // that function is the user's, not one of the standard library

	// It is one of package sync that takes a lock on behalf of who calls it: that in an
	// RWMutex, or of a Cond or RLocker.
	inRWMutex, relocks bool

	// It is a method of package sync/atomic, inlined in a function of the user's or in none.
	atomic bool
}

// samerunPlaces remembers places by their addresses. Large programs pass some thousand.
var samerunPlaces [1 << samerunPlaceBits]samerunPlace

const samerunPlaceBits = 13

// samerunPlaceSlot is where a place is remembered.
func samerunPlaceSlot(pc uintptr) *samerunPlace {
	return &samerunPlaces[uint64(pc)*0x9E3779B97F4A7C15>>(64-samerunPlaceBits)]
}

// samerunPlaceOf returns what is known of the place before a return address.
func samerunPlaceOf(pc uintptr) *samerunPlace {
	p := samerunPlaceSlot(pc)
	if p.pc == pc {
		return p
	}
	*p = samerunPlace{}
	u, uf := newInlineUnwinder(findfunc(pc), pc-1)
	p.atomic = true
	for i := 0; uf.valid() && u.f.valid(); i++ {
		name := u.srcFunc(uf).name()
		users := !samerunStandard(name)
		if i == 0 {
			p.name, p.users = samerunNameHash(samerunNamed(name)), users
			p.inRWMutex = name == "sync.(*RWMutex).Lock"
			p.relocks = name == "sync.(*Cond).Wait" || name == "sync.(*rlocker).Lock"
		}
		if users {
			p.user = samerunNameHash(samerunNamed(name))
			_, line := u.fileLine(uf)
			p.alike = samerunMix(p.user, uint64(line-int(u.srcFunc(uf).startLine)))
			p.atomic = p.atomic && i > 0
			break
		}
		p.atomic = p.atomic && samerunIsAtomic(name)
		uf = u.next(uf)
	}
	p.pc = pc
	return p
}

// samerunFuncPlace returns the place that a function is, which begins at fn.
func samerunFuncPlace(fn uintptr) uint64 {
	p := samerunPlaceSlot(^fn)
	if p.pc != ^fn {
		*p = samerunPlace{pc: ^fn, name: samerunNameHash(samerunNamed(funcname(findfunc(fn))))}
	}
	return p.name
}

// samerunStarter returns the place where a goroutine is started, by another one that
// stands still in there, and its address. What the standard library starts, such as by
// WaitGroup.Go, begins where the program calls that.
func samerunStarter(by *g, pc uintptr) (place uint64, from uintptr) {
	p := samerunPlaceOf(pc)
	if p.user != 0 {
		return p.user, pc
	}
	library := p.name
	const deep = 20
	var u unwinder
	n := 0
	for u.initAt(^uintptr(0), ^uintptr(0), 0, by, unwindSilentErrors); u.valid() && n < deep; u.next() {
		if p := samerunPlaceOf(u.symPC() + 1); p.user != 0 {
			return p.user, p.pc
		}
		n++
	}
	return library, pc
}
