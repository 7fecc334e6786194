package sim

import (
	"fmt"
	"strings"

	"samerun/internal/text"
)

// What a world of goroutines adds to its nodes: each is a machine of the host.

// switchOn boots the node's machine for its new incarnation.
func (n *Node) switchOn() {
	if n.w.host != nil && n.machine > 0 {
		n.w.host.Boot(n.machine)
		n.group.Bind(n.machine)
	}
}

// exited is told by the host that a node has ended by itself. os.Exit and log.Fatal are a
// crash of that node; a panic that nobody recovered fails the run, as that of a task does.
func (w *World) exited(machine, boot int, how string) {
	n := w.byMachine(machine)
	if n == nil || !n.up || n.boots != boot || w.s.Over() {
		return
	}
	w.record(Record{What: Note, Node: n, Text: text.FirstLine(how)})
	if strings.HasPrefix(how, "panic: ") {
		// The stack has addresses and numbers of goroutines, which differ from run to run.
		w.fail(&NodeError{Node: n.name, How: text.PlainTraces(how)})
		return
	}
	n.fell = false // it is not a fault that did this, and none undoes it
	n.goDown()
}

func (w *World) byMachine(machine int) *Node {
	for _, n := range w.nodes[1:] {
		if n.machine == machine {
			return n
		}
	}
	return nil
}

// NodeError is a node that has ended in a panic, which none of its goroutines recovered.
type NodeError struct {
	Node string
	How  string // "panic: …", with the stack in further lines
}

func (e *NodeError) Error() string { return fmt.Sprintf("node %s: %s", e.Node, e.How) }
