package sim

import (
	"strconv"
	"time"

	"samerun/internal/text"
)

// String writes the record as one line of a story.
func (r Record) String() string { return string(r.appendTo(nil)) }

// appendTo writes what String returns behind b. A long trace is written with it,
// because package fmt would take more time than the run.
func (r Record) appendTo(b []byte) []byte {
	start := len(b)
	b = text.Fill(text.AppendTime(b, r.At), start+12)
	b = text.Fill(append(b, r.What.String()...), start+21)
	switch {
	case r.Msg != nil:
		b = r.appendMessage(b)
	case r.Peer != nil:
		b = appendLink(b, r.Node, r.Peer)
	case r.What == Booted || r.What == Crashed:
		b = append(append(b, r.Node.name...), " (boot "...)
		b = append(strconv.AppendUint(b, r.N, 10), ')')
	case r.Node != nil:
		b = append(b, r.Node.name...)
		if r.Text != "" {
			b = append(append(b, "  "...), r.Text...)
		}
	default:
		b = append(b, r.Text...)
	}
	return b
}

func (r *Record) appendMessage(b []byte) []byte {
	m := r.Msg
	b = appendLink(b, r.Node, r.Peer)
	b = append(append(b, "  "...), r.Node.w.KindName(m.Kind)...)
	if m.Reply {
		b = append(b, " reply"...)
	}
	b = strconv.AppendUint(append(b, " #"...), m.Nth, 10)
	b = strconv.AppendInt(append(b, " ("...), int64(m.Size), 10)
	b = append(b, " bytes"...)
	switch r.What {
	case Dropped:
		b = append(append(b, ", "...), r.Fate.String()...)
	case Arrived:
		b = append(append(b, ", after "...), (r.At - m.sent).Round(time.Microsecond).String()...)
	case Sent:
		if m.late {
			b = append(b, ", held back"...)
		}
		if m.Copies > 1 {
			b = append(b, ", twice"...)
		}
	}
	return append(b, ')')
}

func appendLink(b []byte, from, to *Node) []byte {
	return append(append(append(b, from.name...), " → "...), to.name...)
}
