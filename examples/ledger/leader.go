package main

import (
	"errors"
	"slices"
	"time"
)

// lead sends a replica what is entered in a ballot, as long as this replica leads in it.
func (r *Replica) lead(ballot Ballot, to int) {
	from := 0 // the first slot that is sent; 0 is not known
	for {
		r.mu.Lock()
		if !r.leads() || r.leading != ballot {
			r.mu.Unlock()
			return
		}
		if from == 0 {
			from = r.decided + 1
		}
		m := Accept{Ballot: ballot, From: from, Decided: r.decided}
		for i := from - 1; i < len(r.log); i++ {
			m.Entries = append(m.Entries, r.log[i].Entry)
		}
		news := r.news
		r.mu.Unlock()

		a, err := post[Answer](r.web, r.Addresses[to], "/accept", m)
		switch {
		case err != nil:
			time.Sleep(heartbeat)
			continue
		case a.Promised > ballot:
			r.hear(a.Promised)
			return
		}
		r.answered(ballot, to, a)
		if from = a.Decided + 1; from < m.From {
			continue // it lacks what is before
		}
		select {
		case <-news:
		case <-time.After(heartbeat):
		}
	}
}

// answered counts what a replica has accepted. A slot is decided when a majority has.
func (r *Replica) answered(ballot Ballot, by int, a Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.leads() || r.leading != ballot {
		return
	}
	r.stored[by] = max(r.stored[by], a.Stored)
	r.count()
}

// count decides what a majority has accepted. r.mu is held.
func (r *Replica) count() {
	stored := slices.Sorted(slices.Values(r.stored))
	r.decide(stored[len(stored)-r.majority()])
}

// own has the leader accept entries itself, the first of all. r.mu is held.
func (r *Replica) own(from int, list []Accepted) {
	if len(list) > 0 {
		r.save(r.promised, from, list)
		r.put(from, list)
	}
	r.stored[r.Me] = len(r.log)
	r.count()
	r.tell()
}

// Errors of Append.
var (
	ErrNotLeading = errors.New("another replica leads")
	ErrUnknown    = errors.New("it is not known whether the line will be in the book")
)

// Append appends a line, and returns its number in the book. The same request gets the same
// number, however often it is made.
func (r *Replica) Append(e Entry) (line int, err error) {
	r.mu.Lock()
	leads, ballot, line := r.leads(), r.leading, r.book.line(e)
	r.mu.Unlock()
	switch {
	case !leads:
		return 0, ErrNotLeading
	case line > 0:
		return line, nil
	}
	if slot := r.enter(ballot, e); slot > 0 {
		return r.wait(ballot, slot)
	}
	return 0, ErrNotLeading
}

// wait waits until a slot is decided, and returns the line that it has appended. It is not known
// what becomes of a slot of a ballot in which the replica does not lead any more.
func (r *Replica) wait(ballot Ballot, slot int) (line int, err error) {
	limit := time.NewTimer(waiting)
	defer limit.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.leads() && r.leading == ballot {
		if r.decided >= slot {
			return r.book.lineOf(slot), nil
		}
		news := r.news
		r.mu.Unlock()
		late := false
		select {
		case <-news:
		case <-limit.C:
			late = true
		}
		r.mu.Lock()
		if late {
			break
		}
	}
	return 0, ErrUnknown
}
