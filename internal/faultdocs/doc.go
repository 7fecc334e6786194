// Package faultdocs makes the parts of docs/fault-kinds.md that repeat what the code
// knows: the table of kinds (fault.Kinds), that of messages in flight
// (testdata/faults/inflight.table) and that of streams and datagrams (sockets.table).
// A test fails if page and code differ, and
//
//	go test ./internal/faultdocs -update
//
// writes the page, and the Go form of its examples, anew. The test also compiles
// and runs the examples of that page and of the guide, docs/faults.md: each block of Go
// stands in a file of this package, and each block of JSON is read and run.
//
// Nothing but tests may import this package.
package faultdocs

//go:generate go test -run TestPage -update
