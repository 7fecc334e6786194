package proptest

import (
	"fmt"
	"strconv"

	"samerun/sim"
	"samerun/sim/fault"
)

// A replay file holds the seed, the schedule of the run that failed, and each drawn
// value by its name. The schedule stands in the file once, where the minimiser finds
// it; a value that was this schedule, or a configuration with it, refers to it.

const (
	// inSchedule is what stands for a schedule that is the file's own.
	inSchedule = `"schedule"`
	// faultsLabel is the label of what P.Faults draws.
	faultsLabel = "faults"
	// runLabel is the name of the number of the run that failed, if it was not the
	// first of the try. No draw has it.
	runLabel = "run"
)

// names gives every draw of a try a name of its own.
type names struct{ used map[string]bool }

// of returns the label, with a number behind it if it was used before.
func (n *names) of(label string) string {
	if label == "" {
		label = "draw"
	}
	if n.used == nil {
		n.used = map[string]bool{runLabel: true}
	}
	name := label
	for i := 2; n.used[name]; i++ {
		name = label + "#" + strconv.Itoa(i)
	}
	n.used[name] = true
	return name
}

// record is what a try has drawn, each value as it was before the property had it.
type record struct{ values []recorded }

type recorded struct {
	sim.Datum
	refers bool // to the schedule, perhaps
	config bool // as a configuration does
}

// add writes a value down.
func (r *record) add(name string, v any, write func() ([]byte, error)) {
	d := recorded{Datum: sim.Datum{Name: name}}
	data, err := write()
	if err != nil {
		d.Err = fmt.Errorf("the draw %q (%T) cannot be kept in a file: %w", name, v, err)
	}
	d.Value = data
	switch v := v.(type) {
	case fault.Schedule:
		d.refers = true
	case sim.Config:
		d.refers, d.config = v.Faults != nil, true
	}
	r.values = append(r.values, d)
}

// data is what a replay file holds of a failure with this schedule, in run at.
func (r *record) data(schedule *fault.Schedule, at int) []sim.Datum {
	var all []sim.Datum
	for _, d := range r.values {
		if d.refers && d.Err == nil && schedule != nil {
			d.Value = referring(d, *schedule)
		}
		all = append(all, d.Datum)
	}
	if at > 1 {
		all = append(all, sim.Datum{Name: runLabel, Value: []byte(strconv.Itoa(at))})
	}
	return all
}

// referring returns the value, with a reference in the place of the schedule if that
// is what stands there.
func referring(d recorded, schedule fault.Schedule) []byte {
	if d.config {
		var c sim.Config
		if readConfig(d.Value, &c) != nil || !c.Faults.Equal(schedule) {
			return d.Value
		}
		var j configJSON
		if readJSON(d.Value, &j) != nil {
			return d.Value
		}
		j.Faults = []byte(inSchedule)
		data, err := writeJSON(j)
		if err != nil {
			return d.Value
		}
		return data
	}
	if s, err := fault.Parse(d.Value); err == nil && s.Equal(schedule) {
		return []byte(inSchedule)
	}
	return d.Value
}
