package main

import (
	"samerun/examples/commit"
	"samerun/examples/kv"
	"samerun/examples/raft"
)

// animals returns all planted bugs, package by package.
func animals() []animal {
	var all []animal
	for _, bug := range raft.Bugs() {
		all = append(all, animal{"examples/raft", string(bug)})
	}
	for _, bug := range kv.Bugs() {
		all = append(all, animal{"examples/kv", string(bug)})
	}
	for _, bug := range commit.Bugs() {
		all = append(all, animal{"examples/commit", string(bug)})
	}
	for _, tag := range []string{"order", "network", "crash", "disk"} {
		all = append(all, animal{ledger, tag})
	}
	return all
}

// ledger is ordinary Go, in a module of its own. Its bugs are build tags, and its test is
// TestLedger.
const ledger = "examples/ledger"

// ordinary says whether the bug is one of ordinary Go.
func (a animal) ordinary() bool { return a.Package == ledger }
