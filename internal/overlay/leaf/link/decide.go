package link

import (
	"samerun/internal/overlay/leaf/mix"
	"samerun/internal/overlay/leaf/rule"
)

// LinkFate is what becomes of a piece or a datagram that is sent. The zero LinkFate is for
// one that nothing befalls; Delay is then what it was given.
type LinkFate struct {
	Delay int64 // until it arrives, in nanoseconds
	Ahead bool  // whatever holds others up; datagrams overtake each other if it differs from the usual
	Lost  bool  // a datagram alone: of a stream it is sent again
	Reset bool  // the connection is reset in its place
	Flip  int64 // the bit that arrives wrong, from 1; 0 for none. Of a datagram alone
	// Copies are further datagrams, by how much later than the sending they arrive. TCP throws
	// them away.
	Copies []int64
	Other  bool // any rule has changed anything
}

// Stream decides about a piece of a stream that is sent at now and would arrive after usual.
func (l *Link) Stream(p *LinkPiece, now, usual int64) (f LinkFate) {
	f.Delay = usual
	late := int64(0)
	for _, x := range l.rules() {
		if !x.applies(p) {
			continue
		}
		switch x.Kind {
		case rule.RuleLatency:
			f.Delay = x.time(l, p, linkDrawTime, x.Shape)
			x.hit(l, p, now)
		case rule.RuleBandwidth:
			whole := *x
			whole.Queue = 0 // TCP waits
			wait, _ := whole.transmit(l, p.Size, now)
			x.wires = whole.wires
			late += wait
			x.hit(l, p, now)
		case rule.RuleLoss, rule.RuleFlip: // the checksum finds what is wrong
			if x.PPM < rule.Million {
				if again := x.again(l, p, now); again > 0 {
					late += again
					x.picked(l, p, now, rule.RuleHold, again)
				}
			}
		case rule.RuleDrop:
			late += LinkAgain
			x.hit(l, p, now)
		case rule.RuleReorder:
			if x.chance(l, p, linkDrawChance) {
				again := x.time(l, p, linkDrawTime, 1)
				late += again
				x.picked(l, p, now, rule.RuleHold, again)
			}
		case rule.RuleHold:
			late += x.Min
			x.hit(l, p, now)
		case rule.RuleReset:
			if (x.PPM > 0 || x.Nth > 0) && x.chance(l, p, linkDrawChance) {
				f.Reset = true
				x.picked(l, p, now, rule.RuleReset, 0)
			}
		case rule.RuleDeliver:
			f.Ahead = true
			x.hit(l, p, now)
		default:
			continue
		}
		f.Other = true
	}
	if f.Delay = min(f.Delay+late, linkForEver); f.Ahead {
		f.Delay = 0
	}
	return f
}

// again is how much later a piece arrives since it was lost, so many times, and sent again.
// What would be lost as often as TCP tries is late by as much as that takes; what is sent again
// when the loss has ended is not lost any more.
func (x *LinkRule) again(l *Link, p *LinkPiece, now int64) (late int64) {
	step := int64(LinkAgain)
	for try := uint64(0); late < LinkGivesUp; try++ {
		what := uint64(linkDrawChance)
		if try > 0 {
			what = linkDrawAgain + try
			if x.End > 0 && now+late >= x.End {
				break
			}
		}
		if !x.chance(l, p, what) {
			break
		}
		late += step
		step = min(2*step, LinkAgainMost)
	}
	return late
}

// Datagram decides about a datagram that is sent at now and would arrive after usual.
func (l *Link) Datagram(p *LinkPiece, now, usual int64) (f LinkFate) {
	f.Delay = usual
	late := int64(0)
	var latency *LinkRule
	var twice, again []*LinkRule
	for _, x := range l.rules() {
		if !x.applies(p) {
			continue
		}
		switch x.Kind {
		case rule.RuleLatency:
			latency = x
			f.Delay = x.time(l, p, linkDrawTime, x.Shape)
			x.hit(l, p, now)
		case rule.RuleBandwidth:
			wait, ok := x.transmit(l, p.Size, now)
			f.Lost = f.Lost || !ok
			late += wait
			x.hit(l, p, now)
		case rule.RuleLoss:
			if !x.chance(l, p, linkDrawChance) {
				continue
			}
			f.Lost = true
			x.picked(l, p, now, rule.RuleDrop, 0)
		case rule.RuleDrop, rule.RuleCut:
			f.Lost = true
			x.hit(l, p, now)
		case rule.RuleDuplicate:
			if !x.chance(l, p, linkDrawChance) {
				continue
			}
			twice = append(twice, x)
			x.picked(l, p, now, rule.RuleTwice, 0)
		case rule.RuleTwice:
			twice = append(twice, x)
			x.hit(l, p, now)
		case rule.RuleReplay:
			if !x.chance(l, p, linkDrawChance) {
				continue
			}
			again = append(again, x)
			x.picked(l, p, now, rule.RuleReplay, 0)
		case rule.RuleReorder:
			if !x.chance(l, p, linkDrawChance) {
				continue
			}
			held := x.time(l, p, linkDrawTime, 1)
			late += held
			x.picked(l, p, now, rule.RuleHold, held)
		case rule.RuleHold:
			late += x.Min
			x.hit(l, p, now)
		case rule.RuleFlip:
			if p.Size == 0 || !x.chance(l, p, linkDrawChance) {
				continue
			}
			f.Flip = 1 + int64(linkBelow(x.draw(l, p, linkDrawBit), uint64(p.Size)*8))
			x.picked(l, p, now, rule.RuleFlip, 0)
		case rule.RuleDeliver:
			f.Ahead = true
			x.hit(l, p, now)
		default:
			continue
		}
		f.Other = true
	}
	if f.Delay = min(f.Delay+late, linkForEver); f.Ahead {
		f.Delay, f.Lost = 0, false
	}
	if f.Lost {
		return f
	}
	for _, x := range twice {
		own := usual
		if latency != nil {
			own = latency.timeBy(mix.Mix(latency.draw(l, p, linkDrawCopy), x.Key), latency.Shape)
		}
		f.Copies = append(f.Copies, own)
	}
	for _, x := range again {
		f.Copies = append(f.Copies, f.Delay+x.time(l, p, linkDrawCopy, 1))
	}
	return f
}

