//go:build !network

package main

// again says whether a request of that number is one that was made again, as clients do that
// have had no answer, or later ones have overtaken it.
func again(number int, last receipt) bool { return number <= last.number }
