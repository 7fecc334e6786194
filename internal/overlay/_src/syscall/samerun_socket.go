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
//go:nosplit
//go:norace
func samerunAsk(f samerunAnswer, trap, fd uintptr, a [5]uintptr) (r1, r2 uintptr, err Errno, made bool) {
	var p [5]unsafe.Pointer
	switch trap {
	case SYS_READ, SYS_WRITE, SYS_READV, SYS_WRITEV, SYS_RECVMSG, SYS_SENDMSG, SYS_RECVMMSG, samerunSendmmsg:
		p[0] = samerunPointer(a[0])
	case SYS_RECVFROM, SYS_SENDTO:
		p[0], p[3] = samerunPointer(a[0]), samerunPointer(a[3])
		if trap == SYS_RECVFROM {
			p[4] = samerunPointer(a[4])
		}
	case SYS_GETSOCKNAME, SYS_GETPEERNAME:
		p[0], p[1] = samerunPointer(a[0]), samerunPointer(a[1])
	case SYS_GETSOCKOPT:
		p[2], p[3] = samerunPointer(a[2]), samerunPointer(a[3])
	case SYS_SETSOCKOPT:
		p[2] = samerunPointer(a[2])
	case SYS_IOCTL:
		p[1] = samerunPointer(a[1])
	case SYS_SHUTDOWN, SYS_CLOSE:
	default:
		return 0, 0, 0, false
	}
	r1, err, answered := f(trap, a, p)
	if !answered {
		for i := range p {
			if p[i] != nil {
				a[i] = uintptr(p[i])
			}
		}
		r1, r2, err = samerunRawSyscall6(trap, fd, a[0], a[1], a[2], a[3], a[4])
	} else if err != 0 {
		r1 = ^uintptr(0)
	}
	return r1, r2, err, true
}

// samerunPointer is an address as a pointer.
//
//go:nosplit
//go:norace
func samerunPointer(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }
