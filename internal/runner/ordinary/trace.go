package ordinary

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"samerun/internal/faultplan"
	"samerun/internal/gocmd"
	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/runner"
	"samerun/internal/sent"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

var _ runner.Tracer = (*Runner)(nil)

// TraceReplay runs a saved failure again, and returns its trace.
func (u *Runner) TraceReplay(ctx context.Context, pkg *gocmd.Package, file string) (*tracefile.Trace, error) {
	p, err := read(file)
	if err != nil {
		return nil, err
	}
	u = u.asSaved(p, pkg)
	spec, err := u.specOf(p)
	if err != nil {
		return nil, err
	}
	defer spec.remove()
	t, err := u.trace(ctx, pkg, p.Seed, spec, p.Test)
	if t != nil {
		t.Replay = filepath.Base(file)
	}
	return t, err
}

// TraceSeed runs a seed of a target, and returns the trace of the test that ran, or that
// failed.
func (u *Runner) TraceSeed(ctx context.Context, t *runner.Target, seed uint64) (*tracefile.Trace, error) {
	spec := u.asked(t.Pkg, seed)
	spec.Track = true
	if u.isScenario(t) {
		spec.Pattern, spec.Scenario, spec.Faults = text.TestPattern(t.Name), true, nil
		return u.trace(ctx, t.Pkg, seed, spec, t.Name)
	}
	return u.trace(ctx, t.Pkg, seed, spec, "")
}

// trace runs tests on a seed with a record, and makes a trace of what is told of one of them:
// if none is named, of that which ran or, of several, failed.
func (u *Runner) trace(ctx context.Context, pkg *gocmd.Package, seed uint64, spec Spec, test string) (*tracefile.Trace, error) {
	if spec.Record == "" {
		spec.Record = u.files.Next(".record")
		defer os.Remove(spec.Record)
	}
	spec = spec.traced()
	run, err := u.runOnce(ctx, pkg, seed, spec)
	if err != nil || run.End.Cancelled {
		return nil, cmp.Or(err, ctx.Err())
	}
	if test == "" {
		if test, err = u.tracedTest(pkg, &run); err != nil {
			return nil, err
		}
	}
	end := endOf(test, &run)
	x := &tracing{test: test, end: end, faults: run.scheduleOf(test)}
	if err := x.turns(spec.Record); err != nil {
		return nil, err
	}
	if x.b.Len() == 0 {
		return nil, fmt.Errorf("%s of %s left no trace: it did not begin (was it renamed, or is it skipped?)", test, pkg.Arg)
	}
	x.world()
	x.messages()
	x.calls()
	x.struck()
	h := tracefile.Header{Tool: replay.Samerun, Go: runtime.Version(), World: string(replay.Goroutines), Package: pkg.Path, Test: test, Seed: seed, Virtual: x.last, Left: x.left}
	if end != nil {
		h.Digest, h.Virtual = end.Digest, end.VirtualNS
	}
	if f := u.failureOf(test, &run); f != nil {
		h.Failure = text.FirstLine(f.Error)
		if !x.failed {
			x.b.Add(tracefile.Event{At: h.Virtual, Kind: tracefile.Fail, Text: f.Error})
		}
	}
	x.b.Order(x.lanes)
	return x.b.Trace(h), nil
}

// traced is a spec of the same run, of which a trace is made.
func (spec Spec) traced() Spec {
	spec.Trace, spec.Quiet, spec.Track = true, true, true
	if spec.Faults == nil && !spec.Scenario {
		spec.Faults = []faultplan.Given{} // what is sent is noted, and nothing befalls it
	}
	return spec
}

// tracedTest chooses the test of a run.
func (u *Runner) tracedTest(pkg *gocmd.Package, run *Run) (string, error) {
	if u.opts.Program != nil {
		return u.opts.Program.Name, nil
	}
	ran, _ := run.names()
	if failed, _ := u.Blame(run); !run.End.OK && failed != "" {
		return failed, nil
	}
	switch len(ran) {
	case 0:
		return "", fmt.Errorf("no test of %s ran; name one with -run", pkg.Arg)
	case 1:
		return ran[0], nil
	}
	return "", fmt.Errorf("%s of %s ran, and none failed: choose one, such as -run %s", text.Count(uint64(len(ran)), "test"), pkg.Arg, text.AlwaysShellQuote(text.TestPattern(ran[0])))
}

