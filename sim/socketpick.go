package sim

import (
	"strconv"
	"strings"
	"time"

	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// struck is told by the host what a rule has befallen by chance, in a line such as
//
//	hold conn=2 nth=5 dir=1 min=200000000 from "n0" to "n1"
//
// which is the element that does the same. It is called in the middle of other things.
func (w *World) struck(index int, what string) {
	if w.cfg.hit == nil || index >= len(w.sockets.of) || w.sockets.of[index] == nil {
		return
	}
	x := w.sockets.of[index]
	if f, ok := w.pickOf(what); ok {
		w.cfg.hit(shrink.Hit{Index: x.index, At: w.Elapsed(), Message: f})
	}
}

// pickOf reads the line.
func (w *World) pickOf(line string) (f fault.Fault, ok bool) {
	head, ends, ok := strings.Cut(line, " from ")
	from, to, both := strings.Cut(ends, " to ")
	if !ok || !both {
		return f, false
	}
	words := strings.Fields(head)
	f.Kind = fault.Kind(words[0])
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		n, err := strconv.ParseUint(value, 10, 63)
		if err != nil {
			return f, false
		}
		switch name {
		case "conn":
			f.Conn = n
		case "nth":
			f.Nth = n
		case "dir":
			f.Dir = fault.Dir(n)
		case "min":
			f.Min = time.Duration(n)
		default:
			return f, false
		}
	}
	f.From, f.To = w.endOf(from), w.endOf(to)
	return f, (fault.Schedule{Faults: []fault.Fault{f}}).Validate() == nil
}

// endOf is the node of a quoted name; whoever is none is the scenario.
func (w *World) endOf(quoted string) []string {
	name, _ := strconv.Unquote(quoted)
	if w.names[name] == nil {
		name = w.main.name
	}
	return []string{name}
}
