package pick

// Spec is a strategy with its numbers, as a user asks for it: the normal form of its
// text. The zero value asks for none.
//
// Invariant: Count, Length and Weights are zero unless the kind has them.
type Spec struct {
	Kind    Kind
	Count   uint64  // PCT's depth, the delays, the deviations of a search
	Length  uint64  // of the run in choices, 0 if not known
	Weights Weights // the events of the run, for URW and SURW
}

// Kind is which strategy it is.
type Kind uint8

// The kinds. KindNone is what a user asks for who does not say.
const (
	KindNone Kind = iota
	KindFIFO
	KindRandom
	KindWalk
	KindPCT
	KindPOS
	KindDelay
	KindURW
	KindSURW
	KindExhaustive
	KindDPOR // exhaustive, but for orders that are equivalent to others
	kinds
)

// The bounds of the numbers in a Spec.
const (
	MaxCount  = 1000
	MaxLength = 1 << 30
)

// DefaultLength is the number of choices that PCT and DelayBounded expect of a run
// if nobody says how many it has.
const DefaultLength = 4096

// SpecChoices is the grammar in one line, for messages.
const SpecChoices = "choose fifo, random, walk, pct:DEPTH[:LENGTH], pos, delay:DELAYS[:LENGTH], urw, surw, exhaustive[:DEVIATIONS] or exhaustive:dpor (as in: samerun test -strategy exhaustive)"

// NoSearch says why ordinary Go has no exhaustive search, and SingleChoices what it
// has.
const (
	NoSearch      = "exhaustive is a search over many runs in one process, and ordinary Go has one run of a test in a process"
	SingleChoices = "choose fifo, random, walk, pct:DEPTH[:LENGTH], pos, delay:DELAYS[:LENGTH], urw or surw"
)

// Name is how the kind is written; empty for KindNone.
func (k Kind) Name() string {
	switch k {
	case KindFIFO:
		return "fifo"
	case KindRandom:
		return "random"
	case KindWalk:
		return "walk"
	case KindPCT:
		return "pct"
	case KindPOS:
		return "pos"
	case KindDelay:
		return "delay"
	case KindURW:
		return "urw"
	case KindSURW:
		return "surw"
	case KindExhaustive:
		return "exhaustive"
	case KindDPOR:
		return "exhaustive:" + dporWord
	}
	return ""
}

// IsSearch reports whether the kind is a search over many runs.
func (k Kind) IsSearch() bool { return k == KindExhaustive || k == KindDPOR }

// dporWord stands behind exhaustive in place of a number.
const dporWord = "dpor"

// HasLength reports whether a spec of the kind says how long a run is.
func (k Kind) HasLength() bool { return k == KindPCT || k == KindDelay }

// HasWeights reports whether a spec of the kind says how many events each has.
func (k Kind) HasWeights() bool { return k == KindURW || k == KindSURW }

// digits is how long a name in the weights of the kind is.
func (k Kind) digits() int {
	if k == KindSURW {
		return whoDigits + 1
	}
	return whoDigits
}

// Deviates reports whether a run of the kind departs from the calm one by chance
// wherever it may, and not only at places that it counts.
func (k Kind) Deviates() bool { return k != KindFIFO && k != KindDelay }

// standard is the count if none is given.
func (k Kind) standard() uint64 {
	switch k {
	case KindPCT:
		return 3
	case KindDelay:
		return 2
	}
	return 0
}

// without says that the kind has no numbers; empty if it has.
func (k Kind) without() string {
	switch k {
	case KindFIFO:
		return "fifo has no numbers"
	case KindRandom:
		return "random has no numbers"
	case KindWalk:
		return "walk has no numbers"
	case KindPOS:
		return "pos has no numbers"
	}
	return ""
}

// counted says what the count of the kind is.
func (k Kind) counted() string {
	switch k {
	case KindPCT:
		return "the depth is a whole number from 1 to 1000"
	case KindDelay:
		return "the number of delays is a whole number from 1 to 1000"
	}
	return "the number of deviations is a whole number from 1 to 1000"
}

// ParseSpec reads a text such as pct:3:4096; the empty text is the zero Spec. The
// problem says what is wrong with it, and is empty if nothing is.
func ParseSpec(text string) (s Spec, problem string) {
	if text == "" {
		return Spec{}, ""
	}
	name, rest, numbers := cutColon(text)
	for k := KindFIFO; k < kinds; k++ {
		if k.Name() == name {
			s.Kind = k
		}
	}
	switch {
	case s.Kind == KindNone:
		return Spec{}, "there is no such strategy"
	case numbers && s.Kind.without() != "":
		return Spec{}, s.Kind.without()
	}
	s.Count = s.Kind.standard()
	if !numbers {
		return s, ""
	}
	if s.Kind.HasWeights() {
		w, ok := readWeights(rest, s.Kind.digits())
		if !ok {
			return Spec{}, weightsProblem
		}
		s.Weights = w
		return s, ""
	}
	count, length, second := cutColon(rest)
	if s.Kind == KindExhaustive && count == dporWord {
		if second {
			return Spec{}, "exhaustive:dpor has no number: an order with few deviations may be left out for an equivalent one with more"
		}
		return Spec{Kind: KindDPOR}, ""
	}
	var ok bool
	if s.Count, ok = readNumber(count, MaxCount); !ok {
		return Spec{}, s.Kind.counted()
	}
	if !second {
		return s, ""
	}
	if !s.Kind.HasLength() {
		return Spec{}, "exhaustive has one number at most"
	}
	if s.Length, ok = readNumber(length, MaxLength); !ok {
		return Spec{}, "the length is a whole number of choices from 1 to 1073741824"
	}
	return s, ""
}

// cutColon cuts a text at its first colon.
func cutColon(text string) (before, after string, found bool) { return cutAt(text, ':') }

// readNumber reads a whole number from 1 to a limit, in decimal digits.
func readNumber(text string, limit uint64) (n uint64, ok bool) {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' || n > limit {
			return 0, false
		}
		n = n*10 + uint64(text[i]-'0')
	}
	if n < 1 || n > limit {
		return 0, false
	}
	return n, true
}

// ForGoroutines returns the spec of a run of ordinary Go under a seed: the calm one
// at seed 0, and walk otherwise, if the spec asks for none.
func (s Spec) ForGoroutines(seed uint64) Spec {
	switch {
	case s.Kind != KindNone:
	case seed == 0:
		s.Kind = KindFIFO
	default:
		s.Kind = KindWalk
	}
	return s
}

// WithLength returns the spec with a length of 1 choice or more, if it wants one and
// has none, and otherwise as it is.
func (s Spec) WithLength(choices uint64) Spec {
	if s.Kind.HasLength() && s.Length == 0 {
		s.Length = min(max(choices, 1), MaxLength)
	}
	return s
}

// WithWeights returns the spec with weights, if it wants some and has none, and
// otherwise as it is.
func (s Spec) WithWeights(w *Weights) Spec {
	if s.Kind.HasWeights() && !s.Weights.Known() {
		s.Weights = *w
	}
	return s
}

// EstimateLength returns the length for WithLength, given the choices of one run: half
// as many again, and then the next power of two above. package sched says why.
func EstimateLength(choices uint64) uint64 {
	choices = min(choices, MaxLength)
	length := uint64(1)
	for length <= choices+choices/2 {
		length *= 2
	}
	return min(length, MaxLength)
}
