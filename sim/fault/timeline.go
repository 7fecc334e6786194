package fault

import (
	"cmp"
	"slices"
	"time"
)

// Edge is a beginning or an end of an element of a schedule.
type Edge struct {
	At    time.Duration // virtual time
	Index int           // of the element in Schedule.Faults
	Begin bool
}

// Timeline returns the beginnings and ends of the elements, sorted by time; at
// one instant the ends come first, then the order of the list.
//
// Elements without a time of their own are not in it: those that pick a message
// by its number, and those that wait for the n-th start of a node. Neither are
// beginnings at or after Quiet, which never happen. An element that lasts until
// Quiet, or beyond it, ends there; without Quiet it has no end.
func Timeline(s Schedule) []Edge {
	edges := make([]Edge, 0, 2*len(s.Faults))
	for i := range s.Faults {
		f := &s.Faults[i]
		if f.Boot > 0 || f.Nth > 0 || s.Quiet > 0 && f.At >= s.Quiet {
			continue
		}
		edges = append(edges, Edge{f.At, i, true})
		end, ends := f.End()
		if s.Quiet > 0 && (!ends || end > s.Quiet) {
			end, ends = s.Quiet, true
		}
		if ends {
			edges = append(edges, Edge{end, i, false})
		}
	}
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(boolInt(a.Begin), boolInt(b.Begin)), cmp.Compare(a.Index, b.Index))
	})
	return edges
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
