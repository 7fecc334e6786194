package shrink

import (
	"slices"
	"time"

	"samerun/sim/fault"
)

// Hit is a message that an element of the schedule befell when it was sent, or an operation
// of a disk that it befell.
type Hit struct {
	Index   int           // of the element; NoElement if what befell it was none, as a crash by hand
	At      time.Duration // virtual time
	Message fault.Fault   // an element that picks the message
	Crash   bool          `json:",omitzero"` // of an operation of a disk: a crash has lost or torn it
}

// NoElement is the index of what is the doing of no element.
const NoElement = -1

// An element that picks the 26th message of a link is tied to the 25 before it: no
// step that sends one of these can be taken out alone. So steps are looked for with
// elements that befall whatever is sent at the moment at which the picked message
// was. Steps keep their moments when others are taken out. In the end the elements
// pick again, by the numbers that the messages have then.

// fewerStepsInTime takes out steps of workloads from which elements that pick
// messages keep their distance in time and not in number.
func (m *minimiser) fewerStepsInTime() {
	if m.options.Hits == nil || len(m.best.steps) == 0 || m.over() || !slices.ContainsFunc(m.best.faults, picksOne) {
		return
	}
	base := m.best
	timed, ok := inTime(base, m.options.Hits(base.input()))
	if !ok || m.first(1, func(int) (candidate, bool) { return timed, true }) != 0 {
		return
	}
	kept := ddmin(len(base.steps), 0, func(count int, part func(i int) []int) int {
		return m.first(count, func(i int) (candidate, bool) {
			c := timed
			c.steps = chosen(base.steps, part(i))
			return c, true
		})
	})
	if len(kept) == len(base.steps) || m.over() {
		return
	}
	timed.steps = chosen(base.steps, kept)
	picked, ok := byNumber(timed, base, m.options.Hits(timed.input()))
	if ok {
		m.step(1, func(int) (candidate, bool) { return picked, true })
	}
}

// fewerStepsByNumber takes out steps of workloads and counts the messages that are
// picked down by as many. It is for steps that wait for nothing but each other, and
// so keep no moments: where each step sends one message on the link, that is exact.
func (m *minimiser) fewerStepsByNumber() {
	if len(m.best.steps) == 0 || m.over() || !slices.ContainsFunc(m.best.faults, func(e element) bool { return perStep(e) > 0 }) {
		return
	}
	base := m.best
	ddmin(len(base.steps), 0, func(count int, part func(i int) []int) int {
		return m.step(count, func(i int) (candidate, bool) {
			c := base
			c.steps = chosen(base.steps, part(i))
			gone := uint64(len(base.steps) - len(c.steps))
			for j, e := range base.faults {
				if n := perStep(e); n > 0 && e.Nth > n*gone {
					f := e.Fault
					f.Nth -= n * gone
					c = c.with(j, f)
				}
			}
			return c, true
		})
	})
}

// perStep is how many a step makes, if all goes as it mostly does, of what an element picks
// by its number: a message, a write, or a write and its sync. It is 0 for other elements.
func perStep(e element) uint64 {
	switch {
	case e.Nth == 0:
	case picksOne(e), e.Kind == fault.Lose, e.Kind == fault.Torn, e.Kind == fault.SyncFail, e.Kind == fault.Short:
		return 1
	case e.Kind == fault.CrashAt:
		return 2
	}
	return 0
}

// picksOne says whether an element befalls one message by its number, in a way
// that a moment can stand for.
func picksOne(e element) bool {
	return e.Nth > 0 && (e.Kind == fault.Drop || e.Kind == fault.Hold || e.Kind == fault.Twice)
}

// inTime puts moments in the place of numbers. It answers false if an element did
// nothing.
func inTime(c candidate, hits []Hit) (candidate, bool) {
	for i, e := range c.faults {
		if !picksOne(e) {
			continue
		}
		at := slices.IndexFunc(hits, func(h Hit) bool { return h.Index == i })
		if at < 0 {
			return c, false
		}
		f := e.Fault
		f.Nth, f.At, f.For = 0, hits[at].At, time.Millisecond
		switch f.Kind {
		case fault.Drop:
			f.Kind, f.PPM = fault.Loss, fault.Million
		case fault.Twice:
			f.Kind, f.PPM = fault.Duplicate, fault.Million
		case fault.Hold:
			f.Kind, f.PPM = fault.Reorder, fault.Million
		}
		if f.Validate() != nil {
			return c, false
		}
		c = c.with(i, f)
	}
	return c, true
}

// byNumber puts the numbers of the messages that were hit in the place of moments.
// It answers false if an element hit none, or several.
func byNumber(timed, base candidate, hits []Hit) (candidate, bool) {
	for i, e := range base.faults {
		if !picksOne(e) {
			continue
		}
		var of []Hit
		for _, h := range hits {
			if h.Index == i {
				of = append(of, h)
			}
		}
		if len(of) != 1 {
			return timed, false
		}
		f := e.Fault
		f.Method, f.Dir, f.Nth = of[0].Message.Method, of[0].Message.Dir, of[0].Message.Nth
		if f.Validate() != nil {
			return timed, false
		}
		timed = timed.with(i, f)
	}
	return timed, true
}
