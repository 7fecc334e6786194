// Package raft is a complete Raft: leader election, log replication with fast
// back-up, persistence and snapshots, after Ongaro and Ousterhout, "In Search of
// an Understandable Consensus Algorithm (Extended Version)" (2014). Figures and
// sections in comments are that paper's. It is written as an engineer would write
// it for real machines, with locks, tasks and blocking RPCs, and it is here to show
// how such code is tested when the same seed gives the same run.
//
// From the root of the repository:
//
//	go run ./cmd/samerun test -seeds 1-200 ./examples/raft
//
// # A test
//
//	sim.Test(t, func(w *sim.World) {
//		c := raft.NewCluster(w, 5)                 // nodes n0 to n4
//		c.AlwaysSafe()                             // must hold at each instant
//		c.Chaos(10 * time.Second)                  // partitions, crashes, lost messages
//		w.Eventually("a leader after healing", 5*time.Second, c.HasLeader)
//	})
//
// # Reading order
//
// The algorithm:
//
//   - raft.go: the state of a server, its invariants, and the critical section, at
//     whose end all that must survive a crash is saved;
//   - timing.go: election time-outs and heartbeats;
//   - election.go: RequestVote, from both sides;
//   - log.go: the log, whose beginning may be in a snapshot;
//   - replication.go and append.go: AppendEntries, as the leader and as a follower
//     sees it, and what makes an entry committed;
//   - persist.go, snapshot.go, apply.go: the disk, InstallSnapshot, and the task
//     that feeds the state machine.
//
// The laboratory:
//
//   - cluster.go: a cluster seen from outside;
//   - properties.go and witness.go: what must hold;
//   - chaos.go: what goes wrong;
//   - bugs.go and scenario.go: a zoo of bugs that can be planted, and the scenario
//     in which each of them is found.
//
// Package kv, next door, is a key-value store on top of it.
//
// # What must hold
//
// Safety is stated with World.Always, and nothing that the network or the machines
// do excuses a violation. The first is a promise that the paper's Figure 2 makes in
// passing, the rest is Figure 3:
//
//   - One vote per term: a server votes for one candidate in a term, and never goes
//     back to an earlier term, even if it crashes in between. Election Safety rests
//     on it, and a vote that was not saved is seen here first.
//   - Election Safety (OneLeaderPerTerm): at most one leader is elected in a term.
//     Two leaders at the same time are fine: the older one cannot commit anything.
//   - Leader Append-Only: a leader never overwrites or deletes entries in its log.
//   - Log Matching: if two logs have an entry with the same index and term, they are
//     the same up to there.
//   - Leader Completeness: what is committed in a term is in the logs of the leaders
//     of all later terms.
//   - State Machine Safety: no two servers apply different commands at an index. Here
//     it also means that none is skipped, and that all snapshots of an index are equal.
//
// Safety alone is easy: a server that does nothing is safe. Progress is stated with
// World.Eventually, for the time after the faults: once a majority can talk, there
// is a leader (HasLeader), and a new command is applied by every server
// (EventuallyCommits). While the network is at its worst nothing of the kind can be
// promised (Fischer, Lynch and Paterson, 1985).
//
// # Disks
//
// What must survive is in one file, which is replaced as a whole and has a checksum.
// A server whose disk fails it (a sync that failed, no space, a state that reads
// wrong) crashes at once, having promised nothing, and starts again a little later.
// Bits that are wrong on the medium for good are beyond what Raft can survive, and
// beyond the model: what reads wrong there reads right another time.
//
// # Time
//
// Raft's safety does not depend on time, and in package raft only timing.go reads a
// clock: its own node's, which Chaos sets wrong now and then.
//
// # How it is made deterministic
//
// It is not made so; it is written for a world that is. Tasks, locks and condition
// variables are those of package sched, calls those of labrpc, time and disk are the
// node's. Election time-outs come from the node's own random generator, drawn from
// the seed. There is no more to it.
package raft
