package pick

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// straight is a program of tasks that wait for nothing: each has events of some kinds, and
// may start another task in the course of one. Task 0 begins.
type straight struct {
	kinds  [][]uint8      // of the events of each
	starts map[[2]int]int // task and event, from 0: who is started in it
}

// drawStraight draws a small program.
func drawStraight(key Key, kinds uint64) *straight {
	p := &straight{starts: map[[2]int]int{}}
	tasks := 2 + int(key.Str("tasks").Below(3))
	for t := range tasks {
		k := key.Str("task").With(uint64(t))
		events := 1 + k.Str("events").Below(3)
		if t > 0 {
			// Somebody starts it who was there before, in any of its events.
			by := int(k.Str("by").Below(uint64(t)))
			at := [2]int{by, int(k.Str("at").Below(uint64(len(p.kinds[by]))))}
			for _, taken := p.starts[at]; taken; _, taken = p.starts[at] {
				if at[1]++; at[1] == len(p.kinds[by]) {
					p.kinds[by] = append(p.kinds[by], uint8(k.Str("more").Below(kinds)))
				}
			}
			p.starts[at] = t
		}
		var list []uint8
		for e := range events {
			list = append(list, uint8(k.With(e).Below(kinds)))
		}
		p.kinds = append(p.kinds, list)
	}
	return p
}

func (p *straight) id(t int) uint64 { return uint64(IdentKey("straight").With(uint64(t))) }

// counted counts the events of the program.
func (p *straight) counted() []Counted {
	all := []Counted{}
	place := map[int]int{}
	var add func(t, by int)
	add = func(t, by int) {
		c := Counted{ID: p.id(t), By: by}
		for _, k := range p.kinds[t] {
			c.Events[k]++
		}
		place[t] = len(all)
		all = append(all, c)
		for e := range p.kinds[t] {
			if s, ok := p.starts[[2]int{t, e}]; ok {
				add(s, place[t])
			}
		}
	}
	add(0, -1)
	return all
}

// run runs the program and returns whose each event was that is of the kinds in a set. With
// points a task goes on if it does not lose its turn.
func (p *straight) run(by *Picker, points bool, kinds uint32) string {
	var order strings.Builder
	var ready []Candidate
	next := make([]int, len(p.kinds))
	left := make([]uint64, len(p.kinds))
	task := map[uint64]int{}
	candidate := func(t, passed int) Candidate {
		return Candidate{ID: p.id(t), Readied: uint64(next[t] + 1), Left: left[t], Passed: uint64(passed), Kind: p.kinds[t][next[t]]}
	}
	start := func(t, from int) {
		task[p.id(t)] = t
		if from < 0 {
			left[t], _ = by.Started(p.id(t), p.id(t), 0, 0)
		} else {
			left[t], left[from] = by.Started(p.id(t), p.id(t), p.id(from), left[from])
		}
		c := candidate(t, 0)
		by.Add(&c)
		ready = append(ready, c)
	}
	start(0, -1)
	for len(ready) > 0 {
		i := by.Next(ready)
		t := task[ready[i].ID]
		left[t] = ready[i].Left
		ready = slices.Delete(ready, i, i+1)
		for passed := 1; ; passed++ {
			if k := p.kinds[t][next[t]]; kinds>>k&1 != 0 {
				fmt.Fprintf(&order, "%d", t)
			}
			if s, ok := p.starts[[2]int{t, next[t]}]; ok {
				start(s, t)
			}
			if next[t]++; next[t] == len(p.kinds[t]) {
				break
			}
			c := candidate(t, passed)
			if points && by.AtPoints() {
				lost := by.Point(&c, ready)
				left[t] = c.Left
				if !lost {
					continue
				}
			}
			c.Passed = 0
			by.Add(&c)
			ready = append(ready, c)
			break
		}
	}
	return order.String()
}

// orders lists the orders of the events of the kinds in a set.
func (p *straight) orders(kinds uint32) map[string]bool {
	all := map[string]bool{}
	var walk func(next []int, begun []bool, order string)
	walk = func(next []int, begun []bool, order string) {
		ended := true
		for t := range p.kinds {
			if !begun[t] || next[t] == len(p.kinds[t]) {
				continue
			}
			ended = false
			n, b, o := slices.Clone(next), slices.Clone(begun), order
			if kinds>>p.kinds[t][next[t]]&1 != 0 {
				o += fmt.Sprint(t)
			}
			if s, ok := p.starts[[2]int{t, next[t]}]; ok {
				b[s] = true
			}
			n[t]++
			walk(n, b, o)
		}
		if ended {
			all[order] = true
		}
	}
	begun := make([]bool, len(p.kinds))
	begun[0] = true
	walk(make([]int, len(p.kinds)), begun, "")
	return all
}

