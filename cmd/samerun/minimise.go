package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"samerun/internal/text"
)

// minimise makes the first of each distinct failure smaller, one after the other,
// each with all processes. What it finds takes the place of the failure; what it
// does not find out leaves the failure as it is.
func (s *sweep) minimise(ctx context.Context) {
	if s.opts.shrink <= 0 || ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	if !s.opts.keepGoing {
		s.failures.keepLowest()
	}
	groups := slices.DeleteFunc(s.failures.sorted(), func(g *group) bool { return g.first.replay == "" })
	s.mu.Unlock()
	for i, g := range groups[:min(len(groups), reportLimit)] {
		if ctx.Err() != nil {
			return
		}
		m := &minimiser{app: s.app, opts: s.opts, pkg: g.first.pkg, tmp: s.tmp, workers: s.opts.workers}
		s.mu.Lock()
		s.minimising = func() string {
			if len(groups) == 1 {
				return m.status()
			}
			return fmt.Sprintf("failure %d of %d, %s", i+1, len(groups), m.status())
		}
		s.mu.Unlock()
		limited, cancel := context.WithTimeout(ctx, s.opts.shrink)
		small, err := m.smallest(limited, append([]failure{g.first}, g.more...))
		cancel()
		s.mu.Lock()
		g.first.shrunk(small, err)
		s.mu.Unlock()
	}
}

// shrunk enters what the minimiser came to.
func (f *failure) shrunk(small *smaller, err error) {
	if err != nil {
		f.minimised = "not minimised: " + err.Error()
		f.numbers = &minimisedJSON{Words: f.minimised}
		return
	}
	f.minimised = small.words
	s := &small.result.Stats
	f.numbers = &minimisedJSON{
		Words: small.words, Seconds: s.Time.Seconds(), Tries: s.Tries, Minimal: small.result.Minimal,
		Faults:     [2]int{s.Before.Faults + s.Mishaps, s.After.Faults},
		Steps:      [2]int{s.Before.Steps, s.After.Steps},
		Deviations: [2]int{s.Before.Deviations, s.After.Deviations},
		Events:     [2]uint64{small.events, small.answer.Events},
	}
	f.replay, f.told, f.digest = small.path, small.answer.Story, small.answer.Digest
	f.property, f.reason = small.answer.Property, text.FirstLine(small.answer.Error)
}

// minimised writes a line for each distinct failure, with its smallest input.
func (js *jsonStream) minimised(groups []*group) error {
	for _, g := range groups {
		f := &g.first
		if f.minimised == "" {
			continue
		}
		js.stopped = false // these lines come behind the failure that ended the others
		command := ""
		if f.pattern != nil {
			command = f.command // of unmodified tests: there is no other way to say what to do with the file
		}
		js.write(jsonLine{
			Command: command, Package: f.pkg.path, Test: f.test, Seed: f.seed, Digest: f.digest, Property: f.property, Error: f.reason,
			Replay: f.saved, Attached: f.attached, Minimised: f.numbers, Story: f.story(),
		})
	}
	js.stopped = true
	return js.send()
}

// realTime is the real time that a run took, as its line tells it.
func realTime(o *outcome) time.Duration { return time.Duration(o.WallNS) }
