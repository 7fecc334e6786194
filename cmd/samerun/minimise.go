package main

import (
	"context"
	"fmt"
	"slices"
)

// minimise makes the first of each distinct failure smaller, one after the other,
// each with all processes. What is found takes the place of the failure; what is
// not found out leaves the failure as it is.
func (s *sweep) minimise(ctx context.Context) {
	if s.opts.shrink <= 0 || ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	if !s.opts.keepGoing {
		s.failures.keepLowest()
	}
	groups := slices.DeleteFunc(s.failures.sorted(), func(g *group) bool { return !g.first.smaller })
	s.mu.Unlock()
	for i, g := range groups[:min(len(groups), reportLimit)] {
		if ctx.Err() != nil {
			return
		}
		tell := func(status string) {
			if len(groups) > 1 {
				status = fmt.Sprintf("failure %d of %d, %s", i+1, len(groups), status)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.minimising = status
		}
		tell("minimising")
		limited, cancel := context.WithTimeout(ctx, s.opts.shrink)
		small, err := s.slots[g.at.test].by.minimise(limited, append([]failure{g.first}, g.more...), tell)
		cancel()
		s.mu.Lock()
		if err != nil {
			g.first.notMinimised(err)
		} else {
			g.first = small
		}
		s.mu.Unlock()
	}
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
			Replay: f.saved, Attached: f.attached, Minimised: f.numbers, Story: f.story,
		})
	}
	js.stopped = true
	return js.send()
}
