//go:build network

package main

// again says whether a request of that number is one that was made again. The mistake is that
// nobody looks: a leader answers those that are in the book already, and does not enter them.
func again(number int, last receipt) bool { return false }
