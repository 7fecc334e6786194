// Package feature names what a run has seen, so that runs can be compared: states that the
// test tells, Sometimes that came true, and orders of two accesses to one thing by two places.
// A guided search (internal/guide) keeps runs that saw something new.
//
// A feature is a kind and a hash. It is the same in every process and on every machine, and
// depends on no address: what a test calls a state is hashed by its type and value (Hash).
package feature

import (
	"cmp"
	"slices"
	"time"
)

// Kind says what sort of thing was seen.
type Kind uint8

// The kinds, the rarest first.
const (
	Sometimes Kind = iota // a Sometimes came true
	State                 // the test told a state
	Order                 // two places used one thing one after the other, so and so often
	Kinds                 // how many kinds there are
)

// Noun is a word for one feature of the kind.
func (k Kind) Noun() string {
	return [...]string{"Sometimes", "state", "order"}[k]
}

// Feature is one thing that a run has seen.
type Feature struct {
	Kind Kind
	Hash uint64
}

// Set collects what a run sees, and when it was seen first. Its zero value is empty.
type Set struct {
	has [Kinds]map[uint64]time.Duration
}

// Add takes in that a feature was seen at a time.
func (s *Set) Add(k Kind, hash uint64, at time.Duration) {
	if s.has[k] == nil {
		s.has[k] = map[uint64]time.Duration{}
	}
	if _, twice := s.has[k][hash]; !twice {
		s.has[k][hash] = at
	}
}

// Seen returns what was added.
func (s *Set) Seen() Seen {
	var out Seen
	for k := range s.has {
		for h, at := range s.has[k] { //samerun:allow maprange: sorted below
			out = append(out, Sight{Feature{Kind(k), h}, at})
		}
	}
	slices.SortFunc(out, func(a, b Sight) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Hash, b.Hash))
	})
	return out
}
