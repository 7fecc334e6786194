package linear

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"samerun/internal/text"
	"samerun/sim"
	"samerun/sim/fault"
)

// annotations are the faults, between the calls and answers before and after them,
// those between two places of the history only. Faults without effect are left
// out if outcomes tell of them. Each row shows one fault at a time.
func annotations[In, Out any](h *History[In, Out], faults fault.Schedule, outcomes []sim.FaultOutcome, from, to int64) []porcupine.Annotation {
	moments := h.moments()
	place := func(at time.Duration) int64 {
		i, _ := slices.BinarySearch(moments, at)
		return 2*int64(i) + 1
	}
	begin, end := 2*from+1, min(2*to+1, place(1<<63-1))
	var all []porcupine.Annotation
	var idle []string
	for i := range faults.Faults {
		f := &faults.Faults[i]
		if j := slices.IndexFunc(outcomes, func(o sim.FaultOutcome) bool { return o.Index == i }); j >= 0 && outcomes[j].Fired == 0 {
			idle = append(idle, text.Line(fmt.Sprintf("%v: %s", f, outcomes[j].Why)))
			continue
		}
		a := porcupine.Annotation{
			Start: begin, End: end, Description: label(f), Details: f.String(),
			TextColor: "#000000", BackgroundColor: "#f4c7a1",
		}
		if f.Boot == 0 && f.Nth == 0 {
			a.Start = place(f.At)
			if over, ends := f.End(); ends {
				a.End = place(over)
			} else if faults.Quiet > 0 {
				a.End = place(faults.Quiet)
			}
		} else {
			// When it begins only the run knows: it is shown all along, and paler.
			a.BackgroundColor = "#fbe9dc"
			a.Details += " (when that was, the picture does not know)"
		}
		if a.End < begin || a.Start > end {
			continue
		}
		a.Start, a.End = max(a.Start, begin), min(a.End, end)
		all = append(all, a)
	}
	if at := place(faults.Quiet); faults.Quiet > 0 && begin <= at && at <= end {
		all = append(all, porcupine.Annotation{Start: at, End: at, Description: "quiet", Details: fmt.Sprintf("quiet from %v on", faults.Quiet)})
	}
	inRows(all)
	if len(idle) > 0 {
		all = append(all, porcupine.Annotation{
			Tag: "without effect", Start: begin, End: begin, Description: "did nothing: " + fmt.Sprint(len(idle)), Details: strings.Join(idle, "; "),
		})
	}
	return all
}

// label is a fault in a few words: what befalls whom.
func label(f *fault.Fault) string {
	who := strings.Join(f.Nodes, " ")
	if len(f.From) > 0 || len(f.To) > 0 {
		who = strings.Join(f.From, " ") + " → " + strings.Join(f.To, " ")
	}
	return text.Line(strings.TrimSpace(string(f.Kind) + " " + who))
}

// inRows gives annotations the tags of rows, so that those of a row do not overlap.
func inRows(all []porcupine.Annotation) {
	slices.SortStableFunc(all, func(a, b porcupine.Annotation) int { return int(a.Start - b.Start) })
	var busy []int64 // until when a row is
	for i := range all {
		row := slices.IndexFunc(busy, func(until int64) bool { return until < all[i].Start })
		if row < 0 {
			row = len(busy)
			busy = append(busy, 0)
		}
		busy[row] = all[i].End
		all[i].Tag = fmt.Sprintf("faults %02d", row+1)
	}
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
