package linear

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/anishathalye/porcupine"

	"samerun/sim"
	"samerun/sim/fault"
)

// Picture writes porcupine's picture of a history to a file: a page of HTML that
// shows every operation as a bar, the orders that were found, and below them the
// faults of the run. If a part of the history is not linearizable, or not decided,
// it shows that part alone, up to the answer that nothing explains, and of a long one
// no more than the last operations before it; otherwise all of it. A note to each
// operation tells its client and its virtual times. For a failing run, CheckIn does
// all this by itself.
func Picture[S, In, Out any](path string, m Model[S, In, Out], h *History[In, Out], faults fault.Schedule) error {
	return picture(path, m, h, faults, nil, heading{})
}

// picture is Picture with a heading; outcomes, if known, tell which faults had an effect.
func picture[S, In, Out any](path string, m Model[S, In, Out], h *History[In, Out], faults fault.Schedule, outcomes []sim.FaultOutcome, above heading) error {
	if err := m.problem(); err != nil {
		return err
	}
	if h == nil {
		return errors.New("linear.Picture was given no history; it needs the one in which the clients' operations were recorded")
	}
	shown := m.parts(h)
	from, to := int64(0), int64(never)
	var notes []porcupine.Annotation
	if p, v := m.worst(shown); v.result != porcupine.Ok {
		shown = []part[In, Out]{p}
		if v.result == porcupine.Illegal {
			bad, _ := m.firstBad(p, v.bad)
			v := m.window(p.ops, bad)
			shown[0].ops = v.ops
			from, to = v.ops[0].call, bad.end
			notes = m.notes(v, bad)
			m.Init = func() S { return v.start }
			if v.blind {
				m.Step = func(s S, _ In, _ *Out) (S, bool) { return s, false }
			}
		}
	}
	info := m.orders(shown)
	info.AddAnnotations(notes)
	info.AddAnnotations(times(h.moments(), from, to))
	info.AddAnnotations(annotations(h, faults, outcomes, from, to))
	return above.write(path, m.unbounded(), info)
}

// notes tell what is wrong and what is not shown.
func (m *Model[S, In, Out]) notes(v view[S, In, Out], bad *operation[In, Out]) []porcupine.Annotation {
	notes := []porcupine.Annotation{{
		Tag: "check", Start: 2*bad.call - 1, End: 2*bad.end + 1, Description: "no order explains " + short(m.show(bad.in, bad.answer()), shortOperation),
		Details: fmt.Sprintf("client %d, %s", bad.client, bad.times()), TextColor: "#ffffff", BackgroundColor: "#b3261e",
	}}
	if v.left > 0 {
		first := 2 * v.ops[0].call
		note := porcupine.Annotation{Tag: "check", Start: first - 2, End: first - 1, Description: fmt.Sprintf("%d operations before", v.left)}
		switch {
		case v.blind:
			note.Description += ", too many to draw an order"
		case m.ShowState != nil:
			note.Details = "an order of them leads to " + short(m.ShowState(v.start), shortState)
		}
		notes = append(notes, note)
	}
	return append(notes, rowNotes(v.ops)...)
}

// rowNotes mark where a client goes on in another row after an operation without
// an answer.
func rowNotes[In, Out any](ops []*operation[In, Out]) []porcupine.Annotation {
	var notes []porcupine.Annotation
	lanes := laneOf(ops)
	last := map[int]int{} // of a client: the place in ops of its last operation
	for i, op := range ops {
		if before, ok := last[op.client]; ok && lanes[before] != lanes[i] {
			notes = append(notes, porcupine.Annotation{
				ClientId: lanes[i], Start: 2*op.call - 3, End: 2*op.call - 1, Description: fmt.Sprintf("client %d goes on", op.client),
				Details: fmt.Sprintf("client %d goes on in this row: its operation before was not answered by then", op.client),
			})
		}
		last[op.client] = i
	}
	return notes
}

// worst returns the first part that is not linearizable, or else one that is not
// decided, and the verdict; it is Ok if there is neither.
func (m *Model[S, In, Out]) worst(parts []part[In, Out]) (worst part[In, Out], v verdict[In, Out]) {
	v.result = porcupine.Ok
	for _, p := range parts {
		switch x := m.judge(p.ops); {
		case x.result == porcupine.Illegal:
			return p, x
		case x.result == porcupine.Unknown && v.result == porcupine.Ok:
			worst, v = p, x
		}
	}
	return worst, v
}

// orders searches the parts for orders, for a picture.
func (m *Model[S, In, Out]) orders(parts []part[In, Out]) porcupine.LinearizationInfo {
	var all []*operation[In, Out]
	key := map[int64]int{} // of an operation, by its call: the place in parts
	for i, p := range parts {
		all = append(all, p.ops...)
		for _, op := range p.ops {
			key[2*op.call] = i
		}
	}
	slices.SortFunc(all, func(a, b *operation[In, Out]) int { return cmp.Compare(a.call, b.call) })
	model := m.unbounded()
	if len(parts) == 1 {
		// Several are searched at the same time and cannot share a count; each was
		// decided before.
		model = m.lower(pictureEffort(len(all)))
	}
	model.Partition = func(ops []porcupine.Operation) [][]porcupine.Operation {
		cut := make([][]porcupine.Operation, len(parts))
		for _, op := range ops {
			i := key[op.Call]
			cut[i] = append(cut[i], op)
		}
		return cut
	}
	_, info := porcupine.CheckOperationsVerbose(model, forPorcupine(all), 0)
	return info
}

// unbounded is the model for porcupine, for as many steps as it takes.
func (m *Model[S, In, Out]) unbounded() porcupine.Model { return m.lower(nil) }
