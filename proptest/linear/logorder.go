package linear

import (
	"cmp"
	"slices"

	"github.com/anishathalye/porcupine"
)

// decideLog always decides, unless an operation is none of a log: answers have the
// places of their entries, so that nearly the whole order is known.
//
// Where no answer says which entry is at a place, one of an unanswered append must
// be, with the right text if a read has it. These differ in their calls only, and
// what comes later in the log must be called before a later time; so the one with
// the earliest call is right for the first such place, and so on: with any other
// choice that works, the two could be exchanged. Places that were read come before
// those that were not.
//
// It takes O(n log n) steps, and time to compare what was read.
func decideLog(ops []*operation[LogInput, LogOutput]) porcupine.CheckResult {
	var (
		reads   []*operation[LogInput, LogOutput]
		unheard []*operation[LogInput, LogOutput] // in the order of their calls
		at      = map[int]*operation[LogInput, LogOutput]{}
		longest []string
		length  int
	)
	for _, op := range ops {
		switch {
		case op.in.Op == LogRead:
			reads = append(reads, op)
			if len(op.out.Entries) > len(longest) {
				longest = op.out.Entries
			}
		case op.in.Op != LogAppend:
			return porcupine.Unknown
		case op.state == unknown:
			unheard = append(unheard, op)
		default:
			i := op.out.Index
			if i < 0 || at[i] != nil {
				return porcupine.Illegal
			}
			at[i], length = op, max(length, i+1)
		}
	}
	length = max(length, len(longest))
	if length-len(at) > len(unheard) {
		return porcupine.Illegal
	}
	slices.SortFunc(reads, func(a, b *operation[LogInput, LogOutput]) int {
		return cmp.Or(cmp.Compare(len(a.out.Entries), len(b.out.Entries)), cmp.Compare(a.call, b.call))
	})
	candidates := newUnheardAppends(unheard)
	latest := int64(-1) // the last call among all that comes before in the log
	for i := 0; i <= length; i++ {
		n := 0
		for n < len(reads) && len(reads[n].out.Entries) == i {
			if reads[n].end < latest || !slices.Equal(reads[n].out.Entries, longest[:i]) {
				return porcupine.Illegal
			}
			n++
		}
		if n > 0 {
			latest = max(latest, reads[n-1].call)
			reads = reads[n:]
		}
		if i == length {
			break
		}
		op := at[i]
		switch {
		case op == nil && i < len(longest):
			op = candidates.with(longest[i])
		case op == nil:
			op = candidates.any()
		case i < len(longest) && op.in.Value != longest[i]:
			return porcupine.Illegal
		}
		if op == nil || op.end < latest {
			return porcupine.Illegal
		}
		latest = max(latest, op.call)
	}
	return porcupine.Ok
}

// unheardAppends gives out appends without an answer, the earliest first.
type unheardAppends struct {
	all  []*operation[LogInput, LogOutput]
	used []bool
	next int              // any looks from here on
	of   map[string][]int // the places in all of a text that with has not given out
}

func newUnheardAppends(all []*operation[LogInput, LogOutput]) *unheardAppends {
	u := &unheardAppends{all: all, used: make([]bool, len(all)), of: map[string][]int{}}
	for i, op := range all {
		u.of[op.in.Value] = append(u.of[op.in.Value], i)
	}
	return u
}

// with returns one with a text, nil if none is left. It is not called after any.
func (u *unheardAppends) with(text string) *operation[LogInput, LogOutput] {
	places := u.of[text]
	if len(places) == 0 {
		return nil
	}
	u.of[text] = places[1:]
	u.used[places[0]] = true
	return u.all[places[0]]
}

func (u *unheardAppends) any() *operation[LogInput, LogOutput] {
	for u.next < len(u.all) && u.used[u.next] {
		u.next++
	}
	if u.next == len(u.all) {
		return nil
	}
	u.used[u.next] = true
	return u.all[u.next]
}
