package runtime

import (
	"internal/goarch"
	"unsafe" // and for go:linkname
)

// samerunShared finds the variables of the program's packages that two nodes write, for the
// doctor. Such a variable is one for all nodes of the process, where machines would have
// one each.
//
// Whenever the turn passes to another node, what lies in the variables, and what they
// lead to, is compared with a copy: what has changed, the node before has
// written. A byte, or a number of several, has the node that wrote it first as a mark; if
// another one writes it, the variable is found. The tool says where the variables
// are, and how they are made (samerun_shared_layout.go): it reads that from the test binary.
//
// All this is in memory outside of the heap, which the collector does not see, and
// does nothing that a program could notice: the run is the same, and slower.
//
// One goroutine of a test runs at a time, and none while the turn passes, so that this needs no
// lock.
var samerunShared struct {
	on    bool // a test runs that is watched
	began bool // a node has had the turn, so that there is a copy
	full  bool // there was more than there is room for
	node  uint32

	now, before samerunCopy
	found       uintptr // an array of samerunWriters, one for each variable

	// Locks, channels and the like that the node has used in its turns: what they hold is
	// mostly what it was.
	used  [samerunUsedMost]uintptr
	nUsed int
}

// samerunWriters are the nodes that have written the same part of a variable as another one,
// by their numbers, from 1. All beyond the last are taken for one.
type samerunWriters struct {
	nodes  [samerunNodesTold / 64]uint64
	itself bool // the variable is that; else it leads to it
}

const (
	samerunNodesTold = 256
	samerunUsedMost  = 256
)

// samerunWatchShared says that the tests are to be watched. words are the layout. It
// returns what is wrong with it, or nothing.
//
//go:linkname samerunWatchShared testing.samerunWatchShared
func samerunWatchShared(words []uintptr) (problem string) {
	l := &samerunSharedLayout
	if problem = l.read(words); problem != "" {
		return problem
	}
	w := &samerunShared
	w.now.make()
	w.before.make()
	w.found = uintptr(persistentalloc(uintptr(l.vars.n+1)*unsafe.Sizeof(samerunWriters{}), goarch.PtrSize, &memstats.other_sys))
	return ""
}

func samerunWritersOf(variable int) *samerunWriters {
	return (*samerunWriters)(unsafe.Pointer(samerunShared.found + uintptr(variable)*unsafe.Sizeof(samerunWriters{})))
}

// samerunSharedBegin begins with a test.
func samerunSharedBegin() {
	w := &samerunShared
	w.on, w.began, w.full, w.node, w.nUsed = w.found != 0, false, false, 0, 0
	for i := range samerunSharedLayout.vars.n {
		if w.found != 0 {
			*samerunWritersOf(i) = samerunWriters{}
		}
	}
}

// samerunSharedEnd ends with it. What was found can be asked for until the next one begins.
func samerunSharedEnd() {
	samerunSharedTurn(0)
	samerunShared.on = false
}

// samerunSharedFound returns the first variable from one on that two nodes have written, by its
// place in the layout, or -1; and whether there was more behind the variables than could
// be watched.
//
//go:linkname samerunSharedFound testing.samerunSharedFound
func samerunSharedFound(from int) (variable int, nodes [samerunNodesTold / 64]uint64, itself, full bool) {
	w := &samerunShared
	for i := from; w.found != 0 && i < samerunSharedLayout.vars.n; i++ {
		if f := samerunWritersOf(i); f.nodes != [samerunNodesTold / 64]uint64{} {
			return i, f.nodes, f.itself, w.full
		}
	}
	return -1, nodes, false, w.full
}

// samerunNodesMade is how many nodes the test has.
//
//go:linkname samerunNodesMade testing.samerunNodesMade
func samerunNodesMade() int { return max(len(samerunMachines), 1) - 1 }

// samerunSharedTurn is called when a goroutine of a life is about to run: it has the turn, or
// has gone to that life in its turn. It may run on g0, and with the lock of the turns.
func samerunSharedTurn(life uint32) {
	w := &samerunShared
	if !w.on {
		return
	}
	var node uint32
	if life != 0 {
		node = samerunLifeAt(life).node
	}
	if node == w.node {
		return
	}
	if w.began || node != 0 {
		systemstack(samerunSharedLook)
		w.began = true
	}
	w.node = node
}

// samerunUses notes that the current goroutine uses a lock, a channel or the like.
func samerunUses(addr uintptr) {
	w := &samerunShared
	if !w.on || w.node == 0 {
		return
	}
	for i := range w.nUsed {
		if w.used[i] == addr {
			return
		}
	}
	if w.nUsed < len(w.used) {
		w.used[w.nUsed] = addr
		w.nUsed++
	}
}

// wrote notes that the node which has the turn has written what has a mark: the number of
// the node that wrote it first, or 0.
func (o *samerunSeen) wrote(mark uintptr) {
	m, node := (*uint8)(unsafe.Pointer(mark)), uint8(min(samerunShared.node, samerunNodesTold-1))
	switch *m {
	case 0:
		*m = node
	case node:
	default:
		f := samerunWritersOf(int(o.variable))
		f.nodes[*m/64] |= 1 << (*m % 64)
		f.nodes[node/64] |= 1 << (node % 64)
		f.itself = f.itself || o.itself
	}
}

// compare finds what has changed since a copy was made, of old, and takes the marks along. Both begin at the same
// address. grain is how many bytes are written together.
func (o *samerunSeen) compare(old *samerunSeen, grain uintptr) {
	size := min(o.size, old.size)
	memmove(unsafe.Pointer(o.marks), unsafe.Pointer(old.marks), size)
	if samerunShared.node == 0 {
		return
	}
	if !memequal(unsafe.Pointer(o.addr), unsafe.Pointer(old.copy), size) {
		for at := uintptr(0); at < size; at += grain {
			for i := at; i < min(at+grain, size); i++ {
				if *(*byte)(unsafe.Pointer(o.addr + i)) != *(*byte)(unsafe.Pointer(old.copy + i)) {
					o.wrote(o.marks + at)
					break
				}
			}
		}
	}
	for i := range samerunShared.nUsed {
		if at := samerunShared.used[i] - o.addr; at < size {
			o.wrote(o.marks + at/grain*grain)
		}
	}
}
