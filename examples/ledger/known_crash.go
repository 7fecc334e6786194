//go:build crash

package main

// known is how many slots a replica that has started knows to be decided. The mistake is that it
// takes what it finds on its disk for decided: there, it does not say which entries were.
func known(log []Accepted) int { return len(log) }
