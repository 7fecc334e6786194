// Httprpc is a server that multiplies, and a client that asks it for a product, over net/rpc
// on HTTP. It is plain Go, of which nothing knows samerun:
//
//	go run ./examples/httprpc
//	go run ./cmd/samerun run -seeds 1-100 ./examples/httprpc
//
// The first line runs it once, on the machine's network. The second runs it under a hundred
// seeds, each with a network of its own, in memory and in virtual time.
//
// # What is promised
//
// A call of [Client.Multiply] returns the right product or an error, within [Patience]. An
// error means nothing for the next call: the client dials anew when its connection is gone.
//
// The client of net/rpc alone promises neither. Its Call waits for as long as the server
// says nothing, which can be for ever if a cable is cut; and after the first broken
// connection, each further call fails with rpc.ErrShutdown. That second mistake can be
// planted ([NoReconnect]). The test runs server and client as two machines, between which
// connections break, and finds it.
//
// Files: arith.go, the service; server.go; client.go; main.go, both in one process.
package main
