package proptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"samerun/sim"
	"samerun/sim/fault"
)

// given are the values of a try that nobody draws, because they are in a replay
// file or in an input of the minimiser.
type given struct {
	values   []sim.Datum
	taken    []bool
	schedule *fault.Schedule
	at       int // run that failed, from 1
}

// givenBy returns what a configuration gives. It is nil if the values must be drawn:
// because there are none, or because some cannot be written and stay what the seed
// makes of them.
func givenBy(cfg sim.Config) (g *given, at int, err error) {
	at = 1
	g = &given{schedule: cfg.Faults}
	whole := len(cfg.Data) > 0
	for _, d := range cfg.Data {
		switch {
		case d.Err != nil:
			whole = false
		case d.Name == runLabel:
			if at, err = strconv.Atoi(string(d.Value)); err != nil || at < 1 {
				return nil, 1, fmt.Errorf("the value %q is %s; it is the number of the run that failed, from 1", runLabel, d.Value)
			}
		default:
			g.values = append(g.values, d)
		}
	}
	if !whole {
		return nil, at, nil
	}
	g.taken, g.at = make([]bool, len(g.values)), at
	return g, at, nil
}

// take returns the value of a name. If there is none, the property does not draw
// what it drew when the failure was recorded; or it goes on after the run that
// failed then, and no more is known.
func take[V any](p *P, name string, as form[V]) V {
	data, ok := p.given.find(name)
	var v V
	_, isSchedule := any(v).(fault.Schedule)
	switch {
	case !ok && p.runs >= p.at:
		panic(stop{})
	case isSchedule && p.given.schedule != nil && (!ok && name == faultsLabel || ok && string(data) == inSchedule):
		return any(*p.given.schedule).(V)
	case !ok:
		p.Fail(fmt.Errorf("the replay has no value for the draw %q: the property draws what it did not draw when the failure was recorded; record the failure anew", name))
	}
	if _, isConfig := any(v).(sim.Config); isConfig {
		data = p.given.resolve(data)
	}
	v, err := as.read(data)
	if err != nil {
		p.Fail(fmt.Errorf("the replay's value for the draw %q does not fit a %T: %w; correct it, or record the failure anew", name, v, err))
	}
	return v
}

func (g *given) find(name string) ([]byte, bool) {
	for i, d := range g.values {
		if d.Name == name {
			g.taken[i] = true
			return bytes.TrimSpace(d.Value), true
		}
	}
	return nil, false
}

// resolve puts the schedule in the place of a reference to it.
func (g *given) resolve(config []byte) []byte {
	var j configJSON
	if readJSON(config, &j) != nil || string(j.Faults) != inSchedule {
		return config // whatever is wrong with it is told by who reads it
	}
	j.Faults = nil
	if g.schedule != nil {
		j.Faults, _ = json.Marshal(g.schedule) // a replay's schedule is valid
	}
	resolved, err := writeJSON(j)
	if err != nil {
		return config
	}
	return resolved
}

// untaken lists the values that were not drawn.
func (g *given) untaken() (lines []string) {
	for i, d := range g.values {
		if !g.taken[i] {
			lines = append(lines, fmt.Sprintf("the value %q was not drawn", d.Name))
		}
	}
	return lines
}
