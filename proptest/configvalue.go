package proptest

import (
	"cmp"
	"encoding/json"
	"reflect"
	"time"

	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
)

// configJSON is a configuration as a value in a replay file: all of its fields that
// are data. Faults are a schedule, or the text of inSchedule.
type configJSON struct {
	Seed       uint64            `json:"seed"`
	Link       sim.LinkConfig    `json:"link"`
	Faults     json.RawMessage   `json:"faults,omitempty"`
	Strategy   string            `json:"strategy,omitempty"`
	Order      string            `json:"order,omitempty"` // what Strategy was called in files of samerun 0.2
	MaxSteps   int               `json:"max_steps,omitempty"`
	Stall      time.Duration     `json:"stall,omitempty"`
	Deviations []sched.Deviation `json:"deviations,omitempty"`
	Steps      *sim.Steps        `json:"steps,omitempty"`
	Sizes      []sim.Size        `json:"sizes,omitempty"`
	Horizon    time.Duration     `json:"horizon,omitempty"`
	Calm       sim.Calm          `json:"calm,omitempty"`
}

func writeConfig(c sim.Config) ([]byte, error) {
	j := configJSON{c.Seed, c.Link, nil, c.Strategy, "", c.MaxSteps, c.Stall, c.Deviations, c.Steps, c.Sizes, c.Horizon, c.Calm}
	if c.Faults != nil {
		var err error
		if j.Faults, err = c.Faults.MarshalJSON(); err != nil {
			return nil, err
		}
	}
	return writeJSON(j)
}

func readConfig(data []byte, c *sim.Config) error {
	var j configJSON
	if err := readJSON(data, &j); err != nil {
		return err
	}
	*c = sim.Config{
		Seed: j.Seed, Link: j.Link, Strategy: cmp.Or(j.Strategy, j.Order), MaxSteps: j.MaxSteps, Stall: j.Stall, Deviations: j.Deviations,
		Steps: j.Steps, Sizes: j.Sizes, Horizon: j.Horizon, Calm: j.Calm,
	}
	if len(j.Faults) > 0 {
		faults, err := fault.Parse(j.Faults)
		if err != nil {
			return err
		}
		c.Faults = &faults
	}
	return nil
}

// sameConfig says that two configurations are equal; those with a function,
// which is no data, never are.
func sameConfig(a, b sim.Config) bool {
	if (a.Faults == nil) != (b.Faults == nil) || a.Faults != nil && !a.Faults.Equal(*b.Faults) {
		return false
	}
	a.Faults, b.Faults = nil, nil
	return a.Trace == nil && reflect.DeepEqual(a, b)
}
