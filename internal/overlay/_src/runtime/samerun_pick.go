package runtime

// samerunPatience is how many turns a goroutine that is ready can be passed over
// by the strategy PCT. Priorities alone would starve it for ever, and with it a
// test that takes turns for granted.
const samerunPatience = 10000

// pick returns which of the goroutines held back, at least two, has the next
// turn. The caller holds s.mu.
func (s *samerunTurn) pick() int {
	if samerunDeviations.on {
		return s.pickDeviating()
	}
	switch samerunCfg.strategy {
	case samerunFIFO:
		return 0
	case samerunPCT:
		return s.pickPCT()
	}
	// A random walk: each of those that are ready with the same chance.
	x := samerunMix(s.key^0x7069636b, s.turns)
	return int((x >> 32) * uint64(s.n) >> 32)
}

// pickPCT picks the goroutine of the highest priority: probabilistic concurrency
// testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010, section 2).
// At each of its depth-1 change points the one that would go next sinks below
// all others.
func (s *samerunTurn) pickPCT() int {
	best := s.highest()
	for c := uint64(1); c < samerunCfg.depth; c++ {
		if s.changePoint(c) == s.turns {
			s.at(best).ptr().samerun.prio = s.lowest()
			best = s.highest()
		}
	}
	return best
}

// changePoint is the turn of the c-th change. The paper draws it among all turns
// of the program; how many there are is not known here unless somebody says so.
// Else each power of two, up to 2^20, is as likely as another, so that a short
// test gets its changes and a long one some.
func (s *samerunTurn) changePoint(c uint64) uint64 {
	x := samerunMix(s.key^0x6368616e6765, c)
	if samerunCfg.horizon > 0 {
		return (x >> 32) * samerunCfg.horizon >> 32
	}
	scale := x & 0xffff * 20 >> 16
	return 1<<scale | x>>32&(1<<scale-1)
}

// highest returns the place of the highest priority, or of the first goroutine
// that has been ready for too long.
func (s *samerunTurn) highest() int {
	best := 0
	for i := 0; i < s.n; i++ {
		gp := s.at(i).ptr()
		if s.turns-gp.samerun.wait > samerunPatience {
			return i
		}
		if gp.samerun.prio > s.at(best).ptr().samerun.prio {
			best = i
		}
	}
	return best
}

// lowest returns a priority below all that were given before.
func (s *samerunTurn) lowest() uint64 {
	s.low--
	return s.low
}
