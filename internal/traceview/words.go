package traceview

import (
	"fmt"
	"strings"
	"time"

	"samerun/internal/text"
	"samerun/internal/tracefile"
)

// laneOf is the node at which an event is seen: a message that arrives is seen at its end.
func laneOf(e *tracefile.Event) string {
	if e.Kind == tracefile.Arrive && e.Peer != "" {
		return e.Peer
	}
	return e.Node
}

// Line is an event in one line, with its number and time.
func Line(e *tracefile.Event) string {
	return fmt.Sprintf("#%-6d %s  %s", e.N, text.Fill(text.AppendTime(nil, at(e)), 12), title(e))
}

// title is an event in one short line.
func title(e *tracefile.Event) string {
	const most = 120
	words := string(e.Kind)
	if e.Method != "" {
		words += " " + e.Method
	}
	if e.Reply {
		words += " reply"
	}
	switch {
	case e.Conn > 0 && e.Nth > 0:
		words += fmt.Sprintf(" #%d.%d", e.Conn, e.Nth)
	case e.Conn > 0 || e.Nth > 0:
		words += fmt.Sprintf(" #%d", max(e.Conn, e.Nth))
	}
	if e.Peer != "" {
		words += " " + e.Node + " → " + e.Peer
	}
	if e.On != "" {
		words += " at " + e.On
	}
	if e.Client != "" {
		words += " " + e.Client
	}
	if e.Task != "" && e.Node == "" || e.Kind == tracefile.Timer || e.Kind == tracefile.Wait || e.Kind == tracefile.Woken {
		words += " " + e.Task
	}
	if e.Took > 0 {
		words += ", " + time.Duration(e.Took).String()
	}
	if e.Fate != "" {
		words += ": " + e.Fate
	}
	if e.Text != "" && (e.Method == "" || e.Kind == tracefile.Wait || e.Kind == tracefile.Woken || e.Kind == tracefile.Check) {
		words += "  " + strings.Join(strings.Fields(text.FirstLine(strings.TrimSpace(e.Text))), " ")
	}
	return text.Cut(text.Line(words), most)
}
