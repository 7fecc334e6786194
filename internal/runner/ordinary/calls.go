package ordinary

import (
	"slices"
	"time"

	"samerun/internal/called"
	"samerun/internal/gocmd"
	"samerun/internal/labcopy"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
)

// noteCopies remembers what is to be said of copies of labrpc that do not tell of all their messages.
func (u *Runner) noteCopies(pkgs []*gocmd.Package) {
	for _, p := range pkgs {
		for i := range p.Copies {
			if l := &p.Copies[i]; l.Level != labcopy.Messages && !slices.Contains(u.copies, l.String()) {
				u.copies = append(u.copies, l.String())
			}
		}
	}
}

// callsOf are the calls of a test by a copy of the course's labrpc; nil if there were none, or nobody
// has noted them.
func callsOf(end *wire.Result) *called.Calls {
	if end == nil || end.Calls == nil {
		return nil
	}
	c, ok := called.Read(end.Calls.Nums, end.Calls.Texts, time.Duration(end.VirtualNS))
	if !ok {
		return nil
	}
	return c
}

// tellCalls draws what such a copy has carried, what matters of it if it is much. said is how the test
// failed.
func tellCalls(end *wire.Result, said string, room int) string {
	c := callsOf(end)
	if c == nil {
		return ""
	}
	return drawn(c.Events(laneOf(c.Lanes)), c.Left, said, c.Silence(time.Duration(end.VirtualNS)), room)
}

// calls adds what such a copy has carried.
func (x *tracing) calls() {
	c := callsOf(x.end)
	if c == nil {
		return
	}
	x.lanes = append(x.lanes, c.Lanes...)
	x.left += uint64(c.Left)
	arrived := make(map[uint64]map[string]uint64) // the arrival of each request, by its number and method
	for i := range c.Messages {
		m := &c.Messages[i]
		if m.To == "" {
			continue // its end leads nowhere
		}
		e := tracefile.Event{At: int64(m.Sent), Kind: tracefile.Send, Node: m.From, Peer: m.To, Method: m.Method, Reply: m.Reply, Nth: m.Nth, Size: m.Size, Text: m.Args}
		if m.Reply {
			e.Cause = arrived[m.Nth][m.Method]
		}
		sent := x.b.Add(e)
		e.At, e.Cause, e.Msg, e.Text, e.Fate = int64(m.At), sent, sent, "", m.Words()
		switch m.Fate {
		case called.OnItsWay:
			continue
		case called.Arrives:
			e.Kind = tracefile.Arrive
		default:
			e.Kind = tracefile.Drop
		}
		at := x.b.Add(e)
		if !m.Reply && m.Fate == called.Arrives {
			if arrived[m.Nth] == nil {
				arrived[m.Nth] = make(map[string]uint64)
			}
			arrived[m.Nth][m.Method] = at
		}
	}
	for _, ch := range c.Changes {
		x.b.Add(tracefile.Event{At: int64(ch.At), Kind: tracefile.Log, Node: ch.Node, Text: ch.Text})
	}
}
