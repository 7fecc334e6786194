package main

import "fmt"

// Ballot orders leaders: the higher one is obeyed. It has a round, and in the lowest byte the
// number of the replica that leads it, so that no two replicas have the same. 0 is none.
type Ballot uint64

// next is the lowest ballot of a replica that is higher than b.
func (b Ballot) next(replica int) Ballot { return (b>>8+1)<<8 | Ballot(replica) }

// leader is the replica whose ballot it is.
func (b Ballot) leader() int { return int(b & 0xff) }

func (b Ballot) String() string { return fmt.Sprintf("%d.%d", b>>8, b.leader()) }

// Entry is what a slot of the log holds: a client's request to append a line. The zero Entry
// appends nothing; it fills a slot that nobody can say anything about.
type Entry struct {
	Client string
	Number int // of the request, by its client, from 1
	Text   string
}

// Accepted is an entry with the ballot in which a replica has accepted it.
type Accepted struct {
	Ballot Ballot
	Entry  Entry
}

// Prepare asks for a promise to obey no lower ballot.
type Prepare struct {
	Ballot Ballot
	From   int // the first slot that the sender does not know to be decided
}

// Promise answers Prepare. It is a refusal if Promised is not the ballot that was asked for.
type Promise struct {
	Promised Ballot
	Decided  int        // slots that the replica knows to be decided
	Accepted []Accepted // what it has accepted, of slot From and later
}

// Accept has a leader's entries of slot From and all that follow; also if there are none, so
// that the others know that it leads.
type Accept struct {
	Ballot  Ballot
	From    int
	Entries []Entry
	Decided int // slots that the leader knows to be decided
}

// Answer answers Accept. It is a refusal if Promised is higher than the ballot of the message.
type Answer struct {
	Promised Ballot
	Decided  int // slots that the replica knows to be decided
	Stored   int // the last slot up to which it has accepted what the leader has; 0: it lacks slots before From
}
