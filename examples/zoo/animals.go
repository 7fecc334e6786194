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
	return all
}
