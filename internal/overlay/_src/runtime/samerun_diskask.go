//go:build linux && (amd64 || arm64 || riscv64)

package runtime

import _ "unsafe" // for go:linkname

// The way from package syscall to a disk, and back.

// samerunDiskAsk makes a system call, if it is about a disk, and reports whether it is.
//
//go:linkname samerunDiskAsk syscall.samerunDiskAsk
//go:nosplit
func samerunDiskAsk(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr, made bool) {
	gp := getg()
	if gp.bubble == nil || gp.m.curg != gp || !gp.bubble.samerun.on {
		return
	}
	var c samerunDiskCall
	c.trap = trap
	c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], c.a[5] = a1, a2, a3, a4, a5, a6
	systemstack(func() { c.do() })
	if c.stops || c.tells || c.slow > 0 {
		// The arguments are of no use any more, and the stack may grow.
		samerunDiskAfter(c.node, c.stops, c.slow)
	}
	return c.r1, c.r2, c.errno, c.made
}

// samerunDiskAfter does what comes behind a system call and needs a goroutine. If the node
// crashes in the call, nobody of it gets a turn before that.
func samerunDiskAfter(node int32, stops bool, slow int64) {
	samerunDiskTell()
	if slow > 0 {
		timeSleep(slow)
	}
	if stops && node != 0 && samerunMachineAt(int(node)).life != 0 {
		if samerunDisks.tell == nil {
			samerunCrashNode(int(node))
		} else {
			samerunPauseNode(int(node))
		}
	}
}
