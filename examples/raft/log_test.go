package raft

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A log agrees with a plain slice of terms that starts at index 1 and never loses
// its beginning.
func TestLogModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l raftLog
		model := []int{0} // the term at each index
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				term := model[len(model)-1] + rapid.IntRange(0, 2).Draw(t, "later")
				term = max(term, 1)
				for range rapid.IntRange(1, 4).Draw(t, "n") {
					l.append(LogEntry{Term: term})
					model = append(model, term)
				}
			},
			"truncate": func(t *rapid.T) {
				if l.last() > l.base {
					i := rapid.IntRange(l.base+1, l.last()).Draw(t, "index")
					l.truncate(i)
					model = model[:i:i]
				}
			},
			"compact": func(t *rapid.T) {
				i := rapid.IntRange(l.base, l.last()).Draw(t, "index")
				l.compact(i, model[i])
			},
			"install": func(t *rapid.T) {
				// A snapshot from elsewhere that this log does not match.
				i := l.last() + rapid.IntRange(1, 5).Draw(t, "ahead")
				term := model[len(model)-1] + 1
				l.compact(i, term)
				for len(model) <= i {
					model = append(model, term)
				}
			},
			"": func(t *rapid.T) { compareLog(t, &l, model) },
		})
	})
}

func compareLog(t *rapid.T, l *raftLog, model []int) {
	if l.last() != len(model)-1 || l.lastTerm() != model[l.last()] {
		t.Fatalf("the log ends at %d in term %d; it should at %d in term %d", l.last(), l.lastTerm(), len(model)-1, model[len(model)-1])
	}
	for i := l.base; i <= l.last(); i++ {
		if l.term(i) != model[i] {
			t.Fatalf("index %d has term %d; it should have %d", i, l.term(i), model[i])
		}
		if i == l.base {
			continue
		}
		if first := max(slices.Index(model, model[i]), l.base+1); l.firstOf(i) != first {
			t.Fatalf("firstOf(%d) is %d; it should be %d", i, l.firstOf(i), first)
		}
		if n := len(l.from(i, 3)); n != min(3, l.last()-i+1) || l.from(i, 3)[0].Term != model[i] {
			t.Fatalf("from(%d, 3) has %d entries", i, n)
		}
	}
	for term := 1; term <= model[l.last()]+1; term++ {
		want := 0
		for i := l.base; i <= l.last(); i++ {
			if model[i] == term {
				want = i
			}
		}
		if got := l.lastOf(term); got != want {
			t.Fatalf("lastOf(%d) is %d; it should be %d", term, got, want)
		}
	}
}

// Which log is more up to date: §5.4.1.
func TestUpToDate(t *testing.T) {
	rf := &Raft{log: raftLog{entries: []LogEntry{{Term: 1}, {Term: 3}, {Term: 3}}}}
	for _, test := range []struct {
		lastIndex, lastTerm int
		want                bool
	}{
		{3, 3, true}, {4, 3, true}, {2, 3, false}, {1, 4, true}, {9, 2, false}, {0, 0, false},
	} {
		if got := rf.upToDate(test.lastIndex, test.lastTerm); got != test.want {
			t.Errorf("a log that ends at %d in term %d: up to date is %v; it should be %v", test.lastIndex, test.lastTerm, got, test.want)
		}
	}
}
