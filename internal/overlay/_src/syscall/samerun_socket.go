//go:build linux && (amd64 || arm64 || loong64 || riscv64)

package syscall

import "unsafe" // also for go:linkname

// A socket of a test's network has a descriptor of the machine's that stands for it.
// The system calls that read from it, write to it and ask what it is are answered by
// package net; those that set options are the machine's.

// samerunAnswer answers a system call for a descriptor: numbers are its arguments from the
// second one on, and pointers are those of them that are pointers. It reports whether it
// has answered; else the system is asked.
type samerunAnswer func(trap uintptr, numbers [5]uintptr, pointers [5]unsafe.Pointer) (r uintptr, err Errno, answered bool)

// samerunAnswers has who answers, by descriptor; nil if nobody ever did.
var samerunAnswers *[]samerunAnswer

// samerunTie says who answers the system calls of a descriptor: nobody but the system, if f
// is nil. It is called by package net.
//
//go:linkname samerunTie
func samerunTie(fd uintptr, f samerunAnswer) {
	var now []samerunAnswer
	if samerunAnswers != nil {
		now = *samerunAnswers
	}
	if fd >= uintptr(len(now)) {
		more := make([]samerunAnswer, max(2*fd, 64))
		copy(more, now)
		samerunAnswers = &more
	}
	(*samerunAnswers)[fd] = f
}

// samerunAnswerOf returns who answers for a descriptor, or nil.
//
//go:nosplit
//go:norace
func samerunAnswerOf(fd uintptr) samerunAnswer {
	answers := samerunAnswers
	if answers == nil || fd >= uintptr(len(*answers)) {
		return nil
	}
	return (*answers)[fd]
}

// samerunAsk makes a system call for a descriptor that is tied. It reports whether it
// did: it does not for calls of which package net never knows.
//
// The arguments may be addresses on the stack of the caller, which package net lets
// grow. From here on those that are addresses are pointers, which move with it.
//
// There is little room on the stack up to there, and debuggers have code compiled without
// optimisation (-gcflags=all=-N -l), which needs much of it.
//
//go:nosplit
//go:norace
func samerunAsk(f samerunAnswer, trap, fd uintptr, a [5]uintptr) (r1, r2 uintptr, err Errno, made bool) {
	are := samerunPointers(trap)
	if are == samerunUnknown {
		return 0, 0, 0, false
	}
	var p [5]unsafe.Pointer
	if are&1 != 0 {
		p[0] = *(*unsafe.Pointer)(unsafe.Pointer(&a[0]))
	}
	if are&2 != 0 {
		p[1] = *(*unsafe.Pointer)(unsafe.Pointer(&a[1]))
	}
	if are&4 != 0 {
		p[2] = *(*unsafe.Pointer)(unsafe.Pointer(&a[2]))
	}
	if are&8 != 0 {
		p[3] = *(*unsafe.Pointer)(unsafe.Pointer(&a[3]))
	}
	if are&16 != 0 {
		p[4] = *(*unsafe.Pointer)(unsafe.Pointer(&a[4]))
	}
	r1, r2, err = samerunAsked(f, trap, fd, a, p)
	return r1, r2, err, true
}

// samerunUnknown is for calls of which package net never knows.
const samerunUnknown = 1 << 5

// samerunPointers says which arguments of a system call are addresses, from the second one on, a
// bit for each.
//
//go:nosplit
//go:norace
func samerunPointers(trap uintptr) (are uintptr) {
	switch trap {
	case SYS_READ, SYS_WRITE, SYS_READV, SYS_WRITEV, SYS_RECVMSG, SYS_SENDMSG, SYS_RECVMMSG, samerunSendmmsg:
		return 1
	case SYS_RECVFROM:
		return 1 | 8 | 16
	case SYS_SENDTO:
		return 1 | 8
	case SYS_GETSOCKNAME, SYS_GETPEERNAME:
		return 1 | 2
	case SYS_GETSOCKOPT:
		return 4 | 8
	case SYS_SETSOCKOPT:
		return 4
	case SYS_IOCTL:
		return 2
	case SYS_SHUTDOWN, SYS_CLOSE:
		return 0
	}
	return samerunUnknown
}

// samerunAsked is samerunAsk, when what is an address is a pointer.
//
//go:norace
func samerunAsked(f samerunAnswer, trap, fd uintptr, a [5]uintptr, p [5]unsafe.Pointer) (r1, r2 uintptr, err Errno) {
	r1, err, answered := f(trap, a, p)
	if !answered {
		for i := range p {
			if p[i] != nil {
				a[i] = uintptr(p[i])
			}
		}
		return samerunRawSyscall6(trap, fd, a[0], a[1], a[2], a[3], a[4])
	}
	if err != 0 {
		r1 = ^uintptr(0)
	}
	return r1, 0, err
}
