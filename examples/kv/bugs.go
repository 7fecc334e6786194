package kv

import "samerun/internal/zoo"

// Bug names a mistake that can be planted in the servers of a store, one at a
// time, as raft.Bug does for the Raft below. The zero value is none.
type Bug string

const (
	// StaleReads: a server that believes it leads answers a Get from what it has,
	// without asking its log; another one may lead by now and have written more. The
	// classic of stores on Raft (§8 of the paper: a leader "must check whether it has
	// been deposed before processing a read-only request").
	StaleReads Bug = "stale-reads"

	// RetriesExecuted: a request that comes again, because its client heard nothing,
	// is executed again. Breaks §8: "execute a command at most once".
	RetriesExecuted Bug = "retries-executed"

	// SessionsNotSaved: snapshots have the keys and not the sessions, so that retries
	// are executed again, but only on a server that was restored from one.
	SessionsNotSaved Bug = "sessions-not-saved"

	// WritesUnawaited: a write is answered when it is in the leader's log, before it
	// is committed. Breaks "respond after entry applied to state machine" (Figure 2,
	// rules for leaders).
	WritesUnawaited Bug = "writes-unawaited"
)

// Bugs returns all of them, in the order above.
func Bugs() []Bug { return []Bug{StaleReads, RetriesExecuted, SessionsNotSaved, WritesUnawaited} }

func (b Bug) check() error { return zoo.Check("kv", b, Bugs()) }