// even reports whether counts of runs could be those of orders that have the same chance:
// Pearson's chi-square is at most five standard deviations above what is expected. All
// numbers are whole: with m orders and n runs it is the sum of (m·count−n)², by m·n.
func even(counts map[string]int, orders map[string]bool) bool {
	m, n, sum := len(orders), 0, 0
	for order := range orders {
		n += counts[order]
	}
	for order := range orders {
		d := m*counts[order] - n
		sum += d * d
	}
	over := sum - m*n*(m-1) // m·n times what is above m-1, of which the variance is 2(m-1)
	return over <= 0 || over/(m*n)*(over/(m*n)) <= 25*2*(m-1)
}

// URW is uniform over all orders of programs whose events are counted right, with and
// without points; Walk is not, so that the check is one.
func TestURWIsUniform(t *testing.T) {
	uneven := 0
	for n := range uint64(14) {
		p := drawStraight(IdentKey("urw").With(n), 1)
		orders := p.orders(1)
		if len(orders) < 3 || len(orders) > 300 {
			continue
		}
		w := WeightsOf(KindURW, p.counted())
		for _, c := range []struct {
			spec   Spec
			points bool
		}{{Spec{Kind: KindURW, Weights: w}, false}, {Spec{Kind: KindURW, Weights: w}, true}, {Spec{Kind: KindWalk}, false}} {
			counts := map[string]int{}
			for seed := range uint64(60 * len(orders)) {
				by := &Picker{}
				by.Start(c.spec, ScheduleKey(seed+1))
				order := p.run(by, c.points, 1)
				if !orders[order] {
					t.Fatalf("program %d: no order %s", n, order)
				}
				counts[order]++
			}
			switch fair := even(counts, orders); {
			case c.spec.Kind == KindWalk && !fair:
				uneven++
			case c.spec.Kind == KindURW && !fair:
				t.Errorf("program %d %v, points %v: the %d orders came up %v", n, p, c.points, len(orders), counts)
			}
		}
	}
	if uneven < 5 {
		t.Errorf("under Walk %d programs are uneven; the check sees nothing", uneven)
	}
}

// Under SURW each order of the chosen events has the same chance, whatever else the
// tasks do.
func TestSURWIsUniformWhereChosen(t *testing.T) {
	checked := 0
	for n := range uint64(14) {
		p := drawStraight(IdentKey("surw").With(n), 3)
		w := WeightsOf(KindSURW, p.counted())
		counts := map[uint32]map[string]int{}
		for seed := range uint64(12000) {
			by := &Picker{}
			by.Start(Spec{Kind: KindSURW, Weights: w}, ScheduleKey(seed+1))
			kinds := by.surw.chosenKinds & 7
			if counts[kinds] == nil {
				counts[kinds] = map[string]int{}
			}
			counts[kinds][p.run(by, seed%2 == 0, kinds)]++
		}
		for kinds := range uint32(8) {
			orders := p.orders(kinds)
			if len(orders) < 2 || len(orders) > 60 || counts[kinds] == nil {
				continue
			}
			checked++
			if !even(counts[kinds], orders) {
				t.Errorf("program %d %v, kinds %03b: the %d orders came up %v", n, p, kinds, len(orders), counts[kinds])
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d sets of kinds were checked", checked)
	}
}

// What is written is read, and what samerun does not write is refused.
func TestWeightsText(t *testing.T) {
	var all []Counted
	for i := range 300 {
		c := Counted{ID: uint64(i), By: -1}
		if i > 0 {
			c.By = (i - 1) / 7
		}
		c.Events[i%5], c.Events[31] = uint64(i%11), 2
		all = append(all, c)
	}
	for _, kind := range []Kind{KindURW, KindSURW} {
		s := Spec{Kind: kind, Weights: WeightsOf(kind, all)}
		again, problem := ParseSpec(s.String())
		if problem != "" || again != s {
			t.Errorf("%s is read with %q as %s", s, problem, again)
		}
		if n := len(s.String()); n > 1200 || s.Weights.n != MostWeights {
			t.Errorf("%d weights in %d bytes", s.Weights.n, n)
		}
	}
	for _, text := range []string{"urw:", "urw:0", "urw:4,", "urw:4,11", "urw:4,11-", "urw:4,11-k3f9", "urw:4,11-k3f9w", "urw:4,0-k3f9a", "urw:4;11-k3f9a", "surw:4,11-k3f9a", "urw:4,11-" + strings.Repeat("00000", MostWeights+1), "urw:1073741825"} {
		if _, problem := ParseSpec(text); problem != weightsProblem {
			t.Errorf("%s: %q", text, problem)
		}
	}
}

// Most tasks of a kind are alike: those are not listed.
func TestTheCommonestAreNotListed(t *testing.T) {
	all := []Counted{{ID: 1, By: -1}}
	for i := range 50 {
		c := Counted{ID: uint64(i + 2), By: 0}
		c.Events[0] = 4
		all = append(all, c)
	}
	w := WeightsOf(KindURW, all)
	if w.rest != 4 || w.n != 1 || w.of(1) != 200 || w.of(7) != 4 || w.of(1000) != 4 {
		t.Errorf("%+v", w)
	}
}
