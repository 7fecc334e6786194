//go:build !amd64 && !arm64 && !386

package sched

import "runtime"

// getg names the calling goroutine by the number that stands at the head of its
// stack trace: "goroutine 12 [running]". It is slow, and right everywhere.
func getg() uintptr {
	var buf [64]byte
	var id uintptr
	for _, c := range buf[len("goroutine "):runtime.Stack(buf[:], false)] {
		if c < '0' || c > '9' {
			break
		}
		id = id*10 + uintptr(c-'0')
	}
	return id
}
