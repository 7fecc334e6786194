package wire

import (
	"encoding/json"
	"errors"

	"samerun/sim/fault"
	"samerun/sim/replay"
)

// World is what a run of sim.Goroutines was made of: the input of the minimiser.
type World struct {
	// Schedule is what the scenario injected or was given, nil if nothing; Idle are the
	// elements that took no effect, and Why says of each why not.
	Schedule *fault.Schedule `json:"schedule,omitempty"`
	Idle     []int           `json:"idle,omitempty"`
	Why      []string        `json:"why,omitempty"`
	// Data is what was drawn for the run by whoever made it, such as package proptest.
	Data []Datum `json:"data,omitempty"`
	Probe
}

// Datum is a value that was drawn; Err says why it cannot be kept, if it cannot.
type Datum struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value,omitempty"`
	Err   string          `json:"err,omitempty"`
}

// DataOf is the form of values in a line of results.
func DataOf(data []replay.Datum) (all []Datum) {
	for _, d := range data {
		if d.Err != nil {
			all = append(all, Datum{Name: d.Name, Err: d.Err.Error()})
		} else {
			all = append(all, Datum{Name: d.Name, Value: d.Value})
		}
	}
	return all
}

// Drawn takes DataOf back.
func (w *World) Drawn() (all []replay.Datum) {
	for _, d := range w.Data {
		x := replay.Datum{Name: d.Name, Value: d.Value}
		if d.Err != "" {
			x.Value, x.Err = nil, errors.New(d.Err)
		}
		all = append(all, x)
	}
	return all
}
