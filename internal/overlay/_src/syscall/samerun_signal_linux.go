package syscall

import _ "unsafe" // for go:linkname

// These are in package runtime.

//go:linkname samerunSignalSends
func samerunSignalSends(pid int, s uint32) uint64

//go:linkname samerunSignalSent
func samerunSignalSent(before uint64, s uint32, sent bool)

// samerunKill is RawSyscall for the calls that send a signal.
//
//go:norace
func samerunKill(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {
	s := uint32(a2)
	if trap == SYS_TGKILL {
		s = uint32(a3)
	}
	before := samerunSignalSends(int(int32(a1)), s)
	r1, r2, err = RawSyscall6(trap, a1, a2, a3, 0, 0, 0)
	samerunSignalSent(before, s, err == 0)
	return r1, r2, err
}
