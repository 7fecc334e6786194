package pick

import "testing"

// ready is a set of n that are ready, with identities from 1.
func ready(p *Picker, n int) (set []Candidate) {
	for i := range n {
		c := Candidate{ID: uint64(i + 1), Readied: 1}
		p.Add(&c)
		set = append(set, c)
	}
	return set
}

// take makes a pick, and returns who it is and the others.
func take(p *Picker, set []Candidate) (Candidate, []Candidate) {
	i := p.Next(set)
	c := set[i]
	return c, append(set[:i:i], set[i+1:]...)
}

func start(text string, seed uint64) *Picker {
	spec, problem := ParseSpec(text)
	if problem != "" {
		panic(problem)
	}
	p := &Picker{}
	p.Start(spec, ScheduleKey(seed))
	return p
}

// With patience nobody who is ready is passed over for ever, whatever the strategy;
// without it PCT does so until it becomes fair.
func TestPatience(t *testing.T) {
	for _, c := range []struct {
		strategy string
		patience uint64
		most     int
	}{
		{"pct:1:1000", 50, 52}, {"random", 50, 52}, {"pos", 50, 52}, {"walk", 50, 52}, {"delay:9:10", 50, 52},
		{"pct:1:1000", 0, 2000 + 200}, {"pct:1:1073741824", 50, 52},
	} {
		longest := 0
		for seed := range uint64(40) {
			p := start(c.strategy, seed)
			p.Patience = c.patience
			set := ready(p, 2)
			var x Candidate
			for n := 1; n <= 3000; n++ {
				x, set = take(p, set)
				if x.ID == 1 {
					longest = max(longest, n)
					break
				}
				x.Readied++ // it only waits for the first
				p.Add(&x)
				set = append(set, x)
				if n == 3000 {
					longest = n
				}
			}
		}
		if longest > c.most {
			t.Errorf("%s with patience %d: somebody was passed over %d times, want %d at most", c.strategy, c.patience, longest, c.most)
		}
		if c.strategy == "pct:1:1000" && longest < min(int(c.patience), 1) {
			t.Errorf("%s: nobody was passed over at all", c.strategy)
		}
	}
}

// Who yields under PCT has the lowest priority of all from then on.
func TestYieldUnderPCT(t *testing.T) {
	for seed := range uint64(50) {
		p := start("pct:3:8", seed)
		set := ready(p, 4)
		var x Candidate
		x, set = take(p, set)
		x.Fallen = p.Yield(x.Fallen)
		x.Readied++
		p.Add(&x)
		set = append(set, x)
		for len(set) > 1 {
			var y Candidate
			if y, set = take(p, set); y.ID == x.ID {
				t.Fatalf("seed %d: %d yielded and went before others", seed, x.ID)
			}
		}
	}
}

// At a point DelayBounded takes the turn where a delay is due, and PCT where a change
// is, or where somebody of a higher priority has become ready.
func TestPoints(t *testing.T) {
	for seed := range uint64(200) {
		p := start("delay:3:10", seed)
		set := ready(p, 2)
		var holder Candidate
		holder, set = take(p, set)
		lost := 0
		for range 20 {
			if p.AtPoints() && p.Point(&holder, set) {
				lost++
			}
		}
		if lost > 3 {
			t.Fatalf("seed %d: %d of 3 delays", seed, lost)
		}

		p = start("pct:2:10", seed)
		set = ready(p, 2)
		lost = 0
		holder, set = take(p, set)
		for n := 0; n < 9; n++ {
			if p.Point(&holder, set) {
				lost++
				holder.Readied++
				p.Add(&holder)
				set = append(set, holder)
				was := holder.ID
				if holder, set = take(p, set); holder.ID == was {
					t.Fatalf("seed %d: the one that fell goes on", seed)
				}
			}
		}
		if lost > 1 {
			t.Fatalf("seed %d: %d changes of priority at depth 2", seed, lost)
		}
	}
	// Without a change the one of a higher priority gets the turn at the next point.
	preempted := 0
	for seed := range uint64(200) {
		p := start("pct:1:100", seed)
		set := ready(p, 1)
		var holder Candidate
		holder, set = take(p, set)
		c := Candidate{ID: 9, Readied: 1}
		p.Add(&c)
		set = append(set, c)
		if p.Point(&holder, set) {
			preempted++
		}
	}
	if preempted < 60 || preempted > 140 {
		t.Errorf("in %d of 200 seeds the newcomer has the higher priority, want about half", preempted)
	}
}

// Who was removed leaves no trace in what is chosen among the others.
func TestRemove(t *testing.T) {
	for _, strategy := range []string{"random", "pos", "walk", "pct:3:100", "delay:3:100"} {
		for seed := range uint64(20) {
			p, q := start(strategy, seed), start(strategy, seed)
			with, without := ready(p, 6), ready(q, 5)
			p.Remove(&with[5])
			with = with[:5]
			for len(with) > 0 {
				var a, b Candidate
				if a, with = take(p, with); len(without) > 0 {
					b, without = take(q, without)
				}
				if a.ID != b.ID {
					t.Errorf("%s, seed %d: %d is next, want %d", strategy, seed, a.ID, b.ID)
				}
			}
		}
	}
}
