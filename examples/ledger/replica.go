package main

import (
	"log"
	"net/http"
	"sync"
	"time"
)

const (
	heartbeat = 100 * time.Millisecond // from one word of a leader to the next
	patience  = 300 * time.Millisecond // without one, up to twice that, until another wants to lead
	reply     = 150 * time.Millisecond // of another replica takes at most that
	waiting   = time.Second            // a request takes at most that
)

// Config says who a replica is.
type Config struct {
	Addresses []string // of all replicas, in an order that is the same for all
	Me        int      // which of them this one is
	Dir       string   // the folder of its store, which exists
}

// Replica is one of those that keep the book.
type Replica struct {
	Config
	store *store
	web   *http.Client

	mu       sync.Mutex
	promised Ballot     // no lower one is obeyed; on the disk as well
	log      []Accepted // slot n is log[n-1]; on the disk as well
	decided  int        // the slots up to this one are decided
	book     book       // of those
	leading  Ballot     // that was won last
	stored   []int      // in that: up to which slot each replica has accepted the log
	highest  Ballot     // that was heard of
	heard    time.Time  // when a leader spoke last
	news     chan bool  // is closed, and made anew, when any of these has changed
}

// NewReplica returns a replica that has what its disk has.
func NewReplica(c Config) (*Replica, error) {
	s, err := openStore(c.Dir)
	if err != nil {
		return nil, err
	}
	r := &Replica{Config: c, store: s, web: &http.Client{Timeout: reply}, heard: time.Now(), news: make(chan bool)}
	if r.promised, r.log, err = s.load(); err != nil {
		s.close()
		return nil, err
	}
	r.highest = r.promised
	r.decide(known(r.log))
	return r, nil
}

// leads says whether the replica leads, as far as it knows. r.mu is held.
func (r *Replica) leads() bool { return r.leading != 0 && r.leading == r.promised }

// majority is how many replicas are enough.
func (r *Replica) majority() int { return len(r.Addresses)/2 + 1 }

// tell wakes all who wait for something to change. r.mu is held.
func (r *Replica) tell() {
	close(r.news)
	r.news = make(chan bool)
}

// decide learns that all slots up to one are decided, and enters them in the book. r.mu is held.
func (r *Replica) decide(slot int) {
	if slot <= r.decided {
		return
	}
	for ; r.decided < slot; r.decided++ {
		r.book.enter(r.log[r.decided].Entry)
	}
	r.tell()
}

// save has on the disk what was promised, and what was accepted for slot from and later. A
// replica whose disk fails must not go on, since what it has told others may be lost. r.mu is
// held.
func (r *Replica) save(promised Ballot, from int, list []Accepted) {
	if err := r.store.save(promised, from, list); err != nil {
		log.Fatalf("replica %d: %v", r.Me, err)
	}
}

// put sets slot from and later. r.mu is held.
func (r *Replica) put(from int, list []Accepted) {
	for i, a := range list {
		if at := from - 1 + i; at < len(r.log) {
			r.log[at] = a
		} else {
			r.log = append(r.log, a)
		}
	}
}

// Lines returns the lines that the replica knows to be in the book, those after the first n.
func (r *Replica) Lines(n int) []Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.book.after(n)
}