// tracing makes events of what is known of the run of a test.
type tracing struct {
	test   string
	end    *wire.Result // nil if it did not say how it ended
	faults *fault.Schedule
	b      tracefile.Builder
	lanes  []string
	last   int64 // when the last turn was
	left   uint64
	failed bool // the failure is among the events
}

// world adds what package sim tells of a world of goroutines.
func (x *tracing) world() {
	if x.end == nil || x.end.Trace == nil {
		return
	}
	w := x.end.Trace
	for _, n := range w.Nodes {
		if n.Machine != 0 {
			x.lanes = append(x.lanes, n.Name)
		}
	}
	number := make([]uint64, len(w.Events)+1)
	for _, e := range w.Events {
		for _, at := range []*uint64{&e.Cause, &e.Msg, &e.Began} {
			*at = number[min(*at, uint64(len(w.Events)))]
		}
		e.At += w.Began
		x.failed = x.failed || e.Kind == tracefile.Fail
		n := e.N
		if at := x.b.Add(e); n < uint64(len(number)) {
			number[n] = at
		}
	}
}

// machines are the names of nodes by their numbers.
func (x *tracing) machines() map[int]string {
	names := map[int]string{}
	if x.end != nil && x.end.Trace != nil {
		for _, n := range x.end.Trace.Nodes {
			names[n.Machine] = n.Name
		}
	}
	return names
}

// sentOf is what was sent over sockets.
func (x *tracing) sentOf() (events []traffic.TrafficEvent) {
	if x.end == nil {
		return nil
	}
	var s *wire.Sent
	switch {
	case x.end.Trace != nil:
		s = x.end.Trace.Sent
	case x.end.Faults != nil:
		s = x.end.Faults.Sent
	}
	if s == nil {
		return nil
	}
	texts := slices.Clone(s.Texts)
	for i := 0; i < len(texts); i += 3 {
		head, err := hex.DecodeString(texts[i])
		if err != nil {
			return nil
		}
		texts[i] = string(head)
	}
	events, x.left, _ = traffic.TrafficOf(s.Nums, texts)
	return events
}

// sending is a message, by what is the same of all that becomes of it.
type sending struct {
	from, to           string
	what               traffic.TrafficWhat
	conn, nth          uint64
	back, copy, unlike bool
	sent               int64
}

// messages adds what was sent over sockets: each sending, and what became of it.
func (x *tracing) messages() {
	known := map[sending]uint64{}
	for _, e := range x.sentOf() {
		if e.FromName == "" || e.FromName == e.ToName || e.Sent < 0 {
			continue // it stays on one node, or was sent by who came before the test
		}
		m := tracefile.Event{
			At: e.Sent, Kind: tracefile.Send, Node: e.FromName, Peer: e.ToName, Method: sent.Name(&e), Reply: e.Back, Conn: e.Conn, Nth: e.Nth, Size: e.Size,
		}
		if e.What == traffic.TrafficPiece || e.What == traffic.TrafficDatagram {
			m.Text = sent.Head(&e)
		}
		key := sending{e.FromName, e.ToName, e.What, e.Conn, e.Nth, e.Back, e.Copy, e.Nth == 0, e.Sent}
		of, again := known[key]
		if !again || e.Before == 0 {
			of = x.b.Add(m)
			known[key] = of
		}
		if x.end.VirtualNS < e.At {
			continue // it was on its way when the test ended
		}
		m.At, m.Msg, m.Cause, m.Text, m.Fate = e.At, of, of, "", sent.Fate(&e)
		switch {
		case e.Fate == traffic.TrafficArrives:
			m.Kind = tracefile.Arrive
		case e.Fate == traffic.TrafficWaits:
			m.Kind = tracefile.Hold
		default:
			m.Kind = tracefile.Drop
		}
		x.b.Add(m)
	}
}

// struck adds the faults of an ordinary test, each when it took effect first.
func (x *tracing) struck() {
	if x.end == nil || x.end.Faults == nil || x.faults == nil {
		return
	}
	for _, s := range x.end.Faults.Rules {
		if s.Hits == 0 || s.Element < 0 || s.Element >= len(x.faults.Faults) {
			continue
		}
		words := strings.Join(strings.Fields(x.faults.Faults[s.Element].String()), " ")
		x.b.Add(tracefile.Event{At: s.At, Kind: tracefile.Fault, Element: s.Element + 1, Text: fmt.Sprintf("%s; first on %s, %s in all", words, s.What, text.Count(uint64(s.Hits), "hit"))})
	}
}