// LinkDialling is what becomes of a dial that has come to the listener's end.
type LinkDialling int

// What may become of a dial.
const (
	LinkDialPasses  LinkDialling = iota
	LinkDialRefused              // it is answered by a reset
	LinkDialIgnored              // it is not answered, and tried again
)

// Dials decides about the try-th try of a dial, from 0, which has come to the other end;
// pending is how many connections wait there to be accepted.
func (l *Link) Dials(p *LinkPiece, now int64, try uint64, pending int) LinkDialling {
	for _, x := range l.rules() {
		if x.Nth > 0 || !x.applies(p) {
			continue
		}
		switch x.Kind {
		case rule.RuleRefuse:
			if x.chance(l, p, linkDrawChance) {
				x.picked(l, p, now, rule.RuleRefuse, 0)
				return LinkDialRefused
			}
		case rule.RuleBacklog:
			if int64(pending) >= x.Queue {
				x.hit(l, p, now)
				return LinkDialIgnored
			}
		case rule.RuleLoss, rule.RuleFlip:
			if x.PPM < rule.Million && x.chance(l, p, linkDrawAgain+try) {
				x.hit(l, p, now)
				return LinkDialIgnored
			}
		}
	}
	return LinkDialPasses
}

// DialDelay is how long the message of a dial, or the answer to it, is on its way.
func (l *Link) DialDelay(p *LinkPiece, now, usual int64) int64 {
	for _, x := range l.rules() {
		if x.Kind == rule.RuleLatency && x.Nth == 0 && x.applies(p) {
			usual = x.time(l, p, linkDrawTime, x.Shape)
			x.hit(l, p, now)
		}
	}
	return usual
}

// LinkState is what holds a link up at an instant.
type LinkState struct {
	Cut, Clog, Stall bool
}

// Held reports whether anything does.
func (s LinkState) Held() bool { return s.Cut || s.Clog || s.Stall }

// State is what holds up the pieces of a connection in their direction, or datagrams.
func (l *Link) State(p *LinkPiece) (s LinkState) {
	for _, x := range l.rules() {
		if x.Nth > 0 || !x.applies(p) {
			continue
		}
		switch x.Kind {
		case rule.RuleCut:
			s.Cut = true
		case rule.RuleLoss:
			s.Cut = s.Cut || x.PPM >= rule.Million
		case rule.RuleFlip: // of a piece of a stream, which the checksum throws away
			s.Cut = s.Cut || x.PPM >= rule.Million && p.Conn > 0
		case rule.RuleClog:
			s.Clog = true
		case rule.RuleStall:
			if x.chance(l, &LinkPiece{Conn: p.Conn, Back: p.Back}, linkDrawChance) {
				s.Stall = true
			}
		}
	}
	return s
}

// HeldUp counts, for the rules that hold a piece up at now, that they do.
func (l *Link) HeldUp(p *LinkPiece, now int64) {
	for _, x := range l.rules() {
		if x.Nth > 0 || !x.applies(p) {
			continue
		}
		switch x.Kind {
		case rule.RuleCut, rule.RuleClog:
			x.hit(l, p, now)
		case rule.RuleLoss, rule.RuleFlip:
			if x.PPM >= rule.Million && (x.Kind == rule.RuleLoss || p.Conn > 0) {
				x.hit(l, p, now)
			}
		case rule.RuleStall:
			if one := (LinkPiece{Conn: p.Conn, Back: p.Back}); x.chance(l, &one, linkDrawChance) {
				x.picked(l, &one, now, rule.RuleStall, 0)
			}
		}
	}
}

// Breaks says what the rules of an index, which has just begun, do to a connection that is
// open: reset it, or leave it half open. p is any piece of who has dialled.
func (l *Link) Breaks(index int, p *LinkPiece, now int64) (reset, gone bool) {
	for _, x := range l.rules() {
		if x.Index != index || x.Nth > 0 || !x.applies(p) {
			continue
		}
		switch {
		case x.Kind == rule.RuleReset && x.PPM == 0:
			reset = true
			x.hit(l, p, now)
		case x.Kind == rule.RuleHalfOpen && x.chance(l, p, linkDrawChance):
			gone = true
			x.picked(l, p, now, rule.RuleHalfOpen, 0)
		}
	}
	return reset, gone
}
