package seeds

import (
	"iter"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// span is the seeds from first to last, both included.
type span struct{ first, last uint64 }

// size is the number of seeds in the span. Only the span of all 2^64 seeds
// would overflow, and Parse refuses that one.
func (s span) size() uint64 { return s.last - s.first + 1 }

// Set is an immutable set of seeds, in ascending order. Its zero value is empty.
//
// Invariant: the spans are ascending, do not overlap and do not touch, and leave
// out at least one of the 2^64 seeds. Equal sets therefore have equal spans.
type Set struct{ spans []span }

// Len returns the number of seeds in the set.
func (s Set) Len() uint64 {
	var n uint64
	for _, sp := range s.spans {
		n += sp.size()
	}
	return n
}

// Has reports whether seed is in the set.
func (s Set) Has(seed uint64) bool {
	i := s.search(seed)
	return i < len(s.spans) && s.spans[i].first <= seed
}

// First returns the smallest seed of the set; ok is false when the set is empty.
func (s Set) First() (seed uint64, ok bool) {
	if len(s.spans) == 0 {
		return 0, false
	}
	return s.spans[0].first, true
}

// All yields the seeds in ascending order, one at a time.
func (s Set) All() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, sp := range s.spans {
			// The test stands behind the step, because last may be the largest uint64.
			for seed := sp.first; ; seed++ {
				if !yield(seed) {
					return
				}
				if seed == sp.last {
					break
				}
			}
		}
	}
}

// Cut splits the set in two: head has the n smallest seeds (all of them when
// there are no more than n), rest has the others.
func (s Set) Cut(n uint64) (head, rest Set) {
	for i, sp := range s.spans {
		if n == 0 {
			return Set{s.spans[:i:i]}, Set{s.spans[i:]}
		}
		if n < sp.size() {
			mid := sp.first + n
			head = Set{append(slices.Clone(s.spans[:i]), span{sp.first, mid - 1})}
			rest = Set{append([]span{{mid, sp.last}}, s.spans[i+1:]...)}
			return head, rest
		}
		n -= sp.size()
	}
	return s, Set{}
}

// After returns the seeds of the set that are larger than seed.
func (s Set) After(seed uint64) Set {
	i := s.search(seed)
	if i == len(s.spans) {
		return Set{}
	}
	sp := s.spans[i]
	switch {
	case seed < sp.first:
		return Set{s.spans[i:]}
	case seed == sp.last:
		return Set{s.spans[i+1:]}
	}
	return Set{append([]span{{seed + 1, sp.last}}, s.spans[i+1:]...)}
}

// String returns the set in the grammar of Parse, in its shortest form: decimal,
// ascending, neighbours joined. Equal sets have equal strings. The string of an
// empty set is empty, and Parse refuses it.
func (s Set) String() string {
	var b strings.Builder
	for i, sp := range s.spans {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatUint(sp.first, 10))
		if sp.last != sp.first {
			b.WriteByte('-')
			b.WriteString(strconv.FormatUint(sp.last, 10))
		}
	}
	return b.String()
}

// search returns the index of the first span that does not end before seed.
func (s Set) search(seed uint64) int {
	return sort.Search(len(s.spans), func(i int) bool { return s.spans[i].last >= seed })
}
