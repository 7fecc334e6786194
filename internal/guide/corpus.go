package guide

import (
	"slices"

	"samerun/internal/feature"
	"samerun/internal/text"
	"samerun/sim/replay"
)

// MostSaved is how many entries of a test are saved at most.
const MostSaved = 100

// Best returns the entries that are worth saving: as few as can see what was seen, or nearly (it
// takes the one that sees the most of what is left, again and again), and MostSaved at most.
// Those that were read are preferred. left is how many features the others have seen alone.
func (s *Search) Best() (best []*replay.File, left int) {
	open := map[feature.Feature]bool{}
	for _, e := range s.entries {
		for _, f := range e.own {
			open[f] = true
		}
	}
	gain := func(e *entry) (n int) {
		for _, x := range e.seen {
			if open[x.Feature] {
				n++
			}
		}
		return n
	}
	rest := slices.Clone(s.entries)
	bound := make([]int, len(rest)) // what each could bring at most: as much as when it was looked at last
	for i, e := range rest {
		bound[i] = gain(e)
	}
	for len(open) > 0 && len(best) < MostSaved {
		at, most := -1, 0
		for i, e := range rest {
			if bound[i] < most || bound[i] == most && (at >= 0 && rest[at].corpus || !e.corpus) && at >= 0 {
				continue
			}
			if bound[i] = gain(e); bound[i] > most || bound[i] == most && at >= 0 && e.corpus && !rest[at].corpus {
				at, most = i, bound[i]
			}
		}
		if at < 0 || most == 0 {
			break
		}
		for _, x := range rest[at].seen {
			delete(open, x.Feature)
		}
		best = append(best, rest[at].in)
		bound[at] = 0
	}
	return best, len(open)
}

// Stale is how many of the entries that were read have not seen anything that those before them
// have not.
func (s *Search) Stale() int {
	n := min(len(s.opts.Corpus), int(min(s.runs, 1<<31-1)))
	for _, e := range s.entries {
		if e.corpus {
			n--
		}
	}
	return n
}

// words say for people what an entry was the first to see.
func words(own []feature.Feature) []string {
	var count [feature.Kinds]int
	for _, f := range own {
		count[f.Kind]++
	}
	list := []string{}
	for k, n := range count {
		if n > 0 {
			list = append(list, text.Count(n, feature.Kind(k).Noun()))
		}
	}
	return list
}
