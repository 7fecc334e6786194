package records

// overtaking finds out which goroutines have a turn before the next one of the goroutine that
// started them, because that one lost its turn by a deviation.
//
// It reads the lines of a record in their order.
type overtaking struct {
	turn    uint64
	started map[uint64][]uint64 // in this turn, by who started them
	waits   []overtaken
}

// overtaken is a goroutine that has lost its turn.
type overtaken struct {
	at      int // the deviation, in Deviations.All
	by      uint64
	started []uint64 // in that turn
}

// see takes the next line; if that is a deviation, it is the last of d.
func (o *overtaking) see(d *Deviations, l *Line) {
	test := len(d.heads) - 1
	switch {
	case l.Kind == "go" && l.By != 0:
		if o.started == nil || o.turn != l.Turn {
			o.turn, o.started = l.Turn, make(map[uint64][]uint64)
		}
		o.started[l.By] = append(o.started[l.By], l.ID)
	case l.Kind == "draw" && (l.Stream == "point" || l.Stream == "stall" || l.Stream == "start"):
		if l.Turn == o.turn && len(o.started[l.ID]) > 0 {
			o.waits = append(o.waits, overtaken{len(d.All) - 1, l.ID, o.started[l.ID]})
		}
	case l.Kind == "turn":
		rest := o.waits[:0]
		for _, w := range o.waits {
			first := uint64(0)
			for _, id := range w.started {
				if id == l.ID {
					first = id
				}
			}
			switch {
			case d.All[w.at].test != test || l.ID == w.by:
				continue // it goes on
			case first != 0:
				d.All[w.at].first = goroutine{test, first}
				continue
			}
			rest = append(rest, w)
		}
		o.waits = rest
	}
}

// Rarely is how often a goroutine goes before the next step of the one that has just started
// it, in plain Go on a machine that is busy. TestHowOftenTheNewOneGoesFirst of
// internal/overlay counts it.
const Rarely = "about once in 40,000 times on two processors"
