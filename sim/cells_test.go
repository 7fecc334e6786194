package sim

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"samerun/sim/fault"
)

const cellsFile = "../testdata/faults/inflight.table"

// TestCells runs each cell of the table of messages in flight, by hand and as a
// schedule, at the calm seed and at another.
func TestCells(t *testing.T) {
	text, err := os.ReadFile(cellsFile)
	if err != nil {
		t.Fatal(err)
	}
	// The flag is of package datadriven, which the other tests of files use.
	rewrite := flag.Lookup("rewrite")
	var out []string
	cells := 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		columns := strings.Split(line, "|")
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "what happens |") {
			out = append(out, line)
			continue
		}
		what, steps := strings.TrimSpace(columns[0]), strings.TrimSpace(columns[1])
		got := []string{what, steps, cellOf(t, steps, false), cellOf(t, steps, true)}
		cells += 2
		out = append(out, strings.Join(got, " | "))
		for i, name := range []string{"a request", "a reply"} {
			if want := ""; rewrite.Value.String() != "true" {
				if len(columns) == 4 {
					want = strings.TrimSpace(columns[2+i])
				}
				if got[2+i] != want {
					t.Errorf("%s, %s:\ngot  %s\nwant %s", what, name, got[2+i], want)
				}
			}
		}
	}
	if cells < 50 {
		t.Errorf("only %d cells", cells)
	}
	if rewrite.Value.String() == "true" {
		if err := os.WriteFile(cellsFile, []byte(strings.Join(out, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// cellOf runs a cell all four ways, which must agree.
func cellOf(t *testing.T, steps string, reply bool) string {
	t.Helper()
	first := ""
	for _, seed := range []uint64{0, 3} {
		for _, byHand := range []bool{true, false} {
			c := cell{reply: reply, seed: seed}
			got := c.run(t, steps, byHand)
			if first == "" {
				first = got
			} else if got != first {
				t.Errorf("%s (reply %v): %s, but at seed %d, by hand %v: %s", steps, reply, first, seed, byHand, got)
			}
		}
	}
	return first
}

// cell is one call: a request of the node "caller", executed by a task of the
// node "server", and its answer, which a task of the caller takes.
type cell struct {
	reply bool // the steps are about the reply
	seed  uint64
	log   []string
	zero  time.Duration // when the message of the cell is sent
	w     *World
	there *Link
	back  *Link
}

const tripTime = 10 * ms

func (c *cell) run(t *testing.T, steps string, byHand bool) string {
	start := 100 * ms // of the request
	c.zero = start
	if c.reply {
		c.zero += tripTime
	}
	var s fault.Schedule
	var hand script
	for _, step := range strings.FieldsFunc(steps, func(r rune) bool { return r == ';' }) {
		f, do := c.step(t, strings.Fields(step))
		if byHand && f.Kind != fault.Slow { // there is no slowness by hand
			hand = append(hand, do...)
		} else {
			s.Faults = append(s.Faults, f)
		}
	}
	mustRun(t, Config{Seed: c.seed, Link: fixed(tripTime), Faults: &s}, func(w *World) {
		c.w = w
		caller, server := w.Node("caller"), w.Node("server")
		caller.Start(func() {})
		server.Start(func() {})
		c.there, c.back = w.Link(caller, server), w.Link(server, caller)
		// By hand means at the beginning of the instant, before what is due then.
		w.Go("by hand", func() { hand.play(w) })
		w.Sleep(start - w.Elapsed())
		c.there.Send(&Message{}, 0, c)
		w.Sleep(time.Second)
	})
	if len(c.log) == 0 {
		return "still in flight"
	}
	return strings.Join(c.log, ", ")
}

// step makes one step of the steps, both ways.
func (c *cell) step(t *testing.T, words []string) (fault.Fault, script) {
	from, to, _ := strings.Cut(words[2], "..")
	var at, until int
	fmt.Sscan(from, &at)
	fmt.Sscan(to, &until)
	begin, end := c.zero+time.Duration(at)*ms, c.zero+time.Duration(until)*ms
	f := fault.Fault{Kind: fault.Kind(words[0]), At: begin}
	if to != "" {
		f.For = end - begin
	}
	sender, receiver := "caller", "server"
	if c.reply {
		sender, receiver = receiver, sender
	}
	switch words[1] {
	case "link":
		f.From, f.To = []string{sender}, []string{receiver}
	case "back":
		f.From, f.To = []string{receiver}, []string{sender}
	case "sender":
		f.Nodes = []string{sender}
	case "receiver":
		f.Nodes = []string{receiver}
	}
	if f.Kind == fault.Slow {
		f.Min = 20 * ms
	}
	link := func() *Link { return c.w.Link(c.w.Node(f.From[0]), c.w.Node(f.To[0])) }
	node := func() *Node { return c.w.Node(f.Nodes[0]) }
	var do, undo func()
	switch f.Kind {
	case fault.Cut:
		do, undo = func() { link().Cut() }, func() { link().Heal() }
	case fault.Clog:
		do, undo = func() { link().Clog() }, func() { link().Release() }
	case fault.Crash:
		do, undo = func() { node().Crash() }, func() { node().Restart() }
	case fault.Pause:
		do, undo = func() { node().Pause() }, func() { node().Resume() }
	case fault.Slow:
	default:
		t.Fatalf("unknown step %v", words)
	}
	hand := script{{begin, do}}
	if to != "" {
		hand = append(hand, step{end, undo})
	}
	return f, hand
}

func (c *cell) note(format string, args ...any) {
	at := (c.w.Elapsed() - c.zero) / ms
	c.log = append(c.log, fmt.Sprintf(format, args...)+fmt.Sprintf(" at %d", at))
}

// Deliver is called when the request or the reply arrives.
func (c *cell) Deliver(m *Message) {
	if m.Reply {
		if c.reply {
			c.note("arrives")
		}
		c.there.From().Go("answer", func() { c.note("answered") })
		return
	}
	if !c.reply {
		c.note("arrives")
	}
	c.there.To().Go("handler", func() {
		if !c.reply {
			c.note("executed")
		}
		c.back.Send(&Message{Reply: true}, 0, c)
	})
}

// Drop is called when one of them never will.
func (c *cell) Drop(m *Message, why Fate) {
	switch {
	case m.Reply && !c.reply:
		c.note("reply dropped (%v)", why)
	default:
		c.note("dropped (%v)", why)
	}
}
