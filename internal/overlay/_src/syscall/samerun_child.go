//go:build unix && !linux

package syscall

// samerunWatchChild is for systems on which a process counts as others that are waited for.
func samerunWatchChild(pid int) {}
