// Labrpc is a theatre with a seat for each guest, on the network of the MIT labs. A server
// has a service, and box offices book seats over ends of their own. The network loses a tenth
// of the requests and a tenth of the replies. It is plain Go:
//
//	go run ./examples/labrpc
//	go run ./cmd/samerun run -seeds 1-100 ./examples/labrpc
//
// The first line runs it once, in real time. The second runs it under a hundred seeds, in
// virtual time, and the seed decides what is lost.
//
// # What is promised
//
// Nobody has two seats. An office asks for a seat until there is an answer, and so gets one
// as long as the server lives.
//
// # A planted bug
//
// Call returns false if there is no answer. There are two reasons: the request was lost or
// the server is away; or the reply was lost, and the seat is booked. An office that takes the
// second for the first, and asks for the next seat, books two. -tags bug plants this mistake
// in the test ([LostRequest]):
//
//	go test -tags bug ./examples/labrpc
//
// The test runs theatre and offices as machines of a world, and finds the mistake. What it found is
// saved in testdata/replay.
//
// Files: theatre.go, the service; office.go, its client; main.go, all in one process.
package main
