package shrink

import (
	"context"
	"testing"

	"samerun/sim/fault"
)

var n0 = []string{"n0"}

func lose(nth uint64) fault.Fault {
	return fault.Fault{Kind: fault.Lose, Nodes: n0, File: "wal", Nth: nth}
}

// powerFails is a program with five writes to a log that are never synced, of which a crash loses what
// the schedule says. It returns the numbers of those that are gone.
func powerFails(s fault.Schedule) (gone map[uint64]bool, hits []Hit) {
	gone = map[uint64]bool{}
	crash, keep, picked := -1, -1, false
	for i, f := range s.Faults {
		switch f.Kind {
		case fault.Crash:
			crash = i
		case fault.Unsynced:
			keep = i
		case fault.Lose:
			picked = picked || f.Nth <= 5
		}
	}
	if crash < 0 {
		return gone, nil
	}
	for n := uint64(1); n <= 5; n++ {
		at := -1
		for i, f := range s.Faults {
			if f.Equal(lose(n)) {
				at = i
			}
		}
		switch {
		case at >= 0:
		case keep >= 0:
			if s.Faults[keep].PPM == fault.Million || n != 2 && n != 4 { // chance would have it so
				continue
			}
			at = keep
		case picked:
			continue
		default:
			at = crash
		}
		gone[n] = true
		hits = append(hits, Hit{Index: at, Message: lose(n), Crash: true})
	}
	return gone, hits
}

// The smallest of a failure that a loss has made says which write it was that was lost, whether
// the crash lost all or chance had a hand in it, and says nothing if it was not for a loss.
func TestWhatACrashHasLost(t *testing.T) {
	crash := fault.Fault{Kind: fault.Crash, Nodes: n0, For: sec}
	chance := fault.Fault{Kind: fault.Unsynced, Nodes: n0, PPM: 500_000}
	for _, c := range []struct {
		name   string
		faults []fault.Fault
		fails  func(gone map[uint64]bool, crashed bool) bool
		want   []uint64
		size   int
	}{
		{"one write matters", []fault.Fault{crash}, func(gone map[uint64]bool, _ bool) bool { return gone[3] }, []uint64{3}, 2},
		{"two together", []fault.Fault{crash}, func(gone map[uint64]bool, _ bool) bool { return gone[2] && gone[5] }, []uint64{2, 5}, 3},
		{"one of two", []fault.Fault{crash}, func(gone map[uint64]bool, _ bool) bool { return gone[2] || gone[5] }, []uint64{5}, 2},
		{"none matters", []fault.Fault{crash}, func(_ map[uint64]bool, crashed bool) bool { return crashed }, nil, 1},
		{"one is gone and another is there", []fault.Fault{crash, chance}, func(gone map[uint64]bool, _ bool) bool { return gone[4] && len(gone) < 5 }, []uint64{4}, 2},
		{"chance was not needed", []fault.Fault{crash, chance}, func(gone map[uint64]bool, _ bool) bool { return gone[4] }, []uint64{4}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			crashed := func(in Input) bool {
				for _, f := range in.Schedule.Faults {
					if f.Kind == fault.Crash {
						return true
					}
				}
				return false
			}
			in := Input{Strategy: "fifo", Calm: FixedLatency, Schedule: fault.Schedule{Faults: c.faults}}
			r, err := Minimise(context.Background(), in, func(in Input) Verdict {
				if gone, _ := powerFails(in.Schedule); crashed(in) && c.fails(gone, true) {
					return Same
				}
				return Pass
			}, Options{Hits: func(in Input) []Hit { _, hits := powerFails(in.Schedule); return hits }})
			if err != nil || !r.Minimal || !r.Verified {
				t.Fatalf("%v %+v", err, r)
			}
			left := r.Input.Schedule
			for _, n := range c.want {
				found := false
				for _, f := range left.Faults {
					found = found || f.Equal(lose(n))
				}
				if !found {
					t.Errorf("write %d is not told:\n%v", n, left)
				}
			}
			if left.Size() != c.size {
				t.Errorf("%d elements are left:\n%v", left.Size(), left)
			}
		})
	}
}

// Which sectors of a torn write survive is told in the simplest way that fails.
func TestTornWritesBecomeSimpler(t *testing.T) {
	torn := func(sectors int64) fault.Fault {
		return fault.Fault{Kind: fault.Torn, Nodes: n0, File: "wal", Nth: 2, Sectors: sectors}
	}
	for _, c := range []struct {
		from  int64
		fails func(f fault.Fault) bool
		want  fault.Fault
	}{
		{^0b1011, func(f fault.Fault) bool { return true }, lose(2)},
		{^0b1011, func(f fault.Fault) bool { return f.Kind == fault.Torn }, torn(1)},
		{^0b1011, func(f fault.Fault) bool { return f.Sectors == ^0b1011 || f.Sectors == 3 }, torn(3)},
		{^0b1011, func(f fault.Fault) bool { return f.Sectors < 0 }, torn(^0b1011)},
		{6, func(f fault.Fault) bool { return f.Sectors >= 4 }, torn(4)},
	} {
		in := Input{Strategy: "fifo", Calm: FixedLatency, Schedule: fault.Schedule{Faults: []fault.Fault{torn(c.from)}}}
		r, err := Minimise(context.Background(), in, func(in Input) Verdict {
			if in.Schedule.Size() == 1 && c.fails(in.Schedule.Faults[0]) {
				return Same
			}
			return Pass
		}, Options{})
		if err != nil || r.Input.Schedule.Size() != 1 || !r.Input.Schedule.Faults[0].Equal(c.want) {
			t.Errorf("%v: %v, %v", torn(c.from), err, r.Input.Schedule)
		}
	}
}

// A chance that tears or loses, or lets syncs fail, is resolved together with the crash, and
// elements that leave nothing to chance are not.
func TestChanceOfDisks(t *testing.T) {
	for _, c := range []struct {
		json string
		want bool
	}{
		{`{"kind":"torn","nodes":["*"]}`, true},
		{`{"kind":"torn","nodes":["n0"],"file":"f","nth":1}`, false},
		{`{"kind":"unsynced","nodes":["*"],"ppm":300000}`, true},
		{`{"kind":"unsynced","nodes":["*"],"ppm":1000000}`, false},
		{`{"kind":"syncfail","nodes":["*"],"ppm":300000}`, true},
		{`{"kind":"syncfail","nodes":["n0"],"file":"f","nth":1}`, false},
		{`{"kind":"short","nodes":["*"],"ppm":300000}`, true},
		{`{"kind":"short","nodes":["n0"],"file":"f","nth":1}`, false},
		{`{"kind":"nospace","nodes":["*"]}`, false},
	} {
		var f fault.Fault
		if err := f.UnmarshalJSON([]byte(c.json)); err != nil {
			t.Fatal(err)
		}
		if got := chanceOfDisks(newElement(f)); got != c.want {
			t.Errorf("%s: %v", c.json, got)
		}
	}
}
