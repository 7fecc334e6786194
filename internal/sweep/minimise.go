package sweep

import (
	"context"
	"fmt"
	"slices"

	"samerun/internal/jsonout"
	"samerun/internal/runner"
)

// Minimise makes the first of each distinct failure smaller, one after the other,
// each with all processes. What is found takes the place of the failure; what is
// not found out leaves the failure as it is.
func (s *Sweep) Minimise(ctx context.Context) {
	if s.opts.Shrink <= 0 || ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	if !s.opts.KeepGoing {
		s.failures.keepLowest()
	}
	groups := slices.DeleteFunc(s.failures.sorted(), func(g *group) bool { return !g.first.Smaller })
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
		limited, cancel := context.WithTimeout(ctx, s.opts.Shrink)
		small, err := s.slots[g.at.test].by.Minimise(limited, append([]runner.Failure{forget(g.first)}, g.more...), tell)
		cancel()
		s.mu.Lock()
		if err != nil {
			g.first.NotMinimised(err)
		} else {
			old := g.first
			g.first = small
			s.replace(g, old)
		}
		s.mu.Unlock()
	}
}

// minimised writes a line for each distinct failure, with its smallest input.
func (js *jsonStream) minimised(groups []*group) error {
	for _, g := range groups {
		f := &g.first
		if f.Minimised == "" {
			continue
		}
		js.stopped = false // these lines come behind the failure that ended the others
		command := ""
		if f.Pattern != nil {
			command = f.Command // of unmodified tests: there is no other way to say what to do with the file
		}
		js.write(Line{
			Command: command, Package: f.Pkg.Path, Test: f.Test, Seed: f.Seed, Digest: f.Digest, Property: f.Property, Error: f.Reason,
			Replay: f.Saved, Attached: f.Attached, Minimised: f.Numbers, Neighbour: f.Neighbour, Telling: jsonout.Tell(f.Story(), f.Rows()),
		})
	}
	js.stopped = true
	return js.send()
}
