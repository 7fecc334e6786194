// Httprpc is a server that multiplies, and a client that asks it for a product, over net/rpc
// on HTTP. It is plain Go and does not use samerun:
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
// error has no effect on the next call: if its connection is gone, the client dials again.
//
// The client of net/rpc alone promises neither. Its Call waits as long as the server does
// not answer, which is for ever if a cable is cut. And after the first broken connection,
// each further call fails with rpc.ErrShutdown.
//
// # A planted bug
//
// -tags bug plants the second mistake in the test ([NoReconnect]). The test runs server and client as
// two machines of a world, with fault.Chaos between them. What it found is saved in
// testdata/replay:
//
//	go run ./cmd/samerun test -seeds 1-200 ./examples/httprpc
//	go run ./cmd/samerun replay examples/httprpc/testdata/replay/*.json
//
// Files: arith.go, the service; server.go; client.go; main.go, both in one process.
package main
