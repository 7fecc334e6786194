package sched

import "fmt"

// reducing is the strategy of one run of the search.
type reducing struct {
	d     *dpor
	ready arrivals[readied]
}

// readied is a task that is ready, and the turns of the phase to which it owes that.
type readied struct {
	t     *Task
	after []int
}

// Add puts t last.
func (r *reducing) Add(t *Task) {
	d := r.d
	t.s.watchTurns(&d.foot)
	x := readied{t: t}
	if d.foot.cur != nil {
		x.after = []int{len(d.phase)}
		if d.foot.joining != 0 {
			for i, u := range d.phase {
				if u.has(d.foot.joining) == ToAdd {
					x.after = append(x.after, i)
				}
			}
		}
	}
	r.ready.add(x)
}

// Next takes the task that the search wants. Those that cannot run are taken when no other
// is left.
func (r *reducing) Next() *Task {
	d, n := r.d, r.ready.len()
	var at []int
	var ids []uint64
	var groups []groupThing
	var all []bool
	var after [][]int
	for i := range n {
		x := r.ready.at(i)
		if !x.t.runnable() {
			continue
		}
		at, ids, after = append(at, i), append(ids, x.t.ID()), append(after, x.after)
		groups = append(groups, x.t.group.thing())
		all = append(all, x.t.group == x.t.s.root)
	}
	d.end(ids, false)
	switch {
	case n == 0:
		d.endPhase()
		return nil
	case len(ids) == 0:
		return r.ready.take(0).t
	}
	i := d.choose(ids, groups, all, after)
	if i < 0 {
		d.cut = true
		r.ready.at(0).t.s.giveUp(ErrRedundant)
		return nil
	}
	return r.ready.take(at[i]).t
}

// report says what a number of runs has covered, in words.
func (d *dpor) report(runs int, covered bool) string {
	n := d.orders.String()
	if d.inexact {
		n = "more than " + n
	}
	what := "1 schedule"
	if n != "1" {
		what = n + " schedules"
	}
	switch {
	case covered && n == "1":
		what = "the only schedule"
	case covered:
		what = "all " + what
	}
	what += " by " + plural(runs, "run")
	if d.cuts > 0 {
		what += fmt.Sprintf(" (%d given up as redundant)", d.cuts)
	}
	if !covered {
		what += ", not all"
	}
	return what
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
