package syscall

import (
	"unsafe" // and for go:linkname
)

// These are in package runtime.

//go:linkname samerunChildStarts
func samerunChildStarts(pid int) bool

//go:linkname samerunChildEnds
func samerunChildEnds(pid int)

//go:linkname samerunAside
func samerunAside(f func())

// samerunWatchChild lets the clock know when a process that was started has ended. It
// leaves to others to ask for its status.
func samerunWatchChild(pid int) {
	if !samerunChildStarts(pid) {
		return
	}
	samerunAside(func() {
		const ofPid, exited, only = 1, 4, 0x1000000 // P_PID, WEXITED, WNOWAIT
		var info [128]byte
		for {
			_, _, e := Syscall6(SYS_WAITID, ofPid, uintptr(pid), uintptr(unsafe.Pointer(&info)), exited|only, 0, 0)
			if e != EINTR {
				break
			}
		}
		samerunChildEnds(pid)
	})
}
