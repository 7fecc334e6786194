package runtime

import (
	"internal/goarch"
	"unsafe" // and for go:linkname
)

// What samerun's own module asks of the runtime (testing/samerun_host.go): its goroutines
// wait for each other here, each has a place for what belongs to it, and an identity.

// samerunHostG is what a goroutine has of that, once it has asked for any of it.
type samerunHostG struct {
	slot   any
	name   string
	what   string // what it waits for
	token  uintptr
	parked bool // it waits until it is unparked
	permit bool // it was unparked before it began to wait
}

// samerunHostOf returns that of a goroutine that is the caller, or stands still.
func samerunHostOf(gp *g) *samerunHostG {
	if gp.samerunHost == nil {
		gp.samerunHost = new(samerunHostG)
	}
	return gp.samerunHost
}

// samerunTokens names goroutines by numbers which no other one has later: the index in an
// array outside of the heap, and how manieth it is that has this place.
var samerunTokens struct {
	list         uintptr // an array of samerunToken
	n, cap, free uintptr // free is one more than the index of the first place that is free; 0: none
}

type samerunToken struct {
	g    guintptr
	nth  uintptr
	next uintptr // of a place that is free: as free above
}

// samerunTokenBits is how many bits the index has.
const samerunTokenBits = 16 * goarch.PtrSize / 4

func samerunTokenAt(i uintptr) *samerunToken {
	return (*samerunToken)(unsafe.Pointer(samerunTokens.list + i*unsafe.Sizeof(samerunToken{})))
}

// samerunSelf is the token of the caller.
//
//go:linkname samerunSelf testing.samerunSelf
func samerunSelf() uintptr {
	gp := getg()
	h := samerunHostOf(gp)
	if h.token != 0 {
		return h.token
	}
	t := &samerunTokens
	i := t.n
	switch {
	case t.free != 0:
		i = t.free - 1
		t.free = samerunTokenAt(i).next
	case t.n == t.cap:
		room := max(64, 2*t.cap)
		list := uintptr(persistentalloc(room*unsafe.Sizeof(samerunToken{}), goarch.PtrSize, &memstats.other_sys))
		if t.cap > 0 {
			memmove(unsafe.Pointer(list), unsafe.Pointer(t.list), t.cap*unsafe.Sizeof(samerunToken{}))
		}
		t.list, t.cap = list, room
		fallthrough
	default:
		t.n++
	}
	k := samerunTokenAt(i)
	k.nth++
	k.g.set(gp)
	h.token = k.nth<<samerunTokenBits | i
	return h.token
}

// samerunTokenOf returns the goroutine that a token is of, or nil if it has ended.
func samerunTokenOf(token uintptr) *g {
	i := token & (1<<samerunTokenBits - 1)
	if i >= samerunTokens.n {
		return nil
	}
	k := samerunTokenAt(i)
	if k.nth<<samerunTokenBits|i != token {
		return nil
	}
	return k.g.ptr()
}

// samerunHostGone forgets what a goroutine had: it has ended.
func samerunHostGone(gp *g) {
	h := gp.samerunHost
	if h == nil {
		return
	}
	if h.token != 0 {
		i := h.token & (1<<samerunTokenBits - 1)
		k := samerunTokenAt(i)
		k.g = 0
		k.next, samerunTokens.free = samerunTokens.free, i+1
	}
	gp.samerunHost = nil
}

// samerunHostSlot is a place for what belongs to the caller.
//
//go:linkname samerunHostSlot testing.samerunHostSlot
func samerunHostSlot() *any { return &samerunHostOf(getg()).slot }

// samerunHostPark waits until the caller is unparked, if it was not before.
//
//go:linkname samerunHostPark testing.samerunHostPark
func samerunHostPark(what string) {
	gp := getg()
	h := samerunHostOf(gp)
	if !h.permit {
		h.what, h.parked = what, true
		gopark(nil, nil, waitReasonSamerunPark, traceBlockGeneric, 2)
	}
	h.permit = false
	if raceenabled {
		raceacquire(unsafe.Pointer(&h.permit))
	}
}

// samerunHostUnpark lets a goroutine go on that waits there, or is to wait next.
//
//go:linkname samerunHostUnpark testing.samerunHostUnpark
func samerunHostUnpark(token uintptr) {
	gp := samerunTokenOf(token)
	if gp == nil {
		return
	}
	h := gp.samerunHost
	if raceenabled {
		racereleasemerge(unsafe.Pointer(&h.permit))
	}
	if !h.parked {
		h.permit = true
		return
	}
	h.parked = false
	if !samerunIsGone(gp) {
		goready(gp, 0)
	}
}

// samerunParkedFor says of a goroutine, by its number, what it waits for there, what it is called, and
// on which node it is; each is empty for nothing.
//
//go:linkname samerunParkedFor testing.samerunParkedFor
func samerunParkedFor(goid uint64) (what, name, node string) {
	forEachG(func(gp *g) {
		if gp.goid != goid || samerunIsDead(gp) {
			return
		}
		if h := gp.samerunHost; h != nil {
			name = h.name
			if h.parked {
				what = h.what
			}
		}
		if gp.samerun.life != 0 {
			node = samerunNodeName(samerunLifeAt(gp.samerun.life).node)
		}
	})
	return what, name, node
}

// samerunHostID is the identity of the caller, which does not depend on the seed.
//
//go:linkname samerunHostID testing.samerunHostID
func samerunHostID() uint64 { return getg().samerun.who }

// samerunHostNow is the time of the test that runs, in nanoseconds since it began, by no
// node's clock.
//
//go:linkname samerunHostNow testing.samerunHostNow
func samerunHostNow() int64 { return samerunWorld.since() }

// samerunHostKey is a hash of the seed and the test that runs.
//
//go:linkname samerunHostKey testing.samerunHostKey
func samerunHostKey() uint64 { return samerunWorld.samerun.key }

// samerunHostDigest mixes a word into the digest of the run.
//
//go:linkname samerunHostDigest testing.samerunHostDigest
func samerunHostDigest(x uint64) {
	s := &samerunTurns
	s.digest = samerunMix(s.digest, x)
}
