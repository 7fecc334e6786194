package tracefile

import (
	"regexp"
	"strings"
)

// Parting is the index of the first event at which two traces differ, -1 if they have the same
// events. Numbers do not count, so that it is the first thing that happened otherwise; it is the
// length of the shorter one if that is how the other begins.
func Parting(a, b *Trace) int { return parting(a, b, func(e *Event) {}) }

// PartingOfVersions is Parting for two versions of the code: in which line of a function something
// is done makes no difference.
func PartingOfVersions(a, b *Trace) int {
	return parting(a, b, func(e *Event) { e.Where = lineNumber.ReplaceAllString(e.Where, "") })
}

var lineNumber = regexp.MustCompile(`:[0-9]+\b`)

// byNumber leaves of the names of goroutines their numbers: a trace knows the function of one that
// has had a turn later, and of the same one in a shorter run it does not.
func byNumber(e *Event) {
	e.Task = e.Goroutine()
	if e.Kind == Go || e.Kind == Wait || e.Kind == Woken {
		e.Text = e.Text[strings.LastIndexByte(e.Text, ' ')+1:]
	}
}

// Goroutine is what tells the task of an event from all others, whether or not the function is
// known in which it began.
func (e *Event) Goroutine() string { return e.Task[strings.LastIndexByte(e.Task, ' ')+1:] }

// parting compares events as far as less leaves them.
func parting(a, b *Trace, less func(e *Event)) int {
	n := min(len(a.Events), len(b.Events))
	for i := range n {
		x, y := a.Events[i], b.Events[i]
		x.Cause, y.Cause, x.Msg, y.Msg, x.Began, y.Began = 0, 0, 0, 0, 0, 0
		byNumber(&x)
		byNumber(&y)
		less(&x)
		less(&y)
		if x != y {
			return i
		}
	}
	if len(a.Events) == len(b.Events) {
		return -1
	}
	return n
}

// PartingOfNeighbours is where two runs part of which one was given less than the other: a fault,
// a deviation, a step. What the input itself says makes no difference, but only what follows from
// it: that a fault begins or ends and that it cuts a link, what chance draws, and what else could
// have had a turn. i and j are the indices in a and in b, one of them the length if that
// is how the other begins; both are -1 if nothing else happens in one than in the other.
func PartingOfNeighbours(a, b *Trace) (i, j int) {
	x, of := without(a)
	y, in := without(b)
	k := parting(x, y, func(e *Event) {
		if e.N = 0; e.Kind == Turn {
			e.Text = ""
		}
	})
	if k < 0 {
		return -1, -1
	}
	return of[k], in[k]
}

// OfInput says whether an event is what the input of a run says, and nothing that the program does.
func (k Kind) OfInput() bool {
	switch k {
	case Fault, Over, Quiet, Cut, Heal, Clog, Release, Draw:
		return true
	}
	return false
}

// without is a trace without what its input says and without waits and the like, and the indices of what is left, with that of
// the end.
func without(t *Trace) (less *Trace, of []int) {
	less = &Trace{}
	for i := range t.Events {
		if k := t.Events[i].Kind; !k.OfInput() && !k.Beside() {
			less.Events = append(less.Events, t.Events[i])
			of = append(of, i)
		}
	}
	return less, append(of, len(t.Events))
}
