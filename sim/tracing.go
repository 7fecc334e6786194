package sim

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"os"
	"runtime"
	"slices"

	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/safefile"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// tracer makes events of all records of a run, if the tool asks for its trace. It sees what
// the digest has seen, and nothing asks it before the run is over.
//
// Invariant: event number n of the run is event number n of the builder; number has those of the records.
type tracer struct {
	number []uint64
	s      *tracefile.Stream // takes the events, and not b, if it is there
	b      tracefile.Builder
	nodes  []*Node // that are in records, each once
	over   bool    // there is no room for more
}

// kindOf is what an event of a record is.
func kindOf(x What) tracefile.Kind {
	return [...]tracefile.Kind{tracefile.Log, tracefile.Send, tracefile.Arrive, tracefile.Drop, tracefile.Hold, tracefile.Boot, tracefile.Crash, tracefile.Pause, tracefile.Resume,
		tracefile.Cut, tracefile.Heal, tracefile.Clog, tracefile.Release, tracefile.Met, tracefile.Fail, tracefile.Fault, tracefile.Over, tracefile.Quiet,
		tracefile.Timer, tracefile.Wait, tracefile.Woken, tracefile.Go, tracefile.Check, tracefile.Call, tracefile.Return, tracefile.Point, tracefile.Log}[x]
}

// keep takes a record.
func (x *tracer) keep(r Record) {
	if x.over = x.over || max(x.b.Len(), x.events()) == tracefile.MostEvents; x.over {
		return
	}
	e := tracefile.Event{At: int64(r.At), Kind: kindOf(r.What), Cause: x.event(r.Cause), Node: x.name(r.Node), Peer: x.name(r.Peer), Task: r.task, Text: r.Text}
	if r.Seq > 0 {
		x.number = append(x.number, cmp.Or(r.n, r.Seq)) // without asides they are the same
	}
	switch {
	case r.aside != nil:
		a := r.aside
		e.Method, e.On, e.Where, e.Fate, e.Client, e.Took, e.Moment, e.Began, e.Nth = a.method, a.on, a.where, a.fate, a.client, int64(a.took), int64(a.moment), a.begin, r.N
	case r.Msg != nil:
		x.message(&e, &r)
	case r.What == FaultBegins, r.What == FaultEnds:
		e.Element = int(r.N) + 1
	case r.Peer == nil:
		e.Nth = r.N
	}
	if x.s != nil {
		x.s.Add(&e)
		return
	}
	x.b.Add(e)
}

// events is how many the stream has.
func (x *tracer) events() int {
	if x.s == nil {
		return 0
	}
	return x.s.Len()
}

// event is the number of the event that is a record.
func (x *tracer) event(record uint64) uint64 {
	if record == 0 || record > uint64(len(x.number)) {
		return 0
	}
	return x.number[record-1]
}

// message enters what there is to say of a message.
func (x *tracer) message(e *tracefile.Event, r *Record) {
	m := r.Msg
	e.Method, e.Reply, e.Nth, e.Size = r.Node.w.KindName(m.Kind), m.Reply, m.Nth, m.Size
	switch r.What {
	case Sent:
		if t, ok := m.to.(Teller); ok {
			e.Text = t.Tell(m)
		}
		return
	case Dropped:
		e.Fate = r.Fate.String()
	case Arrived:
		if m.late {
			e.Fate = "held back"
		}
	}
	e.Msg = x.event(m.Cause)
}

// Teller is a Receiver that can say what a message holds, for the trace of a run. It is asked
// when the message is sent, in a run of which a trace is made: it must change nothing.
type Teller interface{ Tell(m *Message) string }

// name is the lane of a node.
func (x *tracer) name(n *Node) string {
	if n == nil {
		return ""
	}
	if !slices.Contains(x.nodes, n) {
		x.nodes = append(x.nodes, n)
	}
	return n.name
}

// lanes are the nodes in their order, the main one last.
func (x *tracer) lanes() (names []string) {
	slices.SortFunc(x.nodes, func(a, b *Node) int { return (a.index+1<<30)%(1<<30+1) - (b.index+1<<30)%(1<<30+1) })
	for _, n := range x.nodes {
		names = append(names, n.name)
	}
	return names
}

// traced is a run of which a trace is written, if the environment asks for one.
func (x *tester) traced(cfg Config, saved string) *attempt {
	if x.stop != nil {
		cfg, stop := listen(x.t, x.stop.arm(cfg)) // whose events count as in a trace
		defer stop()
		return x.run(cfg)
	}
	if x.env.trace == "" {
		return x.run(cfg)
	}
	t := tracer{s: new(tracefile.Stream)}
	begun := cfg.begun
	cfg, stop := listen(x.t, cfg)
	cfg.Trace = t.keep
	a := x.run(cfg)
	stop()
	a.cfg.Trace, a.cfg.begun, a.cfg.asides = nil, begun, false
	t.s.Order(t.lanes())
	h := tracefile.Header{
		Tool: replay.Samerun, Go: runtime.Version(), World: string(replay.Tasks), Package: packageDir(), Test: x.t.Name(), Seed: a.report.Seed, Replay: saved,
		Digest: a.report.Digest, Virtual: int64(a.report.Virtual),
	}
	if a.failure != nil {
		h.Failure = text.FirstLine(a.failure.Error())
	}
	err := writeTrace(x.env.trace, t.s, h, a.failure != nil)
	if t.over {
		err = fmt.Errorf("there are more than %d events; trace a run with fewer, such as one of a smaller horizon", tracefile.MostEvents)
	}
	if err != nil {
		x.t.Errorf("the trace of the run could not be written (%s=%s): %v", traceVariable, x.env.trace, err)
	}
	return a
}

// traceVariable names the file for the trace of the first run, or of the first that fails.
const traceVariable = "SAMERUN_TRACE"

// writeTrace writes a trace. Of several runs the first counts, unless another one fails.
func writeTrace(path string, t *tracefile.Stream, h tracefile.Header, failed bool) error {
	if _, err := os.Stat(path); err == nil && !failed {
		return nil
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	err = t.Write(f, h)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		os.Remove(path + ".part")
		return err
	}
	return safefile.Swap(path+".part", path)
}

// traceOf is what a world of goroutines tells the tool of its trace: the tool has the turns
// and what was sent over sockets.
func (x *tracer) traceOf(w *World) *wire.Traced {
	t := &wire.Traced{Began: w.host.Now() - int64(w.Elapsed()), Over: x.over}
	for _, n := range w.nodes {
		t.Nodes = append(t.Nodes, wire.TracedNode{Machine: n.machine, Name: n.name})
	}
	if nums, texts := w.host.Traffic(traffic.TrafficMost); len(nums) > 0 {
		for i := 0; i < len(texts); i += 3 {
			texts[i] = hex.EncodeToString([]byte(texts[i]))
		}
		t.Sent = &wire.Sent{Nums: nums, Texts: texts}
	}
	t.Events = x.b.Trace(tracefile.Header{}).Events
	return t
}
