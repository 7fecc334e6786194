package neighbour

import (
	"fmt"
	"strings"

	"samerun/internal/overlay/leaf/place"
	"samerun/internal/story"
	"samerun/internal/text"
	"samerun/internal/tracefile"
)

// isMessage says whether an event is about a message.
func isMessage(e *tracefile.Event) bool {
	switch e.Kind {
	case tracefile.Send, tracefile.Arrive, tracefile.Drop, tracefile.Hold:
		return true
	}
	return false
}

// laneOf is the node at which an event is seen.
func laneOf(e *tracefile.Event) string {
	if e.Kind == tracefile.Arrive {
		return e.Peer
	}
	return e.Node
}

// nameOf is the name of a message: "AppendEntries reply #7".
func (x *telling) nameOf(e *tracefile.Event) string {
	name := e.Method
	if short := x.methods[name]; short != "" {
		name = short
	}
	if e.Reply && !strings.HasSuffix(name, " reply") {
		name += " reply"
	}
	switch {
	case strings.Contains(name, "#"):
	case e.Conn > 0 && e.Nth > 0:
		name += fmt.Sprintf(" #%d.%d", e.Conn, e.Nth)
	case e.Conn > 0 || e.Nth > 0:
		name += fmt.Sprintf(" #%d", max(e.Conn, e.Nth))
	}
	return strings.TrimSpace(name)
}

// became says of a message, which has been named, what becomes of it.
func became(e *tracefile.Event) string {
	switch e.Kind {
	case tracefile.Send:
		return "it is sent"
	case tracefile.Hold:
		return "it waits before " + e.Peer
	case tracefile.Arrive:
		return "it arrives" + befell(e)
	}
	return "it " + fate(e)
}

// holding says what a message holds that it does not hold in the other run.
func holding(e, other *tracefile.Event) string {
	if held := story.NewFields(e.Text, other.Text); held != "" && e.Text != other.Text {
		return " with " + held
	}
	if e.Size != other.Size {
		return " with " + text.Count(e.Size, "byte")
	}
	return ""
}

// fate says why a message does not arrive.
func fate(e *tracefile.Event) string {
	switch e.Fate {
	case "lost":
		return "is lost"
	case "cut", "cut off":
		return "is cut off"
	case "node down":
		return "finds the node down"
	case "":
		return "does not arrive"
	}
	return "does not arrive (" + e.Fate + ")"
}

// befell says what has befallen a message that arrives all the same.
func befell(e *tracefile.Event) string {
	if e.Fate == "" || e.Fate == "delivered" {
		return ""
	}
	return " (" + e.Fate + ")"
}

// what is an event in words.
func (x *telling) what(e *tracefile.Event) string {
	var words string
	said := strings.Join(strings.Fields(text.FirstLine(strings.TrimSpace(e.Text))), " ")
	switch e.Kind {
	case tracefile.Send:
		words = e.Node + " sends " + x.nameOf(e) + " to " + e.Peer
	case tracefile.Arrive:
		words = x.nameOf(e) + " from " + e.Node + " reaches " + e.Peer + befell(e)
	case tracefile.Drop:
		words = x.nameOf(e) + " from " + e.Node + " to " + e.Peer + " " + fate(e)
	case tracefile.Hold:
		words = x.nameOf(e) + " from " + e.Node + " waits before " + e.Peer
	case tracefile.Boot:
		if words = e.Node + " starts"; e.Nth > 1 {
			words += " again"
		}
	case tracefile.Crash:
		words = e.Node + " crashes"
	case tracefile.Pause:
		words = e.Node + " stands still"
	case tracefile.Resume:
		words = e.Node + " goes on"
	case tracefile.Met:
		words = said + " has come true"
	case tracefile.Log, tracefile.Output:
		who := e.Node
		if who == "" {
			who = x.nameOfTask(e)
		}
		words = strings.TrimSpace(who+" says") + ": " + said
	case tracefile.Fail:
		words = "it fails"
	case tracefile.Go:
		words = x.nameOfTask(e) + " is started"
	case tracefile.Turn:
		if frame := x.frameOf(e.Where); frame != "" {
			words = x.nameOfTask(e) + " goes on at " + frame
		} else {
			words = x.nameOfTask(e) + " begins"
			if e.Cause == 0 || x.one.Events[min(int(e.Cause), len(x.one.Events))-1].Kind != tracefile.Go {
				words = x.nameOfTask(e) + " goes on"
			}
		}
	default:
		words = strings.TrimSpace(string(e.Kind) + " " + said)
	}
	return text.Line(words)
}

// frameOf is Frame without the name of the package, if it is that of the test.
func (x *telling) frameOf(where string) string { return strings.TrimPrefix(Frame(where), x.own) }

// Frame is the innermost function of the program among the places of an event of a trace, with
// its line and without the path of its package; empty if there is none.
func Frame(where string) string {
	for _, frame := range strings.Split(where, " < ") {
		name, line, _ := strings.Cut(frame, ":")
		if name == "" || place.Standard(name) {
			continue
		}
		name = name[strings.LastIndexByte(name, '/')+1:]
		if line != "" {
			name += ":" + line
		}
		return name
	}
	return ""
}

// nameOfTask is what people call a task or goroutine.
func (x *telling) nameOfTask(e *tracefile.Event) string {
	if name := x.names[e.Goroutine()]; name != "" {
		return name
	}
	return e.Task
}

// nameTasks gives goroutines names, by where they were started: the number in a trace says
// nothing to people. Those of the failing run are counted first.
func (x *telling) nameTasks() {
	var tasks []string
	from, count := map[string]string{}, map[string]int{}
	x.names = map[string]string{}
	for _, t := range [...]*tracefile.Trace{x.one, x.other} {
		for i := range t.Events {
			e := &t.Events[i]
			id := e.Goroutine()
			if e.Kind != tracefile.Go || id == "" || from[id] != "" || x.names[id] != "" {
				continue
			}
			switch frame := x.frameOf(e.Where); {
			case strings.HasPrefix(e.Where, "testing.(*M)"):
				x.names[id] = "the test"
			case frame != "":
				from[id] = frame
				count[frame]++
				tasks = append(tasks, id)
			}
		}
	}
	nth := map[string]int{}
	for _, id := range tasks {
		frame := from[id]
		if nth[frame]++; count[frame] == 1 {
			x.names[id] = "the goroutine of " + frame
		} else {
			x.names[id] = fmt.Sprintf("goroutine %d of %s", nth[frame], frame)
		}
	}
}

// methodsOf are short names of methods, without that of their service, if that leaves no two with
// one name.
func methodsOf(traces ...*tracefile.Trace) map[string]string {
	short, of := map[string]string{}, map[string]string{}
	for _, t := range traces {
		for i := range t.Events {
			name := t.Events[i].Method
			service, method, ok := strings.Cut(name, ".")
			if !ok || service == "" || method == "" || strings.ContainsAny(name, " /:") || short[name] != "" {
				continue
			}
			if of[method] != "" {
				return nil
			}
			short[name], of[method] = method, name
		}
	}
	return short
}
