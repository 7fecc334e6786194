//go:build !linux

package runtime

// samerunBlocked reports whether a thread waits in the system, as far as can be known.
func samerunBlocked(tid uint64) bool { return true }
