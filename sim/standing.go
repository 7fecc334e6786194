package sim

import (
	"fmt"
	"strings"
	"sync"

	"samerun/internal/text"
)

// standing is what is told of the nodes of a run that stands still. A Dump may never come back;
// who tells that reads what the others have said.
type standing struct {
	mu    sync.Mutex
	nodes []nodeNow
	asked int // who is asked now, and one more; 0: nobody was
}

// nodeNow is what is told of a node.
type nodeNow struct {
	name  string
	state string // whether it runs
	said  string // by its Dump
	wrong string // why it has said nothing
}

// ask asks the nodes of a world, one after the other; by has a function of a machine called.
func (x *standing) ask(w *World, by func(machine int, fn func() string) (said, wrong string)) {
	x.mu.Lock()
	for _, n := range w.nodes[1:] {
		x.nodes = append(x.nodes, nodeNow{name: text.Line(n.name), state: n.now()})
	}
	x.mu.Unlock()
	for i, n := range w.nodes[1:] {
		if n.dump == nil || !n.up {
			continue
		}
		x.mu.Lock()
		x.asked = i + 1
		x.mu.Unlock()
		said, wrong := by(n.machine, n.dump)
		x.mu.Lock()
		x.nodes[i].said, x.nodes[i].wrong = said, wrong
		x.mu.Unlock()
	}
}

// fail says why the node that is asked says nothing.
func (x *standing) fail(why string) {
	x.mu.Lock()
	x.nodes[x.asked-1].wrong = why
	x.mu.Unlock()
}

// words are the nodes, and sentences about those that could not be asked.
func (x *standing) words() (state string, wrong []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var b strings.Builder
	for _, n := range x.nodes {
		b.WriteString(n.name + " " + n.state + "\n")
		if said := strings.TrimRight(n.said, "\n"); said != "" {
			b.WriteString(text.Indent(text.Block(said)) + "\n")
		}
		if n.wrong != "" {
			why := text.Line(n.wrong)
			b.WriteString("    its Dump " + why + "\n")
			wrong = append(wrong, fmt.Sprintf("the Dump of node %s %s", n.name, why))
		}
		b.WriteString("\n")
	}
	return b.String(), wrong
}

// now says whether a node runs.
func (n *Node) now() string {
	state := "was not started"
	switch {
	case n.paused:
		state = "is paused"
	case n.up:
		state = "runs"
	case n.boots > 0:
		state = "is down"
	}
	if n.boots > 0 {
		state += fmt.Sprintf(", boot %d", n.boots)
	}
	return state
}

// tasksNow says of each task what it does, and where it stands.
func (w *World) tasksNow() string {
	var b strings.Builder
	for _, t := range w.s.Tasks() {
		b.WriteString(t.Name + " " + t.Waits + "\n")
		for _, call := range t.Stack {
			b.WriteString("    " + call + "\n")
		}
		if t.Started != "" {
			b.WriteString("    started at " + t.Started + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}
