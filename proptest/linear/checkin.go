package linear

import (
	"errors"

	"samerun/sim"
)

// Property is the name of the property that CheckIn breaks.
const Property = "linearizable"

// CheckIn checks a history inside the run, as Check does after it: a scenario calls
// it when its clients are done, mostly in its last line. If the history is not
// linearizable, or not decided, the run fails with a *sim.PropertyError named
// Property, whose Err is what Check returns; a minimiser holds on to that name. The
// picture of the history with the faults of the run is then written beside the
// replay file, its name ending in "linear.html". It may be called from checks and
// events.
func CheckIn[S, In, Out any](w *sim.World, m Model[S, In, Out], h *History[In, Out]) {
	if w.Scheduler().Over() {
		return
	}
	err := Check(m, h)
	m.tellOrders(w, h)
	if err == nil {
		return
	}
	if !errors.As(err, new(*Error)) && !errors.As(err, new(*UndecidedError)) {
		w.Fail(err) // a mistake in the call
		return
	}
	w.Attach("linear.html", func(path string) error {
		return picture(path, m, h, w.Faults(), w.Outcomes(), headingOf(path, w.Seed(), err))
	})
	w.Fail(&sim.PropertyError{Name: Property, At: w.Elapsed(), Err: err})
}
