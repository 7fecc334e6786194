package pick

// Candidate is one that is ready.
type Candidate struct {
	ID      uint64 // its identity, the same in every run
	Readied uint64 // how often it has become ready
	Resumed uint64 // how often it was set aside and came back while it was ready
	Group   uint64 // for POS: those of one group race
	Fallen  uint64 // for PCT: the priority to which it fell, kept by the caller; or 0
	Left    uint64 // for URW and SURW: how many events it has left, kept by the caller
	Passed  uint64 // for URW and SURW: how many points it has passed in its turn
	Kind    uint8  // for SURW: of its next event

	prio  uint64 // the lowest goes first; for Walk, URW and SURW its hash
	races uint64 // for POS
	since uint64 // the number of the pick since which it has been ready
}

// Picker is any of the strategies over an array of those that are ready, in the
// order in which they became ready. The array is the caller's. A pick costs time in
// proportion to their number, but for FIFO and walk.
//
// The zero value is FIFO. Start makes another one of it.
type Picker struct {
	// Patience is how many picks somebody who is ready can be passed over: then it is
	// next, whatever the strategy. 0 is for ever. Priorities alone could starve it, and
	// with it a test that takes turns for granted.
	Patience uint64

	kind   Kind
	random Random
	walk   Walk
	pct    PCT
	pos    POS
	delay  DelayBounded
	urw    URW
	surw   SURW

	weights Weights // URW, SURW
	decided uint64  // URW, SURW: the hash of who was drawn at a point, or 0

	set   uint64 // Walk, URW, SURW: the sum of the hashes of the ready
	seq   uint64 // DelayBounded: the place of the last in the queue
	picks uint64
}

// Start makes p the strategy of a spec that is for one run, and of a ScheduleKey.
func (p *Picker) Start(spec Spec, schedule Key) {
	*p = Picker{Patience: p.Patience, kind: spec.Kind}
	switch spec.Kind {
	case KindRandom:
		p.random = NewRandom(schedule)
	case KindWalk:
		p.walk = NewWalk(schedule)
	case KindPCT:
		p.pct = NewPCT(schedule, spec.Count, spec.Length)
	case KindPOS:
		p.pos = NewPOS(schedule)
	case KindDelay:
		p.delay = NewDelayBounded(schedule, spec.Count, spec.Length)
	case KindURW:
		p.urw, p.weights = NewURW(schedule), spec.Weights
	case KindSURW:
		p.weights = spec.Weights
		p.surw = NewSURW(schedule, &p.weights)
	}
}

// Weighs reports whether the strategy wants to know who is started, and the kinds of
// events.
func (p *Picker) Weighs() bool { return p.kind == KindURW || p.kind == KindSURW }

// Started returns how many events are left to somebody that was just started, and to
// who started it, which had left: 0 if nobody did. The one that runs is the only one that
// starts others. who is the identity by which the weights name it, id that of its
// Candidate, and by that of who started it.
func (p *Picker) Started(who, id, by, left uint64) (its, rest uint64) {
	switch p.kind {
	case KindURW:
		its = p.weights.of(who)
	case KindSURW:
		its = p.weights.ofKinds(who, p.surw.chosenKinds)
		p.surw.started(by, id, left, its)
	}
	if its > left {
		return its, 0
	}
	return its, left - its
}

// Add notes that c has become ready. The caller puts it last into the array.
func (p *Picker) Add(c *Candidate) {
	c.since, c.races = p.picks, 0
	switch p.kind {
	case KindWalk:
		c.prio = p.walk.Hash(c.ID, c.Readied, c.Resumed)
		p.set += c.prio
	case KindURW, KindSURW:
		p.hash(c)
		p.set += c.prio
	case KindDelay:
		p.last(c)
	default:
		p.draw(c)
	}
}

// Remove notes that c, which was added, is not ready any more, and was not next. The caller
// takes it out of the array, in which the others keep their order.
func (p *Picker) Remove(c *Candidate) {
	if p.kind == KindWalk || p.Weighs() {
		p.set -= c.prio
	}
}

// hash names the next event of c, for URW and SURW.
func (p *Picker) hash(c *Candidate) {
	if p.kind == KindURW {
		c.prio = p.urw.Hash(c.ID, c.Readied, c.Resumed, c.Passed)
	} else {
		c.prio = p.surw.Hash(c.ID, c.Readied, c.Resumed, c.Passed)
	}
}

// had notes that c has its next event, for URW and SURW.
func (p *Picker) had(c *Candidate) {
	if p.kind == KindSURW {
		if !p.surw.chosen(c) {
			return
		}
		p.surw.had(c)
	}
	if c.Left > 0 {
		c.Left--
	}
}

