package pick

// SURW is the selectively uniform random walk: section 3.2 of Zhao, Wolff, Mathur and
// Roychoudhury, "Selectively Uniform Concurrency Testing" (ASPLOS 2025). Some kinds of
// events are chosen, here by a draw for each seed. Of these each order has the same
// chance, as of all events under URW: somebody is drawn whose chosen event is to come
// next, in proportion to those that each has left, and until then all others wait who
// have come to one. What is not chosen happens in between, in any order.
//
// So what is interesting about an order is drawn from few events, and those that
// have nothing to do with it take no chance away from it.
type SURW struct {
	task, pick, intend, birth, point Key

	chosenKinds uint32 // the chosen kinds of events, a bit each
	intended    uint64 // the identity of who is to have the next chosen event, 0 for not drawn
}

// NewSURW returns the strategy of a ScheduleKey.
func NewSURW(schedule Key, w *Weights) SURW {
	key := schedule.Str("surw")
	return SURW{task: key.Str("task"), pick: key.Str("pick"), intend: key.Str("intend"), birth: key.Str("birth"), point: key.Str("point"),
		chosenKinds: w.drawKinds(key.Str("kinds"))}
}

// Hash tells one event of somebody from all others, as that of URW.
func (s *SURW) Hash(id, readied, resumed, passed uint64) uint64 {
	return uint64(s.task.With(id).With(readied).With(resumed).With(passed))
}

// chosen reports whether the next event of somebody is a chosen one.
func (s *SURW) chosen(c *Candidate) bool { return s.chosenKinds>>(c.Kind&(EventKinds-1))&1 != 0 }

// goesOn reports whether c, which has come to an event that is not chosen, goes on
// without a choice: mostly it does, as under Walk.
func (s *SURW) goesOn(c *Candidate) bool {
	return !s.chosen(c) && s.point.With(c.prio).Below(8) > 0
}

// events returns how many chosen events somebody has, as far as is known.
func (s *SURW) events(c *Candidate) uint64 {
	if c.Left == 0 && s.chosen(c) {
		return 1
	}
	return c.Left
}

// started notes that somebody with left events starts another one, with share of them.
func (s *SURW) started(by, id, left, share uint64) {
	if s.intended == by && s.birth.With(id).Below(max(left, 1)) < share {
		s.intended = id
	}
}

// had notes that somebody has its next event.
func (s *SURW) had(c *Candidate) {
	if s.chosen(c) {
		s.intended = 0
	}
}

// among returns which of those that are ready is next: its place, or the length for c,
// which runs and could go on. c may be nil.
func (s *SURW) among(set uint64, ready []Candidate, c *Candidate) int {
	all := len(ready)
	if c != nil {
		all++
	}
	free, left, there := 0, uint64(0), false
	for i := range all {
		x := nthOf(ready, c, i)
		if !s.chosen(x) {
			free++
		}
		left += s.events(x)
		there = there || x.ID == s.intended
	}
	if free == all {
		return int(s.pick.With(set).Below(uint64(all)))
	}
	if !there {
		// Who was to be next waits for something, or has ended; or nobody was drawn.
		x := s.intend.With(set).Below(left)
		for i := range all {
			events := s.events(nthOf(ready, c, i))
			if x < events {
				s.intended = nthOf(ready, c, i).ID
				break
			}
			x -= events
		}
	}
	// Those may go whose event is not chosen, and the one that is drawn.
	may := free
	for i := range all {
		if x := nthOf(ready, c, i); x.ID == s.intended && s.chosen(x) {
			may++
		}
	}
	n := s.pick.With(set).Below(uint64(may))
	for i := range all {
		if x := nthOf(ready, c, i); x.ID == s.intended || !s.chosen(x) {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return 0
}

// nthOf returns the i-th of those that are ready, and behind them c.
func nthOf(ready []Candidate, c *Candidate, i int) *Candidate {
	if i == len(ready) {
		return c
	}
	return &ready[i]
}
