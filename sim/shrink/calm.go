package shrink

import "samerun/sim/fault"

// fifo is the simplest strategy.
const fifo = "fifo"

// plainOrder puts first come first served in the place of the strategy: with no
// deviations, or else with those that write down the same order.
func (m *minimiser) plainOrder() {
	if m.best.strategy == fifo {
		return
	}
	plain := m.best
	plain.strategy, plain.deviations = fifo, nil
	if m.step(1, func(int) (candidate, bool) { return plain, true }) == 0 || m.options.Record == nil || m.over() {
		return
	}
	recorded := m.best
	recorded.strategy, recorded.deviations = fifo, m.options.Record(m.best.input())
	m.step(1, func(int) (candidate, bool) { return recorded, true })
}

// calmer takes chance out: what it did to single messages, and then latencies. If
// the failure needs what chance did, that becomes elements of the schedule, of
// which most can go.
func (m *minimiser) calmer() {
	if m.best.calm < NoMishaps {
		calm := m.best
		calm.calm = NoMishaps
		if m.step(1, func(int) (candidate, bool) { return calm, true }) != 0 && !m.listMishaps(calm) {
			return
		}
	}
	if m.best.calm < FixedLatency {
		m.step(1, func(int) (candidate, bool) {
			c := m.best
			c.calm = FixedLatency
			return c, true
		})
	}
}

// mostMishaps bounds how many of them become elements.
const mostMishaps = 20_000

// listMishaps is the calm input with what chance did as elements. It answers false
// if that does not fail.
func (m *minimiser) listMishaps(calm candidate) bool {
	if m.options.Mishaps == nil || m.over() {
		return false
	}
	mishaps := m.options.Mishaps(m.best.input())
	if len(mishaps) > mostMishaps || len(mishaps)+len(calm.faults) > fault.MaxFaults {
		return false
	}
	calm.faults = append(calm.faults[:len(calm.faults):len(calm.faults)], make([]element, len(mishaps))...)
	for i, f := range mishaps {
		calm.faults[len(m.best.faults)+i] = newElement(f)
	}
	if m.step(1, func(int) (candidate, bool) { return calm, calm.input().Schedule.Validate() == nil }) != 0 {
		return false
	}
	m.stats.Mishaps += len(mishaps)
	m.fewerFaults()
	return true
}
