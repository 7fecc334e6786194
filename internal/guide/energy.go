package guide

import (
	"slices"

	"samerun/internal/feature"
	"samerun/internal/keyed"
)

// worth is how much a feature of a kind that one run has seen is worth. States are what the test
// itself cares for.
var worth = [feature.Kinds]uint64{feature.Sometimes: 64, feature.State: 16, feature.Order: 4}

// energy is the weight by which an entry is drawn. What many runs have seen is worth less, and
// who was changed often has had its chance.
func (s *Search) energy(e *entry) uint64 {
	sum := uint64(0)
	for _, f := range e.own {
		sum += worth[f.Kind] << 10 / s.hits[f]
	}
	return 1 + sum/(1+e.tries)
}

// weigh notes the energy of all entries, for one generation.
func (s *Search) weigh() {
	s.sums = s.sums[:0]
	sum := uint64(0)
	for _, e := range s.entries {
		sum += s.energy(e)
		s.sums = append(s.sums, sum)
	}
}

// choose draws an entry, nil if there is none.
func (s *Search) choose(k keyed.Key) *entry {
	n := len(s.sums)
	if n == 0 {
		return nil
	}
	i, found := slices.BinarySearch(s.sums, k.Below(s.sums[n-1]))
	if found {
		i++ // the sums before it are not above what was drawn
	}
	return s.entries[i]
}
