package traceview

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"samerun/internal/text"
	"samerun/internal/tracefile"
)

// mostMermaid is how many lines of a diagram there are: the last ones. No tool draws many more.
const mostMermaid = 200

const mermaidBeginning = "%% samerun trace\n"

func at(e *tracefile.Event) time.Duration { return time.Duration(e.At) }

// writeMermaid writes a sequence diagram. Each message is drawn where it arrives or is lost, or
// where it was sent if it is on its way at the end; turns, draws, timers and waits are left out.
func writeMermaid(w io.Writer, t *tracefile.Trace) error {
	out := bufio.NewWriterSize(w, 1<<16)
	names := map[string]string{}
	for i, name := range t.Nodes {
		names[name] = fmt.Sprintf("p%d", i)
	}
	lines := mermaidLines(t, names)
	c := t.Count()
	out.WriteString(mermaidBeginning)
	fmt.Fprintf(out, "%%%% %s, %s, %s; the last %d of %d lines\n", text.Count(c.Events, "event"), text.Count(c.Messages, "message"), text.Count(c.Faults, "fault"), min(len(lines), mostMermaid), len(lines))
	out.WriteString("sequenceDiagram\n")
	for _, name := range t.Nodes {
		fmt.Fprintf(out, "    participant %s as %s\n", names[name], mermaidText(name))
	}
	if len(t.Nodes) == 0 {
		out.WriteString("    participant run\n")
	}
	for _, l := range lines[max(0, len(lines)-mostMermaid):] {
		out.WriteString("    " + l + "\n")
	}
	return out.Flush()
}

func mermaidLines(t *tracefile.Trace, names map[string]string) (lines []string) {
	ended := make([]bool, len(t.Events)+1)
	for i := range t.Events {
		if e := &t.Events[i]; e.Kind == tracefile.Arrive || e.Kind == tracefile.Drop {
			ended[e.Msg] = true
		}
	}
	all := "run"
	if n := len(t.Nodes); n > 0 {
		all = names[t.Nodes[0]]
		if n > 1 {
			all += "," + names[t.Nodes[n-1]]
		}
	}
	for i := range t.Events {
		e := &t.Events[i]
		arrow := ""
		switch e.Kind {
		case tracefile.Turn, tracefile.Draw, tracefile.Go, tracefile.Hold, tracefile.Timer, tracefile.Wait, tracefile.Woken:
			continue
		case tracefile.Send:
			if ended[e.N] {
				continue
			}
			arrow = "--)"
		case tracefile.Arrive:
			arrow = "->>"
		case tracefile.Drop:
			arrow = "-x"
		}
		moment := string(text.AppendTime(nil, at(e)))
		if arrow != "" && names[e.Node] != "" && names[e.Peer] != "" {
			lines = append(lines, names[e.Node]+arrow+names[e.Peer]+": "+mermaidText(moment+" "+strings.TrimPrefix(title(e), string(e.Kind)+" ")))
			continue
		}
		over := all
		if p := names[laneOf(e)]; p != "" {
			over = p
		}
		lines = append(lines, "Note over "+over+": "+mermaidText(moment+" "+title(e)))
	}
	return lines
}

// mermaidText is a text without what a diagram would take for its own.
func mermaidText(s string) string {
	return strings.NewReplacer("#", "#35;", ";", "#59;", "<", "#lt;", ">", "#gt;", "\n", " ", "%%", "% %").Replace(text.Line(s))
}
