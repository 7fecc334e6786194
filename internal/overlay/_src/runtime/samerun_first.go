package runtime

// At a go statement either the new goroutine goes first, or the one that starts it goes
// on. Elsewhere the latter is nearly always so, which hides what is wrong if it is not.
// So the turn can be lost to the new one there, as at points (samerun_point.go): once in
// samerunPointEvery times, or as a strategy says that counts its choices.
//
// Where started goroutines are to begin late (SAMERUN_GO=late), that does not happen, and
// who has started one does not lose its turn at points either, nor stall, until it
// waits, yields or ends.

// samerunStarts is the stream of these draws, which are counted for each function.
const samerunStarts = samerunStreams + 1

// samerunWaitGroupGo is what the standard library starts goroutines by on behalf of programs.
var samerunWaitGroupGo = samerunNameHash(samerunNamed("sync.(*WaitGroup).Go"))

// samerunAfterGo is called when the caller has started a goroutine; pc is where.
func samerunAfterGo(pc uintptr) {
	if samerunSetBegin() {
		return
	}
	gp, s := getg(), &samerunTurns
	if !samerunDrawing(gp) || gp.samerun.free || s.holder.ptr() != gp || s.n == 0 {
		return
	}
	place := samerunPlaceOf(pc)
	if !place.users && place.name != samerunWaitGroupGo {
		return
	}
	if samerunCfg.late {
		s.fresh = true
		return
	}
	lock(&s.mu)
	last := s.n - 1
	unlock(&s.mu)
	s.choices++
	s.comesTo(gp, pc)
	gp.samerun.wants = 0
	first := false
	const salt = 0x7374617274
	if samerunDeviations.on {
		n := gp.samerun.counts.next(place.name ^ salt)
		if _, first = samerunDeviatingDraw(gp, samerunStarts, place.name, n, 0); first && samerunRec.fd >= 0 {
			samerunRecordStart(gp, pc, n)
		}
	} else if counts := s.picker.AtPoints(); counts || !samerunCfg.calm {
		n := gp.samerun.counts.next(place.name ^ salt)
		if counts {
			first = s.loses(gp)
		} else {
			first = samerunMix(samerunChance(gp)^place.name^(samerunStarts+1)<<56, n)%samerunPointEvery == 0
		}
		if first && samerunRec.fd >= 0 {
			samerunRecordStart(gp, pc, n)
		}
		s.next = first && !counts
	}
	if first {
		lock(&s.mu)
		s.toFront(last)
		unlock(&s.mu)
		gp.samerun.asks = samerunAsksPoint
		mcall(samerunGosched_m)
	}
}

// toFront lets the i-th of those held back be the first.
func (h *samerunHeld) toFront(i int) {
	g, c := *h.at(i), *h.candidate(i)
	for ; i > 0; i-- {
		*h.at(i), *h.candidate(i) = *h.at(i - 1), *h.candidate(i - 1)
	}
	*h.at(0), *h.candidate(0) = g, c
}
