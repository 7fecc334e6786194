// Labrpc is a theatre with a seat for each guest, on the network of the MIT labs: a
// server with a service, box offices that book seats over ends of their own, and a network that
// loses a tenth of the requests and a tenth of the replies. It is plain Go:
//
//	go run ./examples/labrpc
//	go run ./cmd/samerun run -seeds 1-100 ./examples/labrpc
//
// The first line runs it once, in real time. The second runs it under a hundred seeds, in
// virtual time; what is lost follows the seed.
//
// # What is promised
//
// Nobody has two seats. An office asks for a seat until there is an answer, and so gets one,
// as long as the server lives.
//
// Call returns false if there is no answer. That can be because the request was lost, or
// the server is away; or because the reply was lost, and the seat is booked. An office that
// takes the second for the first, and asks for the next seat, books two. That mistake can be
// planted ([LostRequest]): go test -tags bug has it in the test, which runs theatre and
// offices as machines of a world, and finds it. What it found is saved in testdata/replay.
//
// Files: theatre.go, the service; office.go, its client; main.go, all in one process.
package main
