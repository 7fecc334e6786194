package runtime

import (
	"unsafe" // and for go:linkname
)

// A node is a machine of a test's world, and each of its boots a life: what runs on it
// belongs to that life. Goroutines inherit the life of who starts them, and timers
// that of who sets them, on to the goroutines that they start. Life 0 is for all that is on
// no node: the test itself.
//
// Lives are numbered in the whole process, so that what a test has left behind belongs to
// no node of a later one; nodes are numbered in a test, from 1.

// samerunLife is one of the lives.
type samerunLife struct {
	node, boot uint32
	state      uint32

	// While it is paused: its goroutines that are ready, in the order in which they became so,
	// by schedlink.
	aside, asideLast guintptr
}

// What a life is like.
const (
	samerunLifeOn uint32 = iota
	samerunLifePaused
	samerunLifeOver // its node has crashed, or was switched off
)

// samerunLives are all of them, an array outside of the heap, since those who wait and
// those who become ready ask for them.
//
// Invariant: the first one is that of no node.
var samerunLives struct {
	list   uintptr
	n, cap uint32
}

// samerunLivesLeast is how many there is room for at first.
const samerunLivesLeast = 64

// samerunLifeAt returns a life by its number.
func samerunLifeAt(life uint32) *samerunLife {
	return (*samerunLife)(unsafe.Pointer(samerunLives.list + uintptr(life)*unsafe.Sizeof(samerunLife{})))
}

// samerunNewLife makes a life, and returns its number. The caller has the turn.
func samerunNewLife(node, boot uint32) uint32 {
	l := &samerunLives
	if l.n == 0 {
		l.n = 1
	}
	if l.n >= l.cap {
		room := max(samerunLivesLeast, 2*l.cap)
		list := uintptr(persistentalloc(uintptr(room)*unsafe.Sizeof(samerunLife{}), 8, &memstats.other_sys))
		if l.cap > 0 {
			memmove(unsafe.Pointer(list), unsafe.Pointer(l.list), uintptr(l.cap)*unsafe.Sizeof(samerunLife{}))
		}
		l.list, l.cap = list, room
	}
	life := l.n
	l.n++
	*samerunLifeAt(life) = samerunLife{node: node, boot: boot}
	return life
}

// samerunMachine is a node.
type samerunMachine struct {
	name           string
	boots          uint32 // how often it was switched on
	life           uint32 // its present life; 0: it is off
	clock          samerunNodeClock
	late, lastLate *timer // while it is paused: what was to fire since, in that order, by samerunTimer.late
	labelled       bool   // the program made it, by a label of package runtime/pprof
}

// samerunMachines are the nodes of the test that runs; the first one is none.
var samerunMachines []samerunMachine

// samerunNoMachines forgets them: another test begins.
func samerunNoMachines() { samerunMachines, samerunOnNodeExit, samerunClocks.on = nil, nil, false }

// samerunMachineAt returns a node by its number, which a program has given.
func samerunMachineAt(node int) *samerunMachine {
	if node < 1 || node >= len(samerunMachines) {
		panic(plainError("samerun: there is no node of that number in this test"))
	}
	return &samerunMachines[node]
}

// samerunNode returns the node and the boot of the calling goroutine; 0 for none.
//
//go:linkname samerunNode
func samerunNode() (node, boot uint32) {
	life := getg().samerun.life
	if life == 0 {
		return 0, 0
	}
	l := samerunLifeAt(life)
	return l.node, l.boot
}

//go:linkname samerunNodeInNet net.samerunNode
func samerunNodeInNet() (node, boot uint32) { return samerunNode() }

//go:linkname samerunNodeInTesting testing.samerunNode
func samerunNodeInTesting() (node, boot uint32) { return samerunNode() }

// samerunNodeNamed returns the node that a name is of in the test that runs; 0 if there is none.
//
//go:linkname samerunNodeNamed net.samerunNodeNamed
func samerunNodeNamed(name string) uint32 {
	for i := 1; i < len(samerunMachines); i++ {
		if samerunMachines[i].name == name {
			return uint32(i)
		}
	}
	return 0
}

// samerunNodeName returns the name of a node of the test that runs; empty if there is none.
//
//go:linkname samerunNodeName net.samerunNodeName
func samerunNodeName(node uint32) string {
	if node == 0 || int(node) >= len(samerunMachines) {
		return ""
	}
	return samerunMachines[node].name
}

//go:linkname samerunNodeNameInTesting testing.samerunNodeNameInTesting
func samerunNodeNameInTesting(node uint32) string { return samerunNodeName(node) }

// samerunNodeBoot returns the present boot of a node of the test that runs; 0 if it is off.
//
//go:linkname samerunNodeBoot net.samerunNodeBoot
func samerunNodeBoot(node uint32) uint32 {
	if node == 0 || int(node) >= len(samerunMachines) || samerunMachines[node].life == 0 {
		return 0
	}
	return samerunMachines[node].boots
}

