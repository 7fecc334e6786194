package sim

import (
	"fmt"

	"samerun/internal/keyed"
)

// decision is what a fault has decided, for tests of their independence. Who is
// what it was decided about: a message, a node, an operation of a disk.
type decision struct {
	Fault  keyed.Key // identity
	Who    string
	What   string
	Result int64
}

// watched says whether somebody wants to know what is decided.
func (x *liveFault) watched() bool { return x.in.w.cfg.decided != nil }

func (x *liveFault) note(who, what string, result int64) {
	x.in.w.cfg.decided(decision{x.id, who, what, result})
}

// noteSides tells which of the nodes the fault has drawn.
func (x *liveFault) noteSides(nodes []*Node, drawn func(*Node) bool) {
	if x.watched() {
		for _, n := range nodes {
			x.note(n.name, "side", toInt(drawn(n)))
		}
	}
}

func messageID(m *Message) string { return fmt.Sprintf("message %x", m.base.Uint64()) }

func toInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
