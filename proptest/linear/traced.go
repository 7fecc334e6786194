package linear

import (
	"fmt"
	"strings"

	"github.com/anishathalye/porcupine"

	"samerun/sim"
)

// This file tells the trace of a run what its clients ask for and are answered, and the order
// that explains it. Without a trace nothing of it is done.

// inWords is what a client asks for, in a few words.
func inWords(in any) string {
	var words string
	switch in := in.(type) {
	case KVInput:
		words = showKV(in, nil)
	case RegisterInput:
		words = showRegister(in, nil)
	case LockInput:
		words = Lock().Show(in, nil)
	case LogInput:
		words = Log().Show(in, nil)
	case QueueInput:
		words = Queue().Show(in, nil)
	default:
		return short(fmt.Sprintf("%+v", in), shortOperation)
	}
	return short(strings.TrimSuffix(words, " → ?"), shortOperation)
}

// outWords is what it is answered.
func outWords(in, out any) string {
	words := ""
	switch in := in.(type) {
	case KVInput:
		if s, ok := out.(string); ok {
			words = showKV(in, &s)
		}
	case RegisterInput:
		if s, ok := out.(RegisterOutput); ok {
			words = showRegister(in, &s)
		}
	case LockInput:
		if s, ok := out.(bool); ok {
			words = Lock().Show(in, &s)
		}
	case LogInput:
		if s, ok := out.(LogOutput); ok {
			words = Log().Show(in, &s)
		}
	case QueueInput:
		if s, ok := out.(QueueOutput); ok {
			words = Queue().Show(in, &s)
		}
	}
	if i := strings.LastIndex(words, " → "); i >= 0 {
		return short(words[i+len(" → "):], shortOperation)
	}
	if words != "" {
		return "done" // there is no answer to tell of
	}
	return short(fmt.Sprintf("%+v", out), shortOperation)
}

// mostOrdered is how many operations on one key an order is looked for.
const mostOrdered = 2000

// tellOrders tells the trace of the orders that explain the answers, for each key: of all, or of those
// before the first that nothing explains.
func (m *Model[S, In, Out]) tellOrders(w *sim.World, h *History[In, Out]) {
	if !w.Traced() || m.problem() != nil {
		return
	}
	moments := h.moments()
	places := map[int64]int{} // of an operation, by its call
	for i := range h.ops {
		places[h.ops[i].call] = i
	}
	for _, p := range m.parts(h) {
		if len(p.ops) > mostOrdered {
			continue
		}
		place := int64(0)
		for nth, op := range m.order(p) {
			place = max(place, op.call)
			h.told[places[op.call]].TookEffect(nth+1, moments[place-1])
		}
	}
}

// order is one in which the model gives the answers of a part; empty if none is found.
func (m *Model[S, In, Out]) order(p part[In, Out]) (order []*operation[In, Out]) {
	ops := p.ops
	v := m.judge(ops)
	if v.result == porcupine.Illegal {
		bad, _ := m.firstBad(p, v.bad)
		ops = m.until(ops, bad.end-1)
	}
	if v.result == porcupine.Unknown || len(ops) == 0 {
		return nil
	}
	result, info := porcupine.CheckOperationsVerbose(m.lower(pictureEffort(len(ops))), forPorcupine(ops), 0)
	if result != porcupine.Ok {
		return nil
	}
	for _, i := range info.PartialLinearizations()[0][0] {
		order = append(order, ops[i])
	}
	// Unanswered ones at its end need not have taken place.
	for len(order) > 0 && order[len(order)-1].state == unknown {
		order = order[:len(order)-1]
	}
	return order
}
