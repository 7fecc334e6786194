package traceview

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"samerun/internal/tracefile"
)

const perfettoBeginning = `{"displayTimeUnit":"ns","otherData":{"format":"samerun-trace"`

// writePerfetto writes the JSON that ui.perfetto.dev and chrome://tracing read. A node is a
// process and a goroutine a thread of it; each event is a slice whose args are its line of
// the trace, a message is a flow between two of them, and a fault spans the time that it lasts.
// Times are in microseconds, with the nanoseconds behind the point.
func writePerfetto(w io.Writer, t *tracefile.Trace) error {
	out := bufio.NewWriterSize(w, 1<<16)
	other, err := json.Marshal(&t.Header)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "{\"displayTimeUnit\":\"ns\",\"otherData\":%s,\"traceEvents\":[\n", other)
	p := perfetto{out: out, pids: map[string]int{}, tids: map[[2]string]int{}, faults: map[int]int64{}, operations: map[uint64]bool{}}
	p.process("run")
	for _, name := range t.Nodes {
		p.process(name)
	}
	for i := range t.Events {
		p.event(&t.Events[i])
	}
	for i := range t.Events {
		if e := &t.Events[i]; e.Kind == tracefile.Call && p.operations[e.N] {
			p.line(`{"ph":"e","cat":"operation","name":%s,"id":%d,"pid":%d,"tid":%d,"ts":%s}`, quoted(e.Client), e.N, p.pid(e), p.thread(e.Node, threadOf(e)), micros(max(t.Virtual, e.At)))
		}
	}
	// A fault that lasts until the end is closed there.
	for i := range t.Events {
		if e := &t.Events[i]; e.Kind == tracefile.Fault {
			if _, open := p.faults[e.Element]; open {
				delete(p.faults, e.Element)
				p.line(`{"ph":"e","cat":"fault","name":%s,"id":%d,"pid":1,"tid":0,"ts":%s}`, quoted(title(e)), e.Element, micros(max(t.Virtual, e.At)))
			}
		}
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

// perfetto is what is known while the file is written.
type perfetto struct {
	out    *bufio.Writer
	more   bool // something was written
	pids   map[string]int
	tids   map[[2]string]int
	faults map[int]int64 // elements that have begun

	operations map[uint64]bool // those that are not answered yet
}

func (p *perfetto) line(format string, args ...any) {
	if p.more {
		p.out.WriteString(",\n")
	}
	p.more = true
	fmt.Fprintf(p.out, format, args...)
}

// process names a process.
func (p *perfetto) process(name string) {
	p.pids[name] = len(p.pids) + 1
	p.line(`{"ph":"M","name":"process_name","pid":%d,"args":{"name":%s}}`, p.pids[name], quoted(name))
	p.line(`{"ph":"M","name":"process_sort_index","pid":%d,"args":{"sort_index":%d}}`, p.pids[name], p.pids[name])
}

// pid is the number of the process that an event belongs to.
func (p *perfetto) pid(e *tracefile.Event) int {
	if node := laneOf(e); node != "" {
		return p.pids[node]
	}
	return p.pids["run"]
}

// thread is the number of a goroutine on a node, 0 for none.
func (p *perfetto) thread(node, task string) int {
	if task == "" {
		return 0
	}
	key := [2]string{node, task}
	tid, known := p.tids[key]
	if !known {
		tid = len(p.tids) + 1
		p.tids[key] = tid
		p.line(`{"ph":"M","name":"thread_name","pid":%d,"tid":%d,"args":{"name":%s}}`, max(1, p.pids[node]), tid, quoted(task))
	}
	return tid
}

func (p *perfetto) event(e *tracefile.Event) {
	pid, tid := p.pid(e), p.thread(laneOf(e), threadOf(e))
	name, ts, args := quoted(title(e)), micros(e.At), e.AppendJSON(nil)
	switch e.Kind {
	case tracefile.Fault:
		p.faults[e.Element] = e.At
		p.line(`{"ph":"b","cat":"fault","name":%s,"id":%d,"pid":1,"tid":0,"ts":%s,"args":%s}`, name, e.Element, ts, args)
		return
	case tracefile.Over:
		if _, open := p.faults[e.Element]; open {
			delete(p.faults, e.Element)
			p.line(`{"ph":"e","cat":"fault","name":%s,"id":%d,"pid":1,"tid":0,"ts":%s,"args":%s}`, name, e.Element, ts, args)
			return
		}
	}
	if e.Kind == tracefile.Call || e.Kind == tracefile.Return && e.Began != 0 {
		// An operation is a span of its own; it is one event at each end.
		ph, of := "b", e.N
		if e.Kind == tracefile.Return {
			ph, of = "e", e.Began
		}
		p.operations[of] = e.Kind == tracefile.Call
		p.line(`{"ph":"%s","cat":"operation","name":%s,"id":%d,"pid":%d,"tid":%d,"ts":%s,"args":%s}`, ph, quoted(e.Client), of, pid, tid, ts, args)
		return
	}
	p.line(`{"ph":"X","cat":%s,"name":%s,"pid":%d,"tid":%d,"ts":%s,"dur":0.001,"args":%s}`, quoted(string(e.Kind)), name, pid, tid, ts, args)
	switch e.Kind {
	case tracefile.Send:
		p.line(`{"ph":"s","cat":"message","name":"message","id":%d,"pid":%d,"tid":%d,"ts":%s}`, e.N, pid, tid, ts)
	case tracefile.Arrive:
		p.line(`{"ph":"f","bp":"e","cat":"message","name":"message","id":%d,"pid":%d,"tid":%d,"ts":%s}`, e.Msg, pid, tid, ts)
	}
}

// quoted is a text as JSON.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}

// threadOf is the name of the thread that shows what a task does: those that do the same have one.
func threadOf(e *tracefile.Event) string {
	if e.Client != "" {
		return e.Client
	}
	if e.Node == "" {
		return e.Task
	}
	name, _, _ := strings.Cut(e.Task, " ")
	return name
}

// micros is a time in microseconds, exactly.
func micros(ns int64) string { return fmt.Sprintf("%d.%03d", ns/1000, ns%1000) }
