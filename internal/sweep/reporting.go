package sweep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"samerun/internal/feature"
	"samerun/internal/report"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// Reporting is the report of a sweep.
type Reporting struct {
	To      *report.Folder // nil for none
	Command string         // the command line of the sweep
}

// seedSaw is what a run of a seed has seen.
func seedSaw(o *wire.Result) (seen feature.Seen) {
	if o.Saw != nil {
		seen = o.Saw.Seen
	}
	var orders feature.Set
	for i := 0; i+1 < len(o.Orders); i += 2 {
		orders.Add(feature.Order, o.Orders[i], time.Duration(o.Orders[i+1])*time.Millisecond)
	}
	return append(seen, orders.Seen()...)
}

// collect takes in a run for the report. Its number is its seed, or that of a guided search.
func (s *Sweep) collect(at int, number uint64, o *runner.Outcome, seen feature.Seen) {
	if s.collector == nil || o.Empty != "" {
		return
	}
	r := report.Run{Number: number, Failed: !o.OK, Wall: o.WallNS, Virtual: o.VirtualNS, Events: o.Events, Digest: o.Digest, Seen: seen, Cover: o.Cover}
	if len(o.Faults) > 0 {
		r.Cover = coverOf(o.Cover, o.Faults)
	}
	s.collector.Add(at, &r)
}

// coverOf adds the faults that ordinary tests were given.
func coverOf(c *wire.Cover, met []runner.Met) *wire.Cover {
	sum := wire.Cover{}
	if c != nil {
		sum.Properties, sum.Faults = c.Properties, slices.Clone(c.Faults)
	}
	for _, m := range met {
		kind, _, _ := strings.Cut(strings.TrimSpace(m.Fault), " ")
		i := slices.IndexFunc(sum.Faults, func(f wire.CoveredFault) bool { return f.Kind == kind })
		if i < 0 {
			i = len(sum.Faults)
			sum.Faults = append(sum.Faults, wire.CoveredFault{Kind: kind})
		}
		sum.Faults[i].Asked++
		sum.Faults[i].Fired += uint64(max(m.Hits, 0))
	}
	return &sum
}

// Picture writes the pages of the traces of the failures, if there is to be a report. A failure
// that cannot be traced has a reason in its place.
func (s *Sweep) Picture(ctx context.Context) {
	if s.opts.Reporting.To == nil {
		return
	}
	s.mu.Lock()
	if !s.opts.KeepGoing {
		s.failures.keepLowest()
	}
	groups := s.failures.sorted()
	for _, g := range groups {
		s.keep(g)
	}
	s.mu.Unlock()
	for i, g := range groups {
		switch {
		case ctx.Err() != nil:
			g.noTrace = "the sweep was interrupted"
			continue
		case i >= reportLimit:
			g.noTrace = fmt.Sprintf("there are more than %d distinct failures", reportLimit)
			continue
		}
		s.mu.Lock()
		s.minimising = fmt.Sprintf("tracing failure %d of %d", i+1, len(groups))
		s.mu.Unlock()
		t, err := s.traceOf(ctx, g)
		if err == nil {
			g.trace, err = s.opts.Reporting.To.AddTrace(t)
		}
		switch {
		case ctx.Err() != nil:
			g.noTrace = "the sweep was interrupted"
		case err != nil:
			g.noTrace = text.FirstLine(err.Error())
		}
	}
}

// traceOf is the trace of the failure that stands for a group: of its replay file, if there is
// one, else of its seed.
func (s *Sweep) traceOf(ctx context.Context, g *group) (*tracefile.Trace, error) {
	sl, f := &s.slots[g.at.test], &g.first
	by, ok := sl.by.(runner.Tracer)
	switch file := cmp.Or(f.Replay, f.From); {
	case !ok:
		return nil, errors.New("there are no traces of its world")
	case file != "":
		return by.TraceReplay(ctx, f.Pkg, file)
	case f.Seed == nil:
		return nil, errors.New("it is not a run of a seed")
	case f.Guided || s.opts.Guided.On:
		return nil, errors.New("it could not be saved, and a run of a search is no seed's")
	}
	t, err := by.TraceSeed(ctx, &sl.Target, *f.Seed)
	if err == nil && t.Failure == "" {
		return nil, errors.New("it did not fail again")
	}
	return t, err
}

// WriteReport writes the report, if there is to be one, and says where it is. It is called when
// Finish has returned what it did.
func (s *Sweep) WriteReport(interrupted, failed bool) error {
	to := s.opts.Reporting.To
	if to == nil {
		return nil
	}
	s.mu.Lock()
	r := s.reportOf(interrupted, failed)
	s.mu.Unlock()
	if err := to.Write(r); err != nil {
		return err
	}
	s.screen.Note("report: " + text.Line(to.Page()))
	return nil
}

// reportOf is the report.
func (s *Sweep) reportOf(interrupted, failed bool) *report.Report {
	groups := s.failures.sorted()
	now := s.progress.now()
	r := &report.Report{
		Tool: replay.Samerun, Go: runtime.Version(), Command: s.opts.Reporting.Command, Finished: now.UTC().Format(time.RFC3339),
		Seeds: s.opts.Seeds.String(), Guided: s.opts.Guided.On, Interrupted: interrupted, OK: !failed && !interrupted && len(s.unready) == 0,
		Summary: s.summary(groups, s.idle(), interrupted), Totals: s.collector.Sums(), Failures: []report.Failure{}, Tests: []report.Test{},
	}
	r.Totals.Tests = s.seeded()
	r.Totals.Elapsed, r.Totals.Prepare = int64(s.ran), int64(s.progress.began.Sub(s.progress.opened))
	for _, g := range groups {
		f := &g.first
		head, rest := f.HeadAndRest()
		out := report.Failure{
			Package: f.Pkg.Path, Test: f.Test, Seed: f.Seed, Property: f.Property, Error: f.Reason, Runs: g.count, Remark: f.Remark, Minimised: f.Numbers, Neighbour: f.Neighbour, Repeats: f.Repeats,
			Story: cmp.Or(f.Story(), rest), Saved: f.Saved, Attached: f.Attached, Again: s.slots[g.at.test].by.Again(f), Trace: g.trace, NoTrace: g.noTrace, Label: f.Label(), Head: head,
		}
		if s.opts.Guided.On && f.Seed != nil {
			out.Run = g.at.seed
		}
		r.Failures = append(r.Failures, out)
	}
	for i := range s.slots {
		sl := &s.slots[i]
		if sl.Name == "" {
			continue
		}
		t := s.collector.Test(i)
		t.Package, t.Test, t.Label, t.Covered, t.Skipped = sl.Pkg.Path, sl.Name, sl.Label(), sl.covered, sl.never()
		for name := range sl.ran { //samerun:allow maprange: sorted below
			t.Names = append(t.Names, name)
		}
		slices.Sort(t.Names)
		if s.complete(sl) {
			t.Never = sl.vacuous()
		}
		r.Tests = append(r.Tests, t)
	}
	for _, p := range s.unready {
		r.NotRun = append(r.NotRun, report.NotRun{Package: p.Path, Why: p.Err().Error()})
	}
	for _, by := range s.runners {
		r.Remarks = append(r.Remarks, by.Remarks()...)
	}
	return r
}
