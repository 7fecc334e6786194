package sched

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A program for the law of partial order reduction: threads on several nodes that share
// locks, channels, variables, and each other's fate.

type lawOp struct {
	kind string
	arg  int
}

func (o lawOp) String() string { return fmt.Sprint(o.kind, o.arg) }

type lawProgram struct {
	threads [][]lawOp
	node    []int // of each thread
	size    int   // of the channels
	nap     bool  // main does not wait for the others
}

// lawOps are the operations, those that make many orders more often.
var lawOps = []string{
	"yield", "yield", "add", "if", "if", "get", "lock", "unlock", "trylock", "rlock", "runlock", "wlock", "wunlock",
	"send", "recv", "trysend", "close", "select", "selectdefault", "len", "done", "wait", "signal", "await", "once",
	"sleep", "sleep", "timer", "stop", "spawn", "own", "pause", "resume", "freeze", "fail", "cancel", "ctx", "reset",
}

func drawLawProgram(rt *rapid.T) lawProgram {
	p := lawProgram{size: rapid.IntRange(0, 1).Draw(rt, "size"), nap: rapid.IntRange(0, 5).Draw(rt, "nap") == 0}
	// A few sorts of operations at a time, so that they meet.
	sorts := rapid.SliceOfN(rapid.SampledFrom(lawOps), 2, 5).Draw(rt, "sorts")
	n := rapid.IntRange(2, 4).Draw(rt, "threads")
	for range n {
		ops := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) lawOp {
			return lawOp{rapid.SampledFrom(sorts).Draw(rt, "kind"), rapid.IntRange(0, 1).Draw(rt, "arg")}
		}), 1, 4).Draw(rt, "ops")
		p.threads = append(p.threads, ops)
		p.node = append(p.node, rapid.IntRange(1, 3).Draw(rt, "node"))
	}
	return p
}

// run runs the program, and returns its final state: what each thread has seen, what
// variables hold, and how it ended.
func (p lawProgram) run(t tb, strategy Strategy, seed uint64) (state string, err error) {
	var vars [2]int
	// Each task has a log of its own: what tasks of two nodes share, they must touch.
	logs := make([][5][]string, len(p.threads))
	s, err := run(t, Config{Seed: seed, Strategy: strategy}, func(s *Scheduler) {
		nodes := make([]*Group, 4)
		for i := range nodes {
			nodes[i] = s.NewGroup(fmt.Sprint("n", i), nil, nil)
		}
		var mus [2]Mutex
		var rw RWMutex
		var wg WaitGroup
		var once [2]Once
		cond := NewCond(&mus[0])
		wg.Add(2)
		chans := []*Chan[int]{MakeChan[int](p.size), MakeChan[int](p.size)}
		ctx, cancel := WithCancel(context.Background())
		timer := NewTimer(time.Millisecond)
		for i, ops := range p.threads {
			var body func(at int) func()
			body = func(at int) func() { // at is 0 or, for what the thread has started, where it did
				return func() {
					see := func(what ...any) {
						logs[i][at] = append(logs[i][at], fmt.Sprint(s.Clock().Now(), what))
					}
					var holds [2]bool
					readers, writes := 0, false
					for pc, o := range ops {
						see("at", pc)
						switch o.kind {
						case "yield":
							Yield()
						case "add": // a lost update, if another comes between
							Touch(&vars[o.arg], ToRead)
							v := vars[o.arg]
							Yield()
							Touch(&vars[o.arg], ToWrite)
							vars[o.arg] = v + 1
						case "if": // what it touches depends on what it finds
							Touch(&vars[o.arg], ToRead)
							x := &vars[o.arg]
							if *x%2 == 0 {
								x = &vars[1-o.arg]
							}
							Touch(x, ToWrite)
							*x += i + 1
						case "get":
							Touch(&vars[o.arg], ToRead)
							see(vars[o.arg])
						case "lock":
							if !holds[o.arg] {
								mus[o.arg].Lock()
								holds[o.arg] = true
							}
						case "unlock":
							if holds[o.arg] {
								mus[o.arg].Unlock()
								holds[o.arg] = false
							}
						case "trylock":
							if !holds[o.arg] {
								holds[o.arg] = mus[o.arg].TryLock()
								see(holds[o.arg])
							}
						case "rlock":
							if !writes {
								rw.RLock()
								readers++
							}
						case "runlock":
							if readers > 0 || o.arg == 1 && pc > 0 {
								rw.RUnlock() // perhaps for another
								readers--
							}
						case "wlock":
							if !writes && readers == 0 {
								if o.arg == 0 {
									rw.Lock()
									writes = true
								} else {
									writes = rw.TryLock()
									see(writes)
								}
							}
						case "wunlock":
							if writes {
								rw.Unlock()
								writes = false
							}
						case "send":
							chans[o.arg].Send(10*i + pc)
						case "recv":
							see(chans[o.arg].Recv())
						case "trysend":
							see(chans[o.arg].TrySend(10*i + pc))
						case "close":
							chans[o.arg].Close()
						case "select":
							var v int
							see(Select(chans[0].OnRecv(&v, nil), chans[1].OnSend(10*i+pc)), v)
						case "selectdefault":
							var v int
							see(Select(chans[o.arg].OnRecv(&v, nil), Default), v)
						case "len":
							see(chans[o.arg].Len())
						case "done":
							wg.Done()
						case "wait":
							wg.Wait()
						case "signal":
							if o.arg == 0 {
								cond.Signal()
							} else {
								cond.Broadcast()
							}
						case "await":
							if holds[0] {
								cond.Wait()
							}
						case "once":
							once[o.arg].Do(func() { see("once"); Yield() })
						case "sleep":
							Sleep(time.Duration(o.arg) * time.Millisecond)
						case "timer":
							see(timer.C.TryRecv())
						case "stop":
							see(timer.Stop())
						case "reset":
							see(timer.Reset(time.Duration(o.arg) * time.Millisecond))
						case "spawn":
							if at == 0 {
								s.Spawn(nodes[o.arg+1], "", taskID(100+10*i+pc).Uint64(), body(pc+1))
							}
						case "own":
							if at == 0 {
								Go(body(pc + 1))
							}
						case "pause":
							nodes[o.arg+1].Pause()
						case "resume":
							nodes[o.arg+1].Resume()
						case "freeze":
							nodes[o.arg+1].Freeze("frozen by the test")
						case "fail":
							if o.arg == 0 {
								s.Fail(fmt.Errorf("failed by %d", i))
							}
							panic(fmt.Sprint("a panic of ", i))
						case "cancel":
							cancel()
						case "ctx":
							c, stop := WithTimeout(ctx, time.Millisecond)
							see(Done(c).Recv())
							stop()
						}
					}
					see("end")
				}
			}
			s.Spawn(nodes[p.node[i]], "", taskID(i+1).Uint64(), body(0))
		}
		if p.nap {
			Yield()
			return
		}
		Sleep(5 * time.Millisecond)
		for _, g := range nodes {
			g.Resume()
		}
		Sleep(5 * time.Millisecond)
	})
	how := "well"
	if err != nil {
		how, _, _ = strings.Cut(err.Error(), "\n")
	}
	return fmt.Sprint(logs, vars, s.Clock().Now(), how), err
}

