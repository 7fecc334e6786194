package runtime

import _ "unsafe" // for go:linkname

// What package net and others ask about nodes (samerun_node.go): whose sockets, names and
// routes are whose.

//go:linkname samerunLifeInNet net.samerunLife
func samerunLifeInNet() uint32 { return getg().samerun.life }

//go:linkname samerunLifeInHTTP net/http.samerunLife
func samerunLifeInHTTP() uint32 { return getg().samerun.life }

//go:linkname samerunLifeInHTTP2 net/http/internal/http2.samerunLife
func samerunLifeInHTTP2() uint32 { return getg().samerun.life }

//go:linkname samerunLifeInRPC net/rpc.samerunLife
func samerunLifeInRPC() uint32 { return getg().samerun.life }

// samerunHostname is the name of the caller's node; empty for none.
//
//go:linkname samerunHostname os.samerunHostname
func samerunHostname() string {
	node, _ := samerunNode()
	return samerunNodeName(node)
}

// samerunNodeLife returns the life of the boot in which a node of the test that runs now is; 0
// if it is off, or there is none.
//
//go:linkname samerunNodeLife net.samerunNodeLife
func samerunNodeLife(node uint32) uint32 {
	if node == 0 || int(node) >= len(samerunMachines) {
		return 0
	}
	return samerunMachines[node].life
}

// samerunNodeCount returns how many nodes the test that runs has made, and how manieth test of
// the process it is.
//
//go:linkname samerunNodeCount net.samerunNodeCount
func samerunNodeCount() (nodes, test uint32) {
	return uint32(max(len(samerunMachines), 1) - 1), samerunTurns.gen
}

// samerunNetOfNode is what package net does when a node was switched on or off; nil if the program
// has no network.
var samerunNetOfNode func(node, life uint32, on, over bool)

//go:linkname samerunOnNode net.samerunOnNode
func samerunOnNode(f func(node, life uint32, on, over bool)) { samerunNetOfNode = f }

// samerunNodeChanged lets package net know that a node was switched on, or off, in a life; over
// says that the test has ended. Node 0 is for all that have been switched off before that. The caller
// has the turn, and is not of a life that is over.
func samerunNodeChanged(node, life uint32, on, over bool) {
	if samerunNetOfNode != nil {
		samerunNetOfNode(node, life, on, over)
	}
}
