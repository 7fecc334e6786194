package sim

import (
	"fmt"

	"samerun/sim/fault"
)

// whyNot says why a fault never took effect.
func (x *liveFault) whyNot() string {
	f, w := x.f, x.in.w
	info, _ := f.Kind.Info()
	if why := x.nobody(); why != "" {
		return why
	}
	switch {
	case w.host != nil && (f.Conn > 0 || info.Group == fault.Sockets) && (x.begun || x.early()):
		return "it met nothing: no connection, piece of one or datagram that it is about came its way"
	case x.picksOnDisk():
		return x.whyNotOnDisk()
	case f.Nth > 0:
		return x.whyNotPicked()
	case x.missed != "":
		return x.missed
	case x.begun || x.early():
		return x.whyNotMet()
	case f.Boot > 0 && !w.booted(f.Boot, x):
		return fmt.Sprintf("there was no boot %d", f.Boot)
	case f.Boot == 0 && x.in.plan.Quiet > 0 && f.At >= x.in.plan.Quiet:
		return "it would begin in the quiet period"
	}
	return "the run ended before"
}

// booted says whether one of the nodes that the fault names was started so often.
func (w *World) booted(boot int, x *liveFault) bool {
	for _, n := range w.nodes {
		if n.boots >= boot && x.among(x.f.Nodes, nil, n) {
			return true
		}
	}
	return false
}

// nobody says that a list of names means nobody at all.
func (x *liveFault) nobody() string {
	w := x.in.w
	for _, names := range [...][]string{x.f.From, x.f.To, x.f.Nodes} {
		why := ""
		for _, name := range names {
			switch {
			case name[0] == '@' && w.roles[name[1:]] == nil:
				why = fmt.Sprintf("the scenario tells nobody who %s is (World.Role)", name)
			case name[0] == '@' || len(w.meaning(name)) > 0:
				why = ""
			default:
				why = missing(name)
			}
			if why == "" {
				break
			}
		}
		if why != "" {
			return why
		}
	}
	return ""
}

func (x *liveFault) whyNotPicked() string {
	f, w := x.f, x.in.w
	if x.begun {
		return fmt.Sprintf("message #%d was sent, but something else had decided about it", f.Nth)
	}
	most := uint64(0)
	for _, a := range w.nodes {
		for _, b := range w.nodes {
			if l := w.links[linkID{a.index, b.index}]; l != nil && x.concerns(a, b) {
				most = max(most, l.sentOf(f.Method, f.Dir))
			}
		}
	}
	switch {
	case most < f.Nth:
		return fmt.Sprintf("message #%d was not sent: there were %d", f.Nth, most)
	case x.missed != "":
		return fmt.Sprintf("when message #%d was sent, %s", f.Nth, x.missed)
	case hasRole(f.From) || hasRole(f.To):
		return fmt.Sprintf("when message #%d was sent, others had the role", f.Nth)
	}
	return fmt.Sprintf("message #%d was sent in the quiet period", f.Nth)
}

// whyNotMet is for a fault that was in force and had nothing to do.
func (x *liveFault) whyNotMet() string {
	info, _ := x.f.Kind.Info()
	switch {
	case info.Group == fault.Disks:
		return "it met nothing: no disk that it befell did what it spoils"
	case info.Group == fault.Nodes:
		return "it met nothing: no message came to a node that it made slow"
	case x.f.PPM > 0:
		return "it met nothing: no message came its way, or chance spared all of them"
	}
	return "it met nothing: no message came its way"
}
