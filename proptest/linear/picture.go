package linear

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"samerun/sim/fault"
)

// Picture writes porcupine's picture of a history to a file: a page of HTML that
// shows every operation as a bar, the orders that were found, and above them the
// faults of the run. If a part of the history is not linearizable, or not decided,
// it shows that part alone; otherwise all of it. Operations have their virtual times as a note.
func Picture[S, In, Out any](path string, m Model[S, In, Out], h *History[In, Out], faults fault.Schedule) error {
	if err := m.problem(); err != nil {
		return err
	}
	if h == nil {
		return errors.New("linear.Picture was given no history; it needs the one in which the clients' operations were recorded")
	}
	shown := m.parts(h)
	for _, why := range [...]porcupine.CheckResult{porcupine.Illegal, porcupine.Unknown} {
		if i := slices.IndexFunc(shown, func(p part[In, Out]) bool { return m.decide(p.ops) == why }); i >= 0 {
			shown = shown[i : i+1]
			break
		}
	}
	var all []*operation[In, Out]
	key := map[int64]int{} // of an operation, by its call: the place in shown
	for i, p := range shown {
		all = append(all, p.ops...)
		for _, op := range p.ops {
			key[2*op.call] = i
		}
	}
	slices.SortFunc(all, func(a, b *operation[In, Out]) int { return cmp.Compare(a.call, b.call) })
	e := effortFor(len(all))
	// Here the search also writes down each of its dead ends, as long as the history.
	e.steps = pictureWork/(len(all)+1) + 4*len(all)
	model := m.lower(e)
	model.Partition = func(ops []porcupine.Operation) [][]porcupine.Operation {
		parts := make([][]porcupine.Operation, len(shown))
		for _, op := range ops {
			i := key[op.Call]
			parts[i] = append(parts[i], op)
		}
		return parts
	}
	if len(shown) > 1 {
		// The parts are searched at the same time and cannot share a count; each was
		// searched to its end above.
		model = m.unbounded(model.Partition)
	}
	_, info := porcupine.CheckOperationsVerbose(model, forPorcupine(all), 0)
	info.AddAnnotations(annotations(h, faults))
	return porcupine.VisualizePath(m.unbounded(model.Partition), info, path)
}

// pictureWork bounds the search for a picture.
const pictureWork = 200_000_000

func (m *Model[S, In, Out]) unbounded(partition func([]porcupine.Operation) [][]porcupine.Operation) porcupine.Model {
	p := m.lower(nil)
	p.Partition = partition
	return p
}

// annotations are the faults, between the calls and answers before and after them.
func annotations[In, Out any](h *History[In, Out], faults fault.Schedule) []porcupine.Annotation {
	moments := h.moments()
	place := func(at time.Duration) int64 {
		i, _ := slices.BinarySearch(moments, at)
		return 2*int64(i) + 1
	}
	last := place(1<<63 - 1)
	var all []porcupine.Annotation
	for i := range faults.Faults {
		f := faults.Faults[i]
		a := porcupine.Annotation{
			Tag: "faults", Start: 1, End: last, Description: string(f.Kind), Details: f.String(),
			TextColor: "#000000", BackgroundColor: "#f4c7a1",
		}
		// When one begins that is counted from a boot, or picks a message, only the run
		// knows: it is shown all along.
		if f.Boot == 0 && f.Nth == 0 {
			a.Start = place(f.At)
			if end, ends := f.End(); ends {
				a.End = place(end)
			} else if faults.Quiet > 0 {
				a.End = place(faults.Quiet)
			}
		}
		all = append(all, a)
	}
	if faults.Quiet > 0 {
		at := place(faults.Quiet)
		all = append(all, porcupine.Annotation{Tag: "faults", Start: at, End: at, Description: "quiet", Details: fmt.Sprintf("quiet from %v on", faults.Quiet)})
	}
	return all
}

// moments returns the virtual time of each call and answer, in order.
func (h *History[In, Out]) moments() []time.Duration {
	moments := make([]time.Duration, h.now)
	for i := range h.ops {
		op := &h.ops[i]
		moments[op.call-1] = op.callAt
		if op.end != never {
			moments[op.end-1] = op.endsAt
		}
	}
	return moments
}
