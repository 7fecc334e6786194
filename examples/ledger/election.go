package main

import (
	"math/rand/v2"
	"slices"
	"time"
)

// watch has the replica want to lead whenever no other one does.
func (r *Replica) watch() {
	for {
		wait := patience + rand.N(patience)
		time.Sleep(wait)
		r.mu.Lock()
		silent := !r.leads() && time.Since(r.heard) > wait
		r.mu.Unlock()
		if silent {
			r.campaign()
		}
	}
}

// campaign asks all replicas to promise a new ballot, and leads if a majority does.
func (r *Replica) campaign() {
	r.mu.Lock()
	ballot := r.highest.next(r.Me)
	r.highest = ballot
	r.promise(ballot)
	decided, from := r.decided, r.decided+1
	best := slices.Clone(r.log[r.decided:]) // of each slot what was accepted in the highest ballot
	r.mu.Unlock()

	promises := make(chan Promise, len(r.Addresses))
	for i, address := range r.Addresses {
		if i == r.Me {
			continue
		}
		go func() {
			p, err := post[Promise](r.web, address, "/prepare", Prepare{ballot, from})
			if err != nil {
				p = Promise{} // which is a refusal
			}
			promises <- p
		}()
	}
	promised := 1
	for range len(r.Addresses) - 1 {
		p := <-promises
		if p.Promised != ballot {
			r.hear(p.Promised)
			continue
		}
		decided = max(decided, p.Decided)
		for i, a := range p.Accepted {
			if i == len(best) {
				best = append(best, a)
			} else if a.Ballot > best[i].Ballot {
				best[i] = a
			}
		}
		if promised++; promised == r.majority() {
			r.win(ballot, from, best, decided)
			return
		}
	}
}

// hear learns of a ballot, whoever leads it.
func (r *Replica) hear(b Ballot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.highest = max(r.highest, b)
}

// win begins to lead. What may have been decided from a slot on is entered again, in the new
// ballot.
func (r *Replica) win(ballot Ballot, from int, best []Accepted, decided int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.promised != ballot {
		return
	}
	for i := range best {
		best[i].Ballot = ballot
	}
	r.leading = ballot
	r.stored = make([]int, len(r.Addresses))
	r.own(from, best)
	r.decide(min(decided, len(r.log)))
	for i := range r.Addresses {
		if i != r.Me {
			go r.lead(ballot, i)
		}
	}
}
