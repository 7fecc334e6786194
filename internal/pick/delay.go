package pick

// DelayBounded is FIFO with a few delays: Emmi, Qadeer and Rakamarić,
// "Delay-bounded scheduling" (POPL 2011), with the places of the delays drawn at
// random among the choices of the run. A delay lets the one whose turn it would be
// go to the end of the queue.
type DelayBounded struct {
	delays  marks
	choices uint64
}

// NewDelayBounded returns the strategy of a ScheduleKey. Length 0 counts as
// DefaultLength.
func NewDelayBounded(schedule Key, delays, length uint64) DelayBounded {
	if length == 0 {
		length = DefaultLength
	}
	return DelayBounded{delays: newMarks(schedule.Str("delay"), 0, delays, length)}
}

// Due reports whether the one that would be next is delayed. It is asked before a
// choice until it says no.
func (d *DelayBounded) Due() bool { return d.delays.due(d.choices) && d.delay() }

func (d *DelayBounded) delay() bool {
	d.delays.pass()
	return true
}

// Chosen counts a choice.
func (d *DelayBounded) Chosen() { d.choices++ }
