package gobwire

import (
	"slices"
	"sync"
	"sync/atomic"
)

// state is what a stream has described so far. A state is immutable but for its edges, a memo of where each type leads.
type state struct {
	table *table
	descs []byte // all descriptor messages that led here
	depth int
	edges atomic.Pointer[[]*edge]
	mu    sync.Mutex // held to add an edge
}

// edge leads from one state to the next by describing the type of one plan.
type edge struct {
	plan     *plan
	payloads [][]byte // the descriptor messages without their lengths; none if all is known
	messages []byte   // the same with their lengths, ready to copy
	rest     []byte   // messages without the first
	id       []byte   // the id that announces a value, as it is written
	head     []byte   // all that stands before a value: messages, a byte for the length, id
	next     *state
	err      error
}

// The memo is bounded, since nothing ever leaves it. Beyond the bounds an edge belongs to the stream that needed it.
const (
	maxEdges      = 64
	maxStateDepth = 16
)

//samerun:allow global: the root of a pure memo
var emptyStream = &state{table: newTable()}

func (s *state) edge(p *plan) *edge {
	if edges := s.edges.Load(); edges != nil {
		for _, e := range *edges {
			if e.plan == p {
				return e
			}
		}
	}
	return s.newEdge(p)
}

// newEdge works out an edge. The root keeps none: each plan remembers its own edge from the root.
func (s *state) newEdge(p *plan) *edge {
	e := &edge{plan: p}
	t := s.table.clone()
	payloads, id, err := t.describe(p.ut)
	if err != nil {
		e.err = err
		return e
	}
	e.payloads = payloads
	e.id = appendInt(nil, int64(id))
	for _, m := range payloads {
		e.messages = appendUint(e.messages, uint64(len(m)))
		e.messages = append(e.messages, m...)
	}
	e.head = slices.Concat(e.messages, []byte{0}, e.id)
	if len(payloads) > 0 {
		e.rest = e.messages[uintLen(uint64(len(payloads[0])))+len(payloads[0]):]
		e.next = &state{table: t, descs: slices.Concat(s.descs, e.messages), depth: s.depth + 1}
	} else {
		// Nothing new to tell, so nothing that a later type would see.
		e.next = s
	}
	if s == emptyStream || e.next.depth > maxStateDepth && e.next != s {
		return e
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var edges []*edge
	if old := s.edges.Load(); old != nil {
		edges = *old
	}
	for _, other := range edges {
		if other.plan == p {
			return other
		}
	}
	if len(edges) >= maxEdges {
		return e
	}
	edges = append(slices.Clone(edges), e)
	s.edges.Store(&edges)
	return e
}
