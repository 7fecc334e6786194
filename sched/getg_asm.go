//go:build amd64 || arm64 || 386

package sched

// getg returns the address of the runtime's record of the calling goroutine.
// It is compared for equality and never followed: it answers "is this the task
// that runs now, or a goroutine which has no business here?". The address is
// stable for as long as the goroutine lives.
func getg() uintptr
