package sweep

import (
	"cmp"
	"slices"

	"samerun/internal/runner"
)

// group is the failures that look alike (runner.Failure.Key).
type group struct {
	at    position // of the lowest failure, which stands for all
	first runner.Failure
	count uint64
	more  []runner.Failure // some others of the group, for the minimiser to begin with
}

// mostOthers is how many further failures of a group are remembered.
const mostOthers = 4

// failureSet groups failures. Its zero value is empty.
type failureSet struct {
	groups map[string]*group
}

// add puts a failure into its group and reports whether that group is new.
func (fs *failureSet) add(at position, f runner.Failure) (isNew bool) {
	if fs.groups == nil {
		fs.groups = make(map[string]*group)
	}
	key := f.Key()
	g := fs.groups[key]
	if g == nil {
		fs.groups[key] = &group{at: at, first: f, count: 1}
		return true
	}
	g.count++
	if at.before(g.at) {
		g.at, g.first, f = at, f, g.first
	}
	if len(g.more) < mostOthers {
		g.more = append(g.more, f)
	}
	return false
}

// sorted returns the groups in the order of their lowest failures.
func (fs *failureSet) sorted() []*group {
	var gs []*group
	for _, g := range fs.groups {
		gs = append(gs, g)
	}
	slices.SortFunc(gs, func(a, b *group) int {
		switch {
		case a.at.before(b.at):
			return -1
		case b.at.before(a.at):
			return 1
		}
		return cmp.Compare(a.first.Reason, b.first.Reason)
	})
	return gs
}

// keepLowest drops all groups but the one of the lowest failure: when the first
// failure ends the sweep, whether a later one was also met is chance.
func (fs *failureSet) keepLowest() {
	gs := fs.sorted()
	for _, g := range gs[min(1, len(gs)):] {
		for key, other := range fs.groups {
			if other == g {
				delete(fs.groups, key)
			}
		}
	}
	for _, g := range fs.groups {
		g.count = 1
	}
}