// draw gives c its priority.
func (p *Picker) draw(c *Candidate) {
	switch p.kind {
	case KindRandom:
		c.prio = p.random.Priority(c.ID, c.Readied)
	case KindPCT:
		c.prio = p.pct.Priority(c.ID, c.Readied, c.Fallen)
	case KindPOS:
		c.prio = p.pos.Priority(c.ID, c.Readied, c.races)
	}
}

// last puts c behind all others.
func (p *Picker) last(c *Candidate) {
	p.seq++
	c.prio = p.seq
}

// Next returns which of those that are ready, at least one, is next. The caller takes
// it out of the array, in which the others keep their order.
func (p *Picker) Next(ready []Candidate) int {
	i := 0
	if len(ready) > 1 {
		i = p.choose(ready)
	}
	p.picks++
	switch p.kind {
	case KindWalk:
		p.set -= ready[i].prio
	case KindURW, KindSURW:
		p.set -= ready[i].prio
		p.had(&ready[i])
	case KindPOS:
		for k := range ready {
			if c := &ready[k]; k != i && c.Group == ready[i].Group {
				c.races++
				p.draw(c)
			}
		}
	}
	return i
}

// choose is a choice among two or more.
func (p *Picker) choose(ready []Candidate) int {
	if p.Patience > 0 && p.picks-ready[0].since > p.Patience {
		return 0
	}
	switch p.kind {
	case KindWalk:
		return p.walk.Draw(p.set, len(ready))
	case KindPCT:
		for {
			prio, falls := p.pct.Change()
			if !falls {
				break
			}
			c := &ready[firstOf(ready)]
			c.Fallen = prio
			p.draw(c)
		}
		i := firstOf(ready)
		p.chosen(ready)
		return i
	case KindDelay:
		for p.delay.Due() {
			p.last(&ready[firstOf(ready)])
		}
		p.delay.Chosen()
		return firstOf(ready)
	case KindRandom, KindPOS:
		return firstOf(ready)
	case KindURW, KindSURW:
		decided := p.decided
		p.decided = 0
		for i := range ready {
			if decided != 0 && ready[i].prio == decided {
				return i
			}
		}
		return p.among(p.set, ready, nil)
	}
	return 0
}

// among draws for URW and SURW.
func (p *Picker) among(set uint64, ready []Candidate, c *Candidate) int {
	if p.kind == KindURW {
		return p.urw.among(set, ready, c)
	}
	return p.surw.among(set, ready, c)
}

// chosen counts a choice of PCT.
func (p *Picker) chosen(ready []Candidate) {
	if p.pct.Chosen() {
		for k := range ready {
			p.draw(&ready[k])
		}
	}
}

// firstOf returns the place of the lowest priority.
func firstOf(ready []Candidate) int {
	best := 0
	for i := range ready {
		if ready[i].prio < ready[best].prio {
			best = i
		}
	}
	return best
}

// AtPoints reports whether the strategy wants to be asked at each point at which the
// one that runs could lose its turn: PCT and DelayBounded, which count them among
// their choices, and URW and SURW, for which to go on there is an event.
func (p *Picker) AtPoints() bool {
	return p.kind == KindDelay || p.kind == KindPCT && !p.pct.Fair() || p.Weighs()
}

// Point is a choice between c, which runs and could go on, and those that are ready,
// at least one, but for URW and SURW. It reports whether c loses its turn; the caller then makes it ready,
// with the Fallen that it has now.
func (p *Picker) Point(c *Candidate, ready []Candidate) (lost bool) {
	switch p.kind {
	case KindDelay:
		for p.delay.Due() {
			lost = true
		}
		p.delay.Chosen()
	case KindPCT:
		p.draw(c)
		for {
			prio, falls := p.pct.Change()
			if !falls {
				break
			}
			falling := c
			if next := &ready[firstOf(ready)]; next.prio < c.prio {
				falling = next
			}
			falling.Fallen = prio
			p.draw(falling)
		}
		lost = ready[firstOf(ready)].prio < c.prio
		p.chosen(ready)
	case KindURW, KindSURW:
		if len(ready) > 0 {
			p.hash(c)
			if p.kind == KindSURW && p.surw.goesOn(c) {
				return false
			}
			if i := p.among(p.set+c.prio, ready, c); i < len(ready) {
				p.decided = ready[i].prio
				return true
			}
		}
		p.had(c)
	}
	return lost
}

// Yield returns the Fallen of somebody that runs and says that it waits for others,
// given what it was.
func (p *Picker) Yield(fallen uint64) uint64 {
	if p.kind == KindPCT {
		return p.pct.Yield()
	}
	return fallen
}
