// Ledger is a book that only grows, kept by three replicas. Clients append lines, and each
// line gets a number. The line of a number is the same for everybody and for ever. It is plain
// Go over net/http and bbolt. Only its test uses samerun.
//
// The replicas agree by Multi-Paxos (Lamport, "Paxos made simple", 2001). The book is the
// outcome of a log of slots. A slot is decided when a majority of replicas has accepted one
// entry for it in one ballot. A replica that hears no leader asks the others to promise a
// new ballot, learns what they have accepted, and leads: it enters what clients send into
// the next slots, and sends these slots to the others, together with how much is known to
// be decided.
//
// A client repeats a request until it is answered. Each request has a number, so that a
// request that was entered twice counts once.
//
// # What is promised
//
//   - An acknowledged line stays where it is, whatever crashes or is cut off, as long as disks
//     keep what was synced.
//   - No request is entered twice.
//   - There are answers as long as two of the three replicas run and reach each other.
//
// # Planted bugs
//
// Each is a build tag, which exchanges one small file. The test finds all of them:
//
//	order    enter_order.go    two requests at a time can get the same slot
//	network  retry_network.go  a request that is made again can be entered again
//	crash    known_crash.go    what was accepted before a crash is taken for decided
//	disk     sync_disk.go      answers do not wait for the disk
//
// Files: messages.go, what replicas send each other; replica.go, a replica; acceptor.go,
// election.go, leader.go, what it does; book.go, the outcome; store.go, the disk;
// service.go and post.go, HTTP; client.go, the client that appends; main.go, the command.
package main
