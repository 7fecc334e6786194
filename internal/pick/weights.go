package pick

// Weights is how many events somebody has, as a calm run has counted them: for URW
// and SURW. An event is that one who is ready goes next, or goes on at a point.
//
// Events of somebody who has not been started are those of who will start it, so
// that a weight is that of a whole family. For SURW the events of each are told apart
// by kinds, of which there are EventKinds: which kind an event is of, the caller says.
//
// Who is not listed has rest events under URW, and none that are known under SURW.
// The zero value is for not known.
type Weights struct {
	rest uint32 // 1 or more if the weights are known
	n    uint32
	list [MostWeights]weight
}

// weight is how many events one has: of all kinds or, for SURW, of one.
type weight struct{ who, events uint32 }

// The bounds of Weights. Whoever has the fewest events is left out, if there are more.
const (
	MostWeights = 128
	MostEvents  = 1 << 30
	EventKinds  = 32
)

// whoDigits is how many digits the name of one has. It is some bits of a hash, enough
// that two of those listed hardly ever have the same.
const whoDigits = 5

// kindBits is how many bits below the name are for the kind.
const kindBits = 5

// whoIs returns the name by which an identity is listed.
func whoIs(id uint64) uint32 { return uint32(Scramble(id) >> (64 - 5*whoDigits)) }

// KindOfEvent returns the kind of events that a hash of what is alike in them belongs to.
func KindOfEvent(alike uint64) uint8 { return uint8(Scramble(alike) >> (64 - kindBits)) }

// Known reports whether the weights are known.
func (w *Weights) Known() bool { return w.rest > 0 }

// of returns how many events of all kinds somebody has.
func (w *Weights) of(id uint64) uint64 {
	who := whoIs(id)
	for i := range w.n {
		if w.list[i].who == who {
			return uint64(w.list[i].events)
		}
	}
	return uint64(w.rest)
}

// ofKinds returns how many events somebody has that are of the kinds in a set.
func (w *Weights) ofKinds(id uint64, kinds uint32) (events uint64) {
	who := whoIs(id)
	for i := range w.n {
		if x := &w.list[i]; x.who>>kindBits == who && kinds>>(x.who&(EventKinds-1))&1 != 0 {
			events += uint64(x.events)
		}
	}
	return events
}

// drawKinds draws a set of kinds: one that somebody has, and of the others each with
// the same chance, which is a half, a quarter or an eighth.
func (w *Weights) drawKinds(key Key) (kinds uint32) {
	chance := uint64(2) << key.Str("share").Below(3)
	for k := range uint64(EventKinds) {
		if key.With(k).Below(chance) == 0 {
			kinds |= 1 << k
		}
	}
	if w.n > 0 {
		kinds |= 1 << (w.list[key.Str("sure").Below(uint64(w.n))].who & (EventKinds - 1))
	}
	return kinds
}

// weightsProblem is what is wrong with a text that is none of Weights.
const weightsProblem = "the events are written as by samerun, such as 4,11-k3f9a; leave them out, and a calm run counts them"

// readWeights reads a text such as 4,11-k3f9a: who is not listed has 4, and k3f9a 11. A
// name has a digit more for SURW, the kind. Names of the same number stand together.
func readWeights(text string, digits int) (w Weights, ok bool) {
	head, tail, more := cutAt(text, ',')
	rest, ok := readNumber(head, MostEvents)
	if !ok {
		return Weights{}, false
	}
	w.rest = uint32(rest)
	for more {
		head, tail, more = cutAt(tail, ',')
		count, names, _ := cutAt(head, '-')
		events, ok := readNumber(count, MostEvents)
		if !ok || names == "" || len(names)%digits != 0 {
			return Weights{}, false
		}
		for ; names != ""; names = names[digits:] {
			who, ok := readDigits(names[:digits])
			if !ok || w.n == MostWeights {
				return Weights{}, false
			}
			w.list[w.n] = weight{who, uint32(events)}
			w.n++
		}
	}
	return w, true
}

// readDigits reads a number in the digits 0 to 9 and a to v.
func readDigits(text string) (n uint32, ok bool) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			n = n<<5 | uint32(c-'0')
		case 'a' <= c && c <= 'v':
			n = n<<5 | uint32(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}

// cutAt cuts a text at the first of a character.
func cutAt(text string, at byte) (before, after string, found bool) {
	for i := 0; i < len(text); i++ {
		if text[i] == at {
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}
