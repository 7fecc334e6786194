package sched

import "samerun/internal/pick"

// Counting is a strategy that counts how many turns each task has under another one: what
// URW and SURW want to know, see StrategySpec.WithEvents. A calm run is good enough:
//
//	c := sched.NewCounting(&sched.FIFO{})
//	… a run with it …
//	spec = spec.WithEvents(c)
//
// Make one with NewCounting.
type Counting struct {
	base  Strategy
	place map[uint64]int // of tasks in all, by their IDs
	all   []pick.Counted
}

// NewCounting returns base with a count of the turns.
func NewCounting(base Strategy) *Counting {
	return &Counting{base: base, place: map[uint64]int{}}
}

// Add counts a turn of t, which it is about to have, and gives it to the base strategy.
func (c *Counting) Add(t *Task) {
	at, known := c.place[t.ID()]
	if !known {
		at = len(c.all)
		by := -1
		if s := t.starter(); s != nil {
			if i, ok := c.place[s.ID()]; ok {
				by = i
			}
		}
		c.place[t.ID()] = at
		c.all = append(c.all, pick.Counted{ID: t.ID(), By: by})
	}
	if t.resumed == 0 {
		c.all[at].Events[t.kind()]++
	}
	c.base.Add(t)
}

// Next takes the base strategy's choice.
func (c *Counting) Next() *Task { return c.base.Next() }
