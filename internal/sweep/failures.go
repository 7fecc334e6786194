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
	made  []string         // absolute paths of the files that were made when first was saved
	more  []runner.Failure // some others of the group, for the minimiser to begin with
	// In a report: the page of its trace, or why there is none.
	trace, noTrace string
}

// mostOthers is how many further failures of a group are remembered.
const mostOthers = 4

// failureSet groups failures. Its zero value is empty.
type failureSet struct {
	groups map[string]*group
}

// add puts a failure into its group and reports whether that group is new.
func (fs *failureSet) add(at position, f runner.Failure) (isNew bool) {
	_, isNew, _ = fs.enter(at, f)
	return isNew
}

// enter puts a failure into its group, and reports whether that is new. old is the
// failure that stood for the group before, if this one does now.
func (fs *failureSet) enter(at position, f runner.Failure) (g *group, isNew bool, old *runner.Failure) {
	if fs.groups == nil {
		fs.groups = make(map[string]*group)
	}
	key := f.Key()
	if g = fs.groups[key]; g == nil {
		g = &group{at: at, first: f, count: 1}
		fs.groups[key] = g
		return g, true, nil
	}
	g.count++
	if at.before(g.at) {
		before := g.first
		old = &before
		g.at, g.first, f = at, f, forget(before)
	}
	if len(g.more) < mostOthers {
		g.more = append(g.more, f)
	}
	return g, false, old
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
// failure ends the sweep, whether a later one was also met is chance. Their files go
// with them.
func (fs *failureSet) keepLowest() {
	gs := fs.sorted()
	for _, g := range gs[min(1, len(gs)):] {
		for key, other := range fs.groups {
			if other == g {
				g.discard(nil)
				delete(fs.groups, key)
			}
		}
	}
	for _, g := range fs.groups {
		g.count = 1
	}
}
