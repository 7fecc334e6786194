package runtime

import _ "unsafe" // for go:linkname

// What ends a process ends a node, if it happens on one: os.Exit, and with it log.Fatal, and a
// panic that nobody recovers. Somebody is told then, if anybody wants to hear of it: in a
// program that does not, such as one whose nodes are labels, the process ends as ever.

// samerunOnNodeExit starts a goroutine that is told which boot of which node has ended itself,
// and how. Package testing sets it for a test.
var samerunOnNodeExit func(node, boot int, how string)

//go:linkname samerunNodeExits testing.samerunNodeExits
func samerunNodeExits(f func(node, boot int, how string)) { samerunOnNodeExit = f }

// samerunEndsNode reports whether the caller can end its node.
func samerunEndsNode() bool {
	return samerunActive() && samerunTurns.test && getg().samerun.life != 0 && samerunOnNodeExit != nil
}

// samerunEndOwnNode ends the node of the caller, and does not return.
func samerunEndOwnNode(how string) {
	life := getg().samerun.life
	l := samerunLifeAt(life)
	node, boot := int(l.node), int(l.boot)
	if m := &samerunMachines[node]; m.life == life {
		m.life = 0
	}
	samerunNodeChanged(l.node, life, false, false)
	samerunEndLife(life)
	samerunDiskCrash(node, life, false) // a machine goes on when a process ends
	as := &samerunGoAs
	as.set, as.who, as.life, as.host = true, samerunMix(samerunExitID, uint64(node)<<32|uint64(boot)), 0, nil
	samerunOnNodeExit(node, boot, how)
	samerunDieIf(life)
}

// samerunExitID is for the identities of goroutines that hear of such an end.
const samerunExitID = 0x65786974

// samerunOSExits is called when a program calls os.Exit.
//
//go:linkname samerunOSExits os.samerunExits
func samerunOSExits(code int) {
	if samerunEndsNode() {
		var digits [20]byte
		text := "os.Exit("
		if code < 0 {
			text += "-"
			code = -code
		}
		samerunEndOwnNode(text + string(itoa(digits[:], uint64(code))) + ")")
	}
}

// samerunPanics is called when nobody has recovered a panic, and the deferred calls have run.
func samerunPanics(p *_panic) {
	if !samerunEndsNode() {
		samerunDies()
		return
	}
	runningPanicDefers.Add(-1)
	gp := getg()
	const most = 16 << 10
	gp.writebuf = make([]byte, 0, most)
	printpanics(p)
	text := gp.writebuf
	gp.writebuf = nil
	stack := make([]byte, most)
	stack = stack[:Stack(stack, false)]
	samerunEndOwnNode(string(text) + "\n" + string(stack))
}
