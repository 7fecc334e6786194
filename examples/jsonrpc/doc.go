// Jsonrpc is a till, over net/rpc with JSON on TCP. Its server multiplies prices by numbers
// of pieces and adds up what was sold. Its client sells. It is plain Go and does not
// use samerun:
//
//	go run ./examples/jsonrpc
//	go run ./cmd/samerun run -seeds 1-100 ./examples/jsonrpc
//
// The first line runs it once, on the machine's network. The second runs it under a hundred
// seeds, each with a network of its own, in memory and in virtual time.
//
// # What is promised
//
// A call of [Client.Sell] returns the right amount or an error, after some seconds at
// most. If the client gets no answer, it asks again on a new connection. No answer does not
// mean that the sale was not entered: either the request or the answer may have been
// lost. So each sale has a number, by which the server recognises a sale that it has
// entered already. No sale is entered twice, whatever the network does.
//
// # A planted bug
//
// A client that gives each attempt a number of its own enters some sales twice. -tags bug
// plants this mistake in the test ([NewNumber]). The test runs server and clients as machines of a
// world, with fault.Chaos between them. What it found is saved in testdata/replay:
//
//	go run ./cmd/samerun test -seeds 1-200 ./examples/jsonrpc
//	go run ./cmd/samerun replay examples/jsonrpc/testdata/replay/*.json
//
// Files: till.go, the service; server.go; client.go; main.go, both in one process.
package main
