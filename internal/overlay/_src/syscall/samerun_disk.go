//go:build linux && (amd64 || arm64 || riscv64)

package syscall

import _ "unsafe" // for go:linkname

// samerunDiskTraps is in package runtime: the numbers of the system calls that may be about a
// file on a disk, a bit for each.
//
//go:linkname samerunDiskTraps runtime.samerunDiskTraps
var samerunDiskTraps [8]uint64

// samerunDiskAsk makes a system call if it is about such a file, and reports whether it is.
//
//go:linkname samerunDiskAsk
//go:noescape
//go:nosplit
func samerunDiskAsk(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr, made bool)

// samerunDiskRaw notes that the program makes a system call past package runtime.
//
//go:linkname samerunDiskRaw
//go:nosplit
func samerunDiskRaw(trap, a1, a2 uintptr)

//go:linkname samerunDiskCalls
func samerunDiskCalls(f func(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr))

func init() { samerunDiskCalls(samerunDiskSystem) }

// samerunOnDisk reports whether package runtime is to be asked about a system call.
//
//go:nosplit
//go:norace
func samerunOnDisk(trap uintptr) bool { return samerunDiskTraps[trap>>6&7]>>(trap&63)&1 != 0 }

// samerunDiskSystem makes system calls for package runtime.
//
//go:nosplit
//go:norace
func samerunDiskSystem(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	r1, r2, err := samerunRawSyscall6(trap, a1, a2, a3, a4, a5, a6)
	return r1, r2, uintptr(err)
}
