// Package hosttest has a host over plain goroutines, for fast tests of what runs on one. It
// hands a turn from goroutine to goroutine, in an order that its seed decides, and takes its
// time from a bubble of testing/synctest:
//
//	hosttest.Run(t, 7, func(h *hosttest.Host) { … })
//
// It is no overlay: goroutines that a program starts by itself are unknown to it, nothing of
// package sync or net gives up a turn, and clocks of nodes are only noted.
package hosttest
