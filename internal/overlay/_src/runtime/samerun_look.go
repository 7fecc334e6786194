package runtime

// A deadlock of a part of a test is told while the rest goes on: two who wait for each
// other's lock, beside tickers. The root looks for one when all wait and the clock is
// about to move, which happens at the same moments in each run of a seed.
//
// Whether goroutines wait for locks in a circle is cheap to see, and looked at each 10 ms
// of virtual time while somebody waits for a lock. To see what others come to, the
// whole heap is read: at 2, 8, 32, 128 … seconds of virtual time, if somebody has waited for
// half of the time by then.
type samerunLooks struct {
	locked  bool  // somebody has begun to wait for a lock since the last time that nobody did
	locksAt int64 // when those are to be looked at next
	heapAt  int64 // when the heap is to be read next
	begin   int64 // when the test began
}

const (
	samerunLocksEvery = 10e6
	samerunHeapFirst  = 2e9
)

// samerunForEver is later than any time.
const samerunForEver = 1<<63 - 1

// startLooking begins a test.
func (l *samerunLooks) startLooking(now int64) {
	*l = samerunLooks{begin: now, locksAt: now + samerunLocksEvery, heapAt: now + samerunHeapFirst}
	samerunHoldAnew()
}

// isToLook reports whether the root is to look around before the clock moves to next.
func (s *samerunTurn) isToLook(next int64) bool {
	return samerunCfg.leaks && s.test && !s.over && (next >= s.heapAt || s.locked && next >= s.locksAt)
}

// lookAround looks for goroutines that wait for ever, and tells those that it has
// not told before. It reports whether the test itself is one of them.
func (s *samerunTurn) lookAround(next int64) (dead bool) {
	f := &samerunSearching
	crossed := false
	if s.locked && next >= s.locksAt {
		s.locksAt = next + samerunLocksEvery
		crossed, s.locked = f.crossed(next)
	}
	since := int64(samerunForEver)
	if next >= s.heapAt {
		if !crossed {
			since = s.begin + (s.heapAt-s.begin)/2
		}
		for s.heapAt <= next {
			s.heapAt += 3 * (s.heapAt - s.begin)
		}
	} else if !crossed {
		return false
	}
	if samerunFindStuck(since, next) == 0 {
		return false
	}
	for i := range f.n {
		dead = dead || f.at(i).gp.ptr().samerun.tests
	}
	if f.dead = dead; dead || samerunFreshStucks() == 0 {
		return dead
	}
	if tell := samerunOnStuck; tell != nil {
		samerunRootTells(tell, samerunWorld.since())
	}
	for i := range f.n {
		f.at(i).gp.ptr().samerun.told = true
	}
	return false
}

// crossed reports whether goroutines that were not told yet wait for locks in a circle, or
// for such, and whether anybody waits for a lock. The clock is about to move to next.
func (f *samerunSearch) crossed(next int64) (crossed, waits bool) {
	f.number++
	f.holders.find(&f.marks)
	none := func(*g) {}
	forEachGRace(func(gp *g) {
		if samerunIsGone(gp) {
			return
		}
		if samerunWaitsForLock(gp) {
			waits = true
			if f.holders.of(gp, next, none) {
				return
			}
		}
		gp.samerun.alive = f.number
	})
	for more := waits; more; {
		more, crossed = false, false
		forEachGRace(func(gp *g) {
			if gp.samerun.alive == f.number || samerunIsGone(gp) {
				return
			}
			all := true
			f.holders.of(gp, next, func(holder *g) { all = all && holder.samerun.alive == f.number })
			if all {
				gp.samerun.alive = f.number
				more = true
			} else {
				crossed = crossed || !gp.samerun.told && gp.samerun.gen == samerunTurns.gen
			}
		})
	}
	return crossed, waits
}
