package guide

import (
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

// choose draws an entry, nil if there is none.
func (s *Search) choose(k keyed.Key) *entry {
	if len(s.entries) == 0 {
		return nil
	}
	weights := make([]uint64, len(s.entries))
	for i, e := range s.entries {
		weights[i] = s.energy(e)
	}
	return s.entries[drawn(weights, k)]
}