// samerunNewNode makes a node that is off, and returns its number.
//
//go:linkname samerunNewNode testing.samerunNewNode
func samerunNewNode(name string) int {
	if len(samerunMachines) == 0 {
		samerunMachines = make([]samerunMachine, 1, 8)
	}
	samerunMachines = append(samerunMachines, samerunMachine{name: name})
	return len(samerunMachines) - 1
}

// samerunBoot switches a node on, and returns the number of the boot.
//
//go:linkname samerunBoot testing.samerunBoot
func samerunBoot(node int) int {
	m := samerunMachineAt(node)
	if m.life != 0 {
		panic(plainError("samerun: the node is on already"))
	}
	m.boots++
	m.life = samerunNewLife(uint32(node), m.boots)
	samerunNodeChanged(uint32(node), m.life, true, false)
	return int(m.boots)
}

// samerunGoAs is what the goroutine is to be that the caller, who has the turn, starts next.
var samerunGoAs struct {
	set  bool
	who  uint64 // its identity; 0 for that of any other
	life uint32
	host *samerunHostG
}

// samerunGoOn says that the goroutine which the caller starts next runs on the present boot
// of a node, 0 for none, and has an identity and a name.
//
//go:linkname samerunGoOn testing.samerunGoOn
func samerunGoOn(node int, id uint64, name string) {
	life := uint32(0)
	if node != 0 {
		if life = samerunMachineAt(node).life; life == 0 {
			panic(plainError("samerun: the node is off: boot it before a goroutine starts on it"))
		}
	}
	h := &samerunHostG{name: name}
	as := &samerunGoAs
	as.set, as.who, as.life, as.host = true, id, life, h
}

// samerunLifeOf is the life of the caller.
//
//go:linkname samerunLifeOf context.samerunLife
func samerunLifeOf() uint32 { return getg().samerun.life }

// samerunGoLife says that the goroutine which the caller starts next is of a life.
//
//go:linkname samerunGoLife context.samerunGoLife
func samerunGoLife(life uint32) {
	if gp := getg(); samerunDrawing(gp) && gp.samerun.life != life {
		as := &samerunGoAs
		as.set, as.who, as.life, as.host = true, 0, life, nil
	}
}

// samerunTimerSet notes that the caller sets a timer that there was.
func samerunTimerSet(t *timer) {
	if t.isFake {
		t.samerun.life = getg().samerun.life
	}
}

// standsAside is asked about a goroutine of a node that is ready. It reports whether the node
// is none that runs, and keeps the goroutine then. The caller holds s.mu.
func (s *samerunTurn) standsAside(gp *g) bool {
	switch l := samerunLifeAt(gp.samerun.life); l.state {
	case samerunLifeOver:
		samerunBury(gp)
	case samerunLifePaused:
		gp.samerun.readied = gp.samerun.readied&(samerunResumed-1) + 1
		l.setAside(gp)
	default:
		return false
	}
	return true
}

// setAside keeps a goroutine that is ready until its node goes on.
func (l *samerunLife) setAside(gp *g) {
	gp.schedlink = 0
	if last := l.asideLast.ptr(); last != nil {
		last.schedlink.set(gp)
	} else {
		l.aside.set(gp)
	}
	l.asideLast.set(gp)
}

// comeBack lets those that were set aside be ready. The caller holds s.mu.
func (s *samerunTurn) comeBack(l *samerunLife) {
	next := l.aside.ptr()
	l.aside, l.asideLast = 0, 0
	for next != nil {
		gp := next
		next = gp.schedlink.ptr()
		gp.schedlink = 0
		s.pushAgain(gp)
	}
}

// samerunLabelled lets the caller run on the node of a name, which is made and switched on if
// need be, or where it was born, if the name is empty.
//
//go:linkname samerunLabelled
func samerunLabelled(name string) {
	gp := getg()
	if !samerunDrawing(gp) || !samerunTurns.test {
		return
	}
	life := gp.samerun.born
	if name != "" {
		node := int(samerunNodeNamed(name))
		if node == 0 {
			node = samerunNewNode(name)
			samerunMachines[node].labelled = true
		}
		if samerunMachines[node].life == 0 {
			samerunBoot(node)
		}
		life = samerunMachines[node].life
	}
	if gp.samerun.life == life {
		return
	}
	gp.samerun.life = life
	samerunSharedTurn(life)
	if life == 0 {
		return
	}
	switch samerunLifeAt(life).state {
	case samerunLifeOver:
		samerunDieIf(life)
	case samerunLifePaused:
		gp.samerun.asks = samerunAsksPoint
		mcall(samerunGosched_m)
	}
}
