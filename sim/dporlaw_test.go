package sim

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"samerun/sched"

	"pgregory.net/rapid"
)

// lawProgram is a small world for the law of partial order reduction: nodes that send each
// other messages, and do to each other what a scenario does to nodes.
type lawProgram struct {
	nodes [][]string // what each does
	link  LinkConfig
	seed  uint64
}

var lawOps = []string{
	"yield", "yield", "sleep", "send", "send", "send", "late", "save", "go", "crash", "restart", "pause", "resume",
	"cut", "heal", "clog", "release", "set", "up", "config", "flight", "rand", "node", "offset", "now", "wait", "rule",
}

func drawLawProgram(rt *rapid.T) lawProgram {
	p := lawProgram{seed: rapid.Uint64Range(0, 3).Draw(rt, "seed"), link: fixed(ms)}
	if rapid.Bool().Draw(rt, "rough") {
		p.link = LinkConfig{Latency: Durations{Min: 0, Max: 2 * ms}, Loss: 300_000, Duplicate: 300_000}
	}
	sorts := rapid.SliceOfN(rapid.SampledFrom(lawOps), 1, 4).Draw(rt, "sorts")
	for range rapid.IntRange(2, 3).Draw(rt, "nodes") {
		p.nodes = append(p.nodes, rapid.SliceOfN(rapid.SampledFrom(sorts), 1, 4).Draw(rt, "ops"))
	}
	return p
}

// lawNode is what a node has in memory, which its tasks and handlers share.
type lawNode struct {
	log []string
	got int
}

// lawMessage notes its fate in the memory of the receiver.
type lawMessage struct {
	Message
	to   *Node
	mem  *lawNode
	name string
}

func (m *lawMessage) Deliver(*Message) {
	m.to.Go("", func() {
		m.mem.got++
		m.mem.log = append(m.mem.log, fmt.Sprint("has ", m.name, m.mem.got, m.to.w.Elapsed()))
	})
}

func (m *lawMessage) Drop(_ *Message, why Fate) {
	m.mem.log = append(m.mem.log, fmt.Sprint("lacks ", m.name, why, m.to.w.Elapsed()))
}

// run runs the world, and returns its final state.
func (p lawProgram) run(search sched.Strategy) (state string, err error) {
	mem := make([]lawNode, len(p.nodes))
	r := Run(Config{Seed: p.seed, Link: p.link, search: search}, func(w *World) {
		nodes := make([]*Node, len(p.nodes))
		for i := range nodes {
			nodes[i] = w.Node(fmt.Sprint("n", i))
		}
		for i, ops := range p.nodes {
			me, other := nodes[i], nodes[(i+1)%len(nodes)]
			see := func(what ...any) { mem[i].log = append(mem[i].log, fmt.Sprint(w.Elapsed(), what)) }
			me.Start(func() {
				if me.Boot() > 2 {
					return
				}
				for pc, op := range ops {
					see(me.Boot(), "at", pc)
					l := w.Link(me, other)
					switch op {
					case "yield":
						w.Scheduler().Yield()
					case "sleep":
						w.Sleep(ms)
					case "send", "late":
						m := &lawMessage{to: other, mem: &mem[(i+1)%len(nodes)], name: fmt.Sprint(i, pc)}
						m.Kind = w.Kind(op)
						delay := time.Duration(0)
						if op == "late" {
							delay = ms
						}
						l.Send(&m.Message, delay, m)
					case "save":
						see(string(other.Load("x")))
						other.Save("x", fmt.Appendf(nil, "%d.%d", i, pc))
					case "go":
						other.Go("", func() { mem[(i+1)%len(nodes)].log = append(mem[(i+1)%len(nodes)].log, fmt.Sprint("started", i, pc)) })
					case "crash":
						other.Crash()
					case "restart":
						other.Restart()
					case "pause":
						other.Pause()
					case "resume":
						other.Resume()
					case "cut":
						l.Cut()
					case "heal":
						w.HealAll()
					case "clog":
						w.Link(other, nodes[(i+2)%len(nodes)]).Clog()
					case "release":
						w.Link(other, nodes[(i+2)%len(nodes)]).Release()
					case "set":
						w.SetLinks(fixed(time.Duration(i+1) * ms))
					case "up":
						see(other.Up(), other.Boot(), other.Paused())
					case "config":
						see(l.Config())
					case "flight":
						n := 0
						for range w.Link(other, nodes[(i+2)%len(nodes)]).InFlight {
							n++
						}
						see(n)
					case "rand":
						see(other.Rand().IntN(1000), w.Rand().IntN(1000))
					case "node":
						see(len(w.Nodes()), w.Node("another").Boot())
					case "offset":
						other.Clock().SetOffset(time.Duration(i+1) * time.Second)
					case "now":
						see(me.Now())
					case "wait":
						w.Always("", func() error { return nil })
					case "rule":
						n := 0
						w.Rule(func(*Message) Verdict {
							n++
							return Verdict{Drop: n%2 == 0}
						})
					}
				}
			})
		}
		w.Sleep(5 * ms)
		for _, n := range nodes {
			n.Resume()
		}
		w.HealAll()
		w.Sleep(20 * ms)
	})
	how := "well"
	if r.Err != nil {
		how = r.Err.Error()
	}
	return fmt.Sprint(mem, r.Virtual, how), r.Err
}

// Partial order reduction finds what brute force finds in worlds, too: each final
// state, and each order exactly once or by way of an equivalent one.
func TestExhaustiveThatPrunesMissesNothing(t *testing.T) {
	programs, pruned := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		p := drawLawProgram(rt)
		every := func(opts sched.ExhaustiveOptions) (*sched.Exhaustive, []string) {
			opts.Runs = 300
			x, err := sched.NewExhaustive(opts)
			if err != nil {
				rt.Fatal(err)
			}
			var states []string
			for x.More() {
				state, err := p.run(x.Strategy())
				if !errors.Is(err, sched.ErrRedundant) {
					states = append(states, state)
				}
				if err := x.Done(); err != nil {
					rt.Fatal(err)
				}
			}
			slices.Sort(states)
			return x, slices.Compact(states)
		}
		brute, want := every(sched.ExhaustiveOptions{})
		x, got := every(sched.ExhaustiveOptions{DPOR: true})
		if !brute.Covered() {
			return
		}
		programs++
		if x.Runs() < brute.Runs() {
			pruned++
		}
		if !slices.Equal(got, want) || x.Schedules() != brute.Schedules() || !x.Covered() {
			rt.Fatalf("%v: %d final states in %s, and %d without reduction in %s\n%s\n\n%s", p, len(got), x, len(want), brute, got, want)
		}
	})
	t.Logf("%d programs, %d of them with less runs", programs, pruned)
	if pruned < max(1, programs/10) { // some are too small
		t.Errorf("only %d of %d programs had something to leave out", pruned, programs)
	}
}
