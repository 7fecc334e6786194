package main

import (
	"samerun/internal/jsonout"
	"samerun/internal/tracefile"
)

// difference is what samerun diff -json says of two runs.
type difference struct {
	jsonout.Head
	Same bool          `json:"same"`
	Runs []comparedRun `json:"runs"` // the two of them
	// Event is the number of the first event that differs, from 1, and Before has the last events that
	// both runs have.
	Event  int               `json:"event,omitempty"`
	Before []tracefile.Event `json:"before,omitempty"`
}

// comparedRun is one of two runs.
type comparedRun struct {
	Name    string `json:"name"`
	Package string `json:"package"`
	Test    string `json:"test"`
	Seed    uint64 `json:"seed"`
	OK      bool   `json:"ok"`
	Error   string `json:"error,omitempty"`
	Digest  string `json:"digest,omitempty"`
	Virtual int64  `json:"virtual_ns"`
	Events  int    `json:"events"`
	// Then has its events from the first difference on; none if it has ended there.
	Then []tracefile.Event `json:"then,omitempty"`
}

// writeDifference writes where two runs part, as one JSON object.
func (c *traceCommand) writeDifference(a *app, all []*tracefile.Trace) error {
	i := c.parting(all)
	d := difference{Head: jsonout.New(), Same: i < 0}
	if i >= 0 {
		d.Event, d.Before = i+1, all[0].Events[max(0, i-shownBefore):i]
	}
	for k, t := range all {
		r := comparedRun{Name: c.nameOf(k, t), Package: t.Package, Test: t.Test, Seed: t.Seed, OK: t.Failure == "", Error: t.Failure, Digest: t.Digest, Virtual: t.Virtual, Events: len(t.Events)}
		if i >= 0 {
			r.Then = t.Events[i:min(len(t.Events), i+shownAfter)]
		}
		d.Runs = append(d.Runs, r)
	}
	return jsonout.Write(a.stdout, d)
}
