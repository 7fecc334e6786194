package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"samerun/internal/story"
	"samerun/internal/text"
)

// failure is one failing run, or an ordinary test that failed.
type failure struct {
	pkg      *testPackage
	test     string // empty if a package failed as a whole
	seed     *uint64
	property string
	reason   string // one line
	// signature, if not empty, is what all errors of this kind have in common.
	signature string
	told      *story.Story // what there is to tell of a run; nil if only its process is known
	output    string       // what the process printed, as far as it matters
	repeats   *bool        // nil if unknown
	command   string
	replay    string   // the file in which the test process saved it, if it did
	saved     string   // the copy of that in the package, as seen from the user's directory
	unsaved   error    // why there is none
	attached  []string // the files beside it, such as pictures
	pattern   *string  // of unmodified tests: what -run needs to be to show it, if known
	wall      time.Duration
	digest    string // of the minimised run
	// minimised says how small it was made, or why it was not.
	minimised string
	numbers   *minimisedJSON
}

// group is the failures that look alike: the same test, property and signature or, if
// the error has none of its own, reason, up to the numbers in it.
type group struct {
	at    position // of the lowest failure, which stands for all
	first failure
	count uint64
	more  []failure // some others of the group, for the minimiser to begin with
}

// mostOthers is how many further failures of a group are remembered.
const mostOthers = 4

// failureSet groups failures. Its zero value is empty.
type failureSet struct {
	groups map[string]*group
}

// key is equal for failures of one group.
func (f *failure) key() string {
	return f.pkg.path + "\x00" + f.test + "\x00" + f.property + "\x00" + cmp.Or(f.signature, text.WithoutNumbers(f.reason))
}

// add puts a failure into its group and reports whether that group is new.
func (fs *failureSet) add(at position, f failure) (isNew bool) {
	if fs.groups == nil {
		fs.groups = make(map[string]*group)
	}
	key := f.key()
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
		return cmp.Compare(a.first.reason, b.first.reason)
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

// story is all that there is to tell of a failure, as text.
func (f *failure) story() string {
	if f.told == nil {
		return f.output
	}
	return storyText(f.told)
}

// storyText is a story without a margin, and without the commands that the test
// would print: the tool has its own.
func storyText(s *story.Story) string {
	if s == nil {
		return ""
	}
	return strings.TrimRight(s.Head()+"\n"+s.Rest(), "\n")
}
