package faultscript

import (
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"samerun/sim"
	"samerun/sim/fault"
)

// run runs what was said with the schedule below the command, one element a line.
func (s *Script) run(t *testing.T, d *datadriven.TestData) string {
	length := 100 * time.Millisecond
	duration(t, d, "for", &length)
	elements := strings.Join(strings.FieldsFunc(d.Input, func(r rune) bool { return r == '\n' }), ",\n")
	schedule, err := fault.Parse([]byte(`{"faults": [` + elements + `]}`))
	if err != nil {
		return line("%v", err)
	}
	duration(t, d, "quiet", &schedule.Quiet)
	if s.observe != nil {
		s.observed(schedule, length)
		return d.Expected
	}
	var out strings.Builder
	r := sim.Run(sim.Config{
		Seed: s.seed, Faults: &schedule,
		Link:  s.links(),
		Trace: func(r sim.Record) { out.WriteString(strings.TrimRight(line("%v", r), " \n") + "\n") },
	}, func(w *sim.World) {
		s.make(w)
		s.begin(w)
		w.Sleep(length)
	})
	if r.Err != nil {
		out.WriteString(line("%v", r.Err))
	}
	m := r.Messages
	if m.Sent > 0 {
		out.WriteString(line("messages: %d sent, %d doubled, %d delivered, %d lost, %d cut, %d to a node that was down, %d in flight",
			m.Sent, m.Duplicated, m.Delivered, m.Lost, m.Cut, m.NodeDown, m.InFlight))
	}
	for _, o := range r.Outcomes {
		if o.Fired > 0 {
			s.kinds[string(o.Fault.Kind)] = true
			out.WriteString(line("%s: took effect %d times", o.Fault.Kind, o.Fired))
		} else {
			out.WriteString(line("%s: never took effect: %s", o.Fault.Kind, o.Why))
		}
	}
	return out.String()
}

func (s *Script) links() sim.LinkConfig {
	return sim.LinkConfig{Latency: sim.Durations{Min: s.latency, Max: s.latency}}
}

// make makes the nodes.
func (s *Script) make(w *sim.World) {
	for _, name := range s.nodes {
		w.Node(name)
	}
}

// begin starts what was said, and those nodes of which nothing was.
func (s *Script) begin(w *sim.World) {
	for _, part := range s.parts {
		part(w)
	}
	for _, n := range w.Nodes() {
		if !n.Up() {
			n.Start(func() { s.saw(w, "%s begins", n.Name()) })
		}
	}
}