// both runs every order of a program, with reduction and without, as far as runs allow, and
// compares: with reduction the search sees the same final states and failures, the orders that
// it counts are as many as there are, and no run is equivalent to another. It returns nil if
// there are too many orders.
func (p lawProgram) both(t tb, seed uint64, runs int) (reduced, brute *Exhaustive) {
	t.Helper()
	every := func(opts ExhaustiveOptions) (*Exhaustive, []string) {
		opts.Runs = runs
		x := newExhaustive(t, opts)
		var states []string
		for x.More() {
			state, err := p.run(t, x.Strategy(), seed)
			if !errors.Is(err, ErrRedundant) {
				states = append(states, state)
			}
			if err := x.Done(); err != nil {
				t.Fatal(err)
			}
		}
		slices.Sort(states)
		return x, slices.Compact(states)
	}
	brute, want := every(ExhaustiveOptions{})
	if !brute.Covered() {
		return nil, nil
	}
	x, got := every(ExhaustiveOptions{DPOR: true})
	if !x.Covered() || !slices.Equal(got, want) || x.Schedules() != brute.Schedules() || x.Runs()-x.Redundant() != len(x.dpor.seen) {
		t.Fatalf("%v on %v, seed %d: %d final states in %s, %d different runs; without reduction %d in %s\n%s\n\n%s",
			p.threads, p.node, seed, len(got), x, len(x.dpor.seen), len(want), brute, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return x, brute
}

func TestDPORSeesWhatBruteForceSees(t *testing.T) {
	programs, pruned, ran, all := 0, 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		x, brute := drawLawProgram(rt).both(rt, rapid.Uint64Range(0, 2).Draw(rt, "seed"), 400)
		if x == nil {
			return
		}
		programs++
		ran, all = ran+x.Runs(), all+brute.Runs()
		if x.Runs() < brute.Runs() {
			pruned++
		}
	})
	t.Logf("%d programs, %d of them with less runs: %d of %d", programs, pruned, ran, all)
	if pruned < max(1, programs/10) { // some are too small
		t.Errorf("only %d of %d programs had something to leave out", pruned, programs)
	}
}

// What the law has found.
func TestDPORLawFinds(t *testing.T) {
	type ops = []lawOp
	for _, p := range []lawProgram{
		// A context that is cancelled twice: the second looks whether it is.
		{nap: true, node: []int{1, 2}, threads: []ops{{{"cancel", 0}}, {{"cancel", 0}}}},
		// Len of a channel that nobody has used yet.
		{nap: true, size: 1, node: []int{1, 2}, threads: []ops{{{"send", 0}}, {{"len", 0}}}},
		// Who counts a WaitGroup below 0 depends on all that have counted it down.
		{node: []int{1, 2, 3, 3}, threads: []ops{{{"done", 1}}, {{"get", 1}, {"done", 0}}, {{"yield", 0}}, {{"done", 0}}}},
		{node: []int{1, 3, 2, 2}, threads: []ops{{{"done", 1}}, {{"done", 1}}, {{"done", 1}}, {{"done", 1}}}},
		{node: []int{2, 3, 1, 3}, threads: []ops{{{"done", 1}, {"done", 0}}, {{"yield", 1}}, {{"yield", 1}}, {{"done", 1}}}},
		// The third thread uses lock 0 only if it is before the second: while it sleeps, nobody
		// but itself knows that the fourth has to do with it.
		{node: []int{1, 1, 2, 3}, threads: []ops{{{"yield", 0}}, {{"lock", 1}}, {{"lock", 1}, {"lock", 0}}, {{"lock", 0}}}},
	} {
		if x, _ := p.both(t, 0, 2000); x == nil {
			t.Errorf("%v has too many orders", p)
		}
	}
}
