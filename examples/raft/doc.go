// Package raft is a complete Raft: leader election, log replication with fast
// back-up, persistence and snapshots, after Ongaro and Ousterhout, "In Search of
// an Understandable Consensus Algorithm (Extended Version)" (2014). Figures and
// sections in comments are that paper's. It is written as an engineer would write
// it for real machines, with locks, tasks and blocking RPCs. It shows how such code is
// tested when the same seed gives the same run.
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
//     that finds each of them.
//
// Package kv, next door, is a key-value store on top of it.
//
// # What must hold
//
// Safety is stated with World.Always. It must hold whatever the network or the machines
// do. The first property is a promise of the paper's Figure 2, the others are Figure 3:
//
//   - One vote per term: a server votes for one candidate in a term, and never goes
//     back to an earlier term, even if it crashes in between. Election Safety depends
//     on it, and this property is the first to notice a vote that was not saved.
//   - Election Safety (OneLeaderPerTerm): at most one leader is elected in a term.
//     Two leaders at the same time are allowed: the older one cannot commit anything.
//   - Leader Append-Only: a leader never overwrites or deletes entries in its log.
//   - Log Matching: if two logs have an entry with the same index and term, they are
//     the same up to there.
//   - Leader Completeness: what is committed in a term is in the logs of the leaders
//     of all later terms.
//   - State Machine Safety: no two servers apply different commands at an index. Here
//     it also means that none is skipped, and that all snapshots of an index are equal.
//
// A server that does nothing is safe, so progress must be stated, too. This is done with
// World.Eventually, for the time after the faults: once a majority can talk, there is a
// leader (HasLeader), and every server applies a new command (EventuallyCommits). During
// the faults, progress cannot be promised (Fischer, Lynch and Paterson, 1985).
//
// # Disks
//
// What must survive a crash is in one file, which has a checksum and is replaced as a
// whole. If the disk fails (a failed sync, no space, wrong data), the server crashes at
// once, before it promises anything, and starts again a little later. Raft cannot survive bits
// that are permanently wrong on the medium. The model does not have them either: data that
// reads wrong once reads right another time.
//
// # Time
//
// Raft's safety does not depend on time, and in package raft only timing.go reads a
// clock: that of its own node, which Chaos sometimes sets wrong.
//
// # How it is made deterministic
//
// The code does nothing special; the world that it runs in is deterministic. Tasks, locks
// and condition variables are those of package sched, calls are those of labrpc, time and disk
// are those of the node. Election time-outs come from the node's own random generator, which
// the seed determines.
package raft
