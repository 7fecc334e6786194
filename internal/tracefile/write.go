package tracefile

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
)

// Write writes a trace as lines. The same trace is always the same bytes.
func (t *Trace) Write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	head, err := json.Marshal(&t.Header)
	if err != nil {
		return err
	}
	out.Write(append(head, '\n'))
	var line []byte
	for i := range t.Events {
		line = append(t.Events[i].AppendJSON(line[:0]), '\n')
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// AppendJSON appends the event as one JSON object, as encoding/json would write it, for
// runs of a million events.
func (e *Event) AppendJSON(b []byte) []byte {
	b = strconv.AppendUint(append(b, `{"n":`...), e.N, 10)
	b = strconv.AppendInt(append(b, `,"at":`...), e.At, 10)
	b = appendText(append(b, `,"kind":`...), string(e.Kind))
	number := func(name string, x uint64) {
		if x != 0 {
			b = strconv.AppendUint(append(append(append(b, `,"`...), name...), `":`...), x, 10)
		}
	}
	text := func(name, s string) {
		if s != "" {
			b = appendText(append(append(append(b, `,"`...), name...), `":`...), s)
		}
	}
	number("cause", e.Cause)
	number("msg", e.Msg)
	text("node", e.Node)
	text("peer", e.Peer)
	text("task", e.Task)
	text("method", e.Method)
	if e.Reply {
		b = append(b, `,"reply":true`...)
	}
	number("nth", e.Nth)
	number("conn", e.Conn)
	number("size", uint64(max(0, e.Size)))
	text("fate", e.Fate)
	number("element", uint64(max(0, e.Element)))
	text("client", e.Client)
	text("on", e.On)
	number("began", e.Began)
	number("took", uint64(max(0, e.Took)))
	number("moment", uint64(max(0, e.Moment)))
	text("where", e.Where)
	text("text", e.Text)
	return append(b, '}')
}

// appendText appends a text as JSON, as much of it as an event has room for.
func appendText(b []byte, s string) []byte {
	if len(s) > mostText {
		s = clip(s)
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, err := json.Marshal(clip(s))
			if err != nil {
				return append(b, `""`...) // a string always can be
			}
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
