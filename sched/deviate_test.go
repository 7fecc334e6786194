package sched

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// turnsOf runs three tasks of four turns each and returns the order of turns as
// letters, and for each letter the identity of the task.
func turnsOf(t *testing.T, strategy Strategy) (order string, ids map[byte]uint64) {
	t.Helper()
	ids = map[byte]uint64{}
	s, err := New(Config{Strategy: strategy})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(func() {
		var wg WaitGroup
		for _, name := range "abc" {
			wg.Go(func() {
				ids[byte(name)] = s.Current().ID()
				for range 4 {
					order += string(name)
					Yield()
				}
			})
		}
		wg.Wait()
	}); err != nil {
		t.Fatal(err)
	}
	return order, ids
}

func TestDeviationDelaysOneTurn(t *testing.T) {
	plain, ids := turnsOf(t, &FIFO{})
	if plain != "abcabcabcabc" {
		t.Fatalf("FIFO runs %s", plain)
	}
	// a's second turn waits until neither b nor c is ready, which is never
	// before they have ended.
	d := NewDeviating(&FIFO{}, []Deviation{{Task: ids['a'], Ready: 2}, {Task: ids['b'], Ready: 99}})
	order, _ := turnsOf(t, d)
	if order != "abcbcbcbcaaa" {
		t.Errorf("with a delayed at its second turn: %s", order)
	}
	if !d.Met(Deviation{Task: ids['a'], Ready: 2}) || d.Met(Deviation{Task: ids['b'], Ready: 99}) {
		t.Error("Met does not tell which deviation came up")
	}
}

// A deviation that came up is told by the task and by what made it ready.
func TestDeviationPlaces(t *testing.T) {
	run := func(d *Deviating) (ids []uint64) {
		s, err := New(Config{Strategy: d})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(func() {
			var wg WaitGroup
			wg.Go(func() {
				ids = append(ids, s.Current().ID())
				Sleep(time.Second)
				Yield()
			})
			s.Go("a\nb", func() { ids = append(ids, s.Current().ID()) })
			wg.Wait()
		}); err != nil {
			t.Fatal(err)
		}
		return ids
	}
	ids := run(NewDeviating(&FIFO{}, nil))
	all := []Deviation{{Task: ids[0], Ready: 1}, {Task: ids[0], Ready: 2}, {Task: ids[0], Ready: 3}, {Task: ids[1], Ready: 1}, {Task: ids[1], Ready: 2}}
	d := NewDeviating(&FIFO{}, all)
	run(d)
	for i, want := range []string{" starts", " is back from Sleep", " has yielded", `a\nb starts`, ""} {
		got := d.Place(all[i])
		if d.Met(all[i]) != (got != "") || !strings.HasSuffix(got, want) || want == "" && got != "" {
			t.Errorf("deviation %v came up where %q, want %q", all[i], got, want)
		}
	}
}

func TestDeviationsAreIndependent(t *testing.T) {
	_, ids := turnsOf(t, &FIFO{})
	var orders []string
	for _, ds := range [][]Deviation{nil, {{Task: ids['a'], Ready: 2}}, {{Task: ids['b'], Ready: 1}}, {{Task: ids['a'], Ready: 2}, {Task: ids['b'], Ready: 1}}} {
		order, _ := turnsOf(t, NewDeviating(&FIFO{}, ds))
		if slices.Contains(orders, order) {
			t.Errorf("%v gives %s, which another set of deviations gave", ds, order)
		}
		orders = append(orders, order)
	}
}

// A slow machine's waits take longer, and its clock goes right.
func TestStretch(t *testing.T) {
	s, _ := New(Config{})
	err := s.Run(func() {
		g := s.NewGroup("slow", nil, nil)
		g.Stretch(1_000_000) // twice as long
		done := MakeChan[time.Duration](0)
		s.Spawn(g, "sleeper", s.Root().first.id.With(1).Uint64(), func() {
			Sleep(time.Second)
			done.Send(s.clk.Now())
			NewTimer(time.Second).C.Recv()
			done.Send(s.clk.Now())
		})
		for _, want := range []time.Duration{2 * time.Second, 4 * time.Second} {
			if at, _ := done.Recv(); at != want {
				t.Errorf("woke at %v, want %v", at, want)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// When only delayed tasks are ready, the one that waits for the fewest others goes
// first, of those that wait for as many the one that came first, and who waits for
// all others goes last.
func TestDelayedTasksAmongThemselves(t *testing.T) {
	_, ids := turnsOf(t, &FIFO{})
	// The shifts are more than all turns of the run, so that nobody comes to be due.
	for _, c := range []struct {
		want    string
		a, b, c uint64
	}{
		{"abc", 100, 200, 300}, {"acb", 100, 300, 200}, {"bac", 200, 100, 300}, {"cab", 200, 300, 100}, {"cba", 300, 200, 100},
		{"bca", 0, 100, 200}, {"cba", 0, 200, 100}, {"acb", 100, 0, 90_000}, {"abc", 100, 0, 0}, {"cab", 0, 0, 100},
		{"abc", 100, 100, 100}, {"bac", 200, 100, 200},
	} {
		var list []Deviation
		for i, shift := range [...]uint64{c.a, c.b, c.c} {
			list = append(list, Deviation{Task: ids["abc"[i]], Ready: 1, Shift: shift})
		}
		order, _ := turnsOf(t, NewDeviating(&FIFO{}, list))
		first := ""
		for _, letter := range order {
			if !strings.ContainsRune(first, letter) {
				first += string(letter)
			}
		}
		if first != c.want {
			t.Errorf("with shifts %d, %d, %d of a, b and c the first turns come in the order %s, want %s", c.a, c.b, c.c, first, c.want)
		}
	}
}
