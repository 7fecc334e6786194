// Jsonrpc is a till: a server that multiplies prices by numbers of pieces and adds up what
// was sold, and a client of it, over net/rpc with JSON on TCP. It is plain Go, of which
// nothing knows samerun:
//
//	go run ./examples/jsonrpc
//	go run ./cmd/samerun run -seeds 1-100 ./examples/jsonrpc
//
// The first line runs it once, on the machine's network. The second runs it under a hundred
// seeds, each with a network of its own, in memory and in virtual time.
//
// # What is promised
//
// A call of [Client.Sell] returns the right amount or an error, after some seconds at most. Until
// then it asks again, on a new connection, when it gets no answer. "No answer" does not mean "not done":
// the request may have been lost, or the answer. So each sale has a number, by which the
// server knows that it was entered already. No sale is entered twice, whatever the network
// does.
//
// A client that gives each attempt a number of its own enters some sales twice. That mistake can be planted
// ([NewNumber]). The test runs server and clients as machines, between which connections
// break, and finds it.
//
// Files: till.go, the service; server.go; client.go; main.go, both in one process.
package main
