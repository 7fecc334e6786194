// Ledger is a book that only grows, kept by three replicas: clients append lines, each line gets
// a number, and the line of a number is the same for everybody and for ever. It is plain Go over
// net/http and bbolt, of which nothing knows samerun but the test.
//
// The replicas agree by Multi-Paxos (Lamport, "Paxos made simple", 2001). The book is the
// outcome of a log of slots, and a slot is decided when a majority of replicas has accepted one
// entry for it in one ballot. A replica that hears no leader asks the others to promise a new
// ballot, learns what they have accepted, and leads: it enters what clients send into the next
// slots, and sends them round, with as much as it knows to be decided.
//
// A client repeats a request until it is answered. Each request has a number, so that one that
// was entered twice counts once.
//
// # What is promised
//
// A line that was acknowledged stays where it is, whatever crashes or is cut off, as long as
// disks keep what was synced. No request is entered twice. There are answers as long as two
// replicas of three run and reach each other.
//
// # Mistakes that can be planted
//
// Each is a build tag, which exchanges one small file. The test finds all of them:
//
//	order    enter_order.go    two requests at a time can get the same slot
//	network  retry_network.go  a request that is made again can be entered again
//	crash    known_crash.go    what was accepted before a crash is taken for decided
//	disk     sync_disk.go      answers do not wait for the disk
//
// Files: messages.go, what replicas tell each other; replica.go, one of them; acceptor.go,
// election.go, leader.go, what it does; book.go, the outcome; store.go, the disk; service.go and
// post.go, HTTP; client.go, who appends; main.go, the command.
package main
