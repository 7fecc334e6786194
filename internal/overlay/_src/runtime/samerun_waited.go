package runtime

import "unsafe"

// The record of a run of which a trace is made has who waits for what, and who ends that:
//
//	waits 12 0.001200000s 1a2b3c4d5e6f7081 sync.Mutex.Lock 000000c000012340 5d3c0a91… raft.(*Raft).tick:88
//	woken 14 0.001300000s 1a2b3c4d5e6f7081 5d3c0a91…
//	lives 12 1a2b3c4d5e6f7081 3
//
// The first has the turn that ends so, the virtual time, the goroutine, why it waits, with _ for each space, the address of
// what it waits for, which says no more than that others wait for the same just now, who holds the lock, or 0, and
// where it stands. The second has who ends the wait, 0 for a timer; what the world outside ends has none. The third
// says on which node a goroutine is started.

// samerunRecordWaits writes that gp waits by now. It runs on g0.
func samerunRecordWaits(gp *g) {
	if !samerunTraceOn || samerunRec.fd < 0 || gp == nil || gp.bubble == nil || gp == gp.bubble.root {
		return
	}
	gp.samerun.waited = true
	samerunMoment("waits ", gp.bubble)
	samerunHex(gp.samerun.who)
	samerunText(" ")
	for _, c := range []byte(gp.waitreason.String()) {
		if c == ' ' {
			c = '_'
		}
		samerunByte(c)
	}
	on, holder := uintptr(0), uint64(0)
	switch reason := gp.waitreason; {
	case samerunForLock(reason):
		on = samerunWaitedLock(gp)
		holder = samerunHolderOf(on, gp)
		on &^= 1
	case samerunOnEntry(reason):
		on = gp.samerun.sema
	case samerunOnChannel(reason) && gp.waiting != nil && gp.waiting.waitlink == nil:
		on = uintptr(unsafe.Pointer(samerunChannelOf(gp.waiting)))
	}
	samerunText(" ")
	samerunHex(uint64(on))
	samerunText(" ")
	samerunHex(holder)
	samerunStack(^uintptr(0), ^uintptr(0), gp)
	samerunText("\n")
}

// samerunHolderOf returns the identity of who holds a lock for which another one waits, 0 if that is
// not known.
func samerunHolderOf(what uintptr, waits *g) (who uint64) {
	if what == 0 || samerunHolding.off {
		return 0
	}
	newest := uintptr(0)
	forEachGRace(func(gp *g) {
		for i := range gp.samerun.locks.n {
			if l := gp.samerun.locks.at(i); gp != waits && l.what == what && l.number > newest {
				newest, who = l.number, gp.samerun.who
			}
		}
	})
	return who
}

// samerunRecordWoken writes that the wait of gp is over, which who has the turn ends: a goroutine, or
// the root, which runs timers. What the world outside ends is left out, because when it does is chance.
func samerunRecordWoken(gp *g) {
	if !gp.samerun.waited {
		return
	}
	gp.samerun.waited = false
	by := samerunTurns.holder.ptr()
	if samerunRec.fd < 0 || by == nil || by.bubble == nil || gp.samerun.outside {
		return
	}
	samerunMoment("woken ", gp.bubble)
	samerunHex(gp.samerun.who)
	samerunText(" ")
	if by == by.bubble.root {
		samerunHex(0)
	} else {
		samerunHex(by.samerun.who)
	}
	samerunText("\n")
}

// samerunRecordLives writes on which node a goroutine is started.
func samerunRecordLives(gp *g) {
	if !samerunTraceOn || gp.samerun.life == 0 {
		return
	}
	samerunText("lives ")
	samerunDecimal(samerunTurns.turns, 0)
	samerunText(" ")
	samerunHex(gp.samerun.who)
	samerunText(" ")
	samerunDecimal(uint64(samerunLifeAt(gp.samerun.life).node), 0)
	samerunText("\n")
}
