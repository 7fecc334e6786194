package pick

import (
	"cmp"
	"slices"
	"strconv"
)

// This file is for who counts the events of a calm run. It is not copied into package
// runtime.

// Counted is one of a run with its events.
type Counted struct {
	ID     uint64
	By     int                // who started it: its place in the list, before this one; or -1
	Events [EventKinds]uint64 // by their kind
}

// WeightsOf returns the weights for a kind of strategy, by all that a run has had, in
// the order in which they were started.
func WeightsOf(kind Kind, all []Counted) Weights {
	families := slices.Clone(all)
	for i := len(families) - 1; i >= 0; i-- {
		if by := families[i].By; by >= 0 {
			for k, n := range families[i].Events {
				families[by].Events[k] += n
			}
		}
	}
	w := Weights{rest: 1}
	var list []weight
	for i := range families {
		f := &families[i]
		if kind == KindSURW {
			for k, n := range f.Events {
				if n > 0 {
					list = append(list, weight{whoIs(f.ID)<<kindBits | uint32(k), uint32(min(n, MostEvents))})
				}
			}
			continue
		}
		sum := uint64(0)
		for _, n := range f.Events {
			sum += n
		}
		list = append(list, weight{whoIs(f.ID), uint32(min(max(sum, 1), MostEvents))})
	}
	slices.SortStableFunc(list, func(a, b weight) int {
		return cmp.Or(cmp.Compare(b.events, a.events), cmp.Compare(a.who, b.who))
	})
	if kind == KindURW {
		w.rest = commonest(list)
		list = slices.DeleteFunc(list, func(x weight) bool { return x.events == w.rest })
	}
	w.n = uint32(copy(w.list[:], list))
	return w
}

// commonest returns the number that most have, and the lower one of two. The list is
// sorted, the highest first.
func commonest(list []weight) uint32 {
	best, most, run := uint32(1), 0, 0
	for i, x := range list {
		if run++; i > 0 && x.events != list[i-1].events {
			run = 1
		}
		if run >= most {
			best, most = x.events, run
		}
	}
	return best
}

// weightsText writes the weights as ParseSpec reads them behind the colon; empty if they are
// not known.
func (s Spec) weightsText() string {
	w := &s.Weights
	if !w.Known() {
		return ""
	}
	const digits = "0123456789abcdefghijklmnopqrstuv"
	b := strconv.AppendUint(nil, uint64(w.rest), 10)
	for i, x := range w.list[:w.n] {
		if i == 0 || x.events != w.list[i-1].events {
			b = append(b, ',')
			b = strconv.AppendUint(b, uint64(x.events), 10)
			b = append(b, '-')
		}
		for d := s.Kind.digits() - 1; d >= 0; d-- {
			b = append(b, digits[x.who>>(5*d)&31])
		}
	}
	return string(b)
}

// Wants reports whether the kind of the spec wants to know something of a calm run that the
// spec does not say.
func (s Spec) Wants() bool {
	return s.Kind.HasLength() && s.Length == 0 || s.Kind.HasWeights() && !s.Weights.Known()
}

// String writes a spec as ParseSpec reads it; empty for the zero one.
func (s Spec) String() string {
	text := s.Kind.Name()
	if s.Count > 0 {
		text += ":" + strconv.FormatUint(s.Count, 10)
	}
	if s.Length > 0 {
		text += ":" + strconv.FormatUint(s.Length, 10)
	}
	if events := s.weightsText(); events != "" {
		text += ":" + events
	}
	return text
}
