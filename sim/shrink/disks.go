package shrink

import (
	"slices"

	"samerun/sim/fault"
)

// What a crash loses of a disk is left to chance, or is all that was not synced. Which of these
// operations it was that mattered, an element says that picks it by its number: the second
// write to the log was lost. What no such element names survives, so that few of them remain.

// resolveDisks puts what has become of single operations in the place of the elements that leave
// it to chance.
func (m *minimiser) resolveDisks() {
	if m.options.Hits == nil || m.over() || !slices.ContainsFunc(m.best.faults, chanceOfDisks) {
		return
	}
	c := m.best
	c.faults = slices.DeleteFunc(slices.Clone(c.faults), chanceOfDisks)
	left := len(c.faults)
	for _, e := range operations(m.options.Hits(m.best.input()), func(Hit) bool { return true }) {
		if !slices.ContainsFunc(c.faults, func(x element) bool { return x.Equal(e.Fault) }) {
			c.faults = append(c.faults, e)
		}
	}
	strokes := len(c.faults) - left
	if strokes > mostMishaps || len(c.faults) >= fault.MaxFaults {
		return
	}
	// Of a crash after which all was there no element says that it lost nothing.
	exactly := c
	exactly.faults = append(slices.Clone(c.faults), newElement(nothingLost()))
	forms := []candidate{c, exactly}
	if strokes == 0 {
		forms = forms[:1]
	}
	if m.step(len(forms), func(i int) (candidate, bool) { return forms[i], forms[i].input().Schedule.Validate() == nil }) >= 0 {
		m.stats.Mishaps += max(0, strokes-1)
		m.fewerFaults()
	}
}

// nothingLost lets all survive that no other element takes.
func nothingLost() fault.Fault {
	return fault.Fault{Kind: fault.Unsynced, Nodes: []string{"*"}, PPM: fault.Million}
}

// chanceOfDisks says whether an element leaves to chance what becomes of the operations of a disk,
// and others can say it in its place.
func chanceOfDisks(e element) bool {
	switch e.Kind {
	case fault.Torn, fault.SyncFail, fault.Short:
		return e.Nth == 0
	case fault.Unsynced:
		return e.PPM < fault.Million
	}
	return false
}

// operations are the elements that do to single operations of disks what was done to them.
func operations(hits []Hit, of func(Hit) bool) (list []element) {
	for _, h := range hits {
		info, _ := h.Message.Kind.Info()
		if info.Group != fault.Disks || !of(h) || slices.ContainsFunc(list, func(e element) bool { return e.Equal(h.Message) }) {
			continue
		}
		list = append(list, newElement(h.Message))
	}
	return list
}

// explain says of a failure that is there because crashes have lost something, what that was. The
// result has elements more than it needs in order to fail, and less happens in it: without
// them all is lost that was not synced. It is the last that is done.
func (m *minimiser) explain() {
	if m.options.Hits == nil || m.over() || slices.ContainsFunc(m.best.faults, saysWhatIsLost) {
		return
	}
	base := m.best
	lost := operations(m.options.Hits(base.input()), func(h Hit) bool { return h.Crash })
	with := func(more []element) (candidate, bool) {
		c := base
		c.faults = slices.Concat(base.faults, more)
		return c, len(c.faults) <= fault.MaxFaults && c.input().Schedule.Validate() == nil
	}
	fails := func(more []element) bool {
		return m.first(1, func(int) (candidate, bool) { return with(more) }) == 0
	}
	if len(lost) == 0 || len(lost) > mostMishaps || fails([]element{newElement(nothingLost())}) || !fails(lost) {
		return
	}
	kept := ddmin(len(lost), 1, func(count int, part func(i int) []int) int {
		return m.first(count, func(i int) (candidate, bool) { return with(chosen(lost, part(i))) })
	})
	if m.over() {
		return
	}
	c, _ := with(chosen(lost, kept))
	m.accept(c)
}

// saysWhatIsLost says whether an element has to do with what is lost of a disk.
func saysWhatIsLost(e element) bool {
	switch e.Kind {
	case fault.Lose, fault.Torn, fault.SyncFail, fault.Unsynced:
		return true
	}
	return false
}
