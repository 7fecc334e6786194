package tracefile

import "io"

// Stream is a trace that is made in the order of time, with numbers that are right: it is written
// as it comes, and none of its events are kept. The zero value has none.
type Stream struct {
	parts [][]byte // lines, in parts of which none grows
	n     int
	lanes Builder
}

// partSize is how long a part is, about.
const partSize = 1 << 20

// Add adds an event, and returns its number. N is ignored; what it points at must come before it.
func (s *Stream) Add(e *Event) uint64 {
	s.n++
	e.N = uint64(s.n)
	s.lanes.Lane(e.Node)
	s.lanes.Lane(e.Peer)
	if len(s.parts) == 0 || len(s.parts[len(s.parts)-1]) > partSize-partSize/8 {
		s.parts = append(s.parts, make([]byte, 0, partSize))
	}
	p := &s.parts[len(s.parts)-1]
	*p = append(e.AppendJSON(*p), '\n')
	return e.N
}

// Len is how many events were added.
func (s *Stream) Len() int { return s.n }

// Order puts these lanes before all others.
func (s *Stream) Order(names []string) { s.lanes.Order(names) }

// Write writes the file, with a header in which the format, the lanes and the number of events are filled in.
func (s *Stream) Write(w io.Writer, h Header) error {
	t := s.lanes.Trace(h)
	t.Header.Events = s.n
	if err := t.Write(w); err != nil {
		return err
	}
	for _, p := range s.parts {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}
