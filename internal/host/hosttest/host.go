package hosttest

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"samerun/internal/overlay/leaf/rule"
	"samerun/internal/overlay/leaf/traffic"
)

// Host is a host.Host. Run makes one.
//
// Invariants: cur has the turn, nil if nobody can go on; ready are those that wait for the
// turn and whose nodes are neither paused nor of an earlier boot.
type Host struct {
	Dies  func() // what OnDeath was given
	Stops onStop // and OnStop

	mu      sync.Mutex
	rand    *rand.Rand
	seed    uint64
	began   time.Time
	cur     *thread
	ready   []*thread
	all     map[uintptr]*thread
	nodes   []node
	quiet   func()
	exit    func(node, boot int, how string)
	turns   int // since quiet was called
	checks  bool
	done    chan struct{}
	reports map[string]string
	digest  []uint64
	clocks  map[int][2]int64
	slow    map[int]int64
	rules   []ruled
	none    any
	hit     func(index int, what string)
	disks   disks

	Sent traffic.TrafficLog // what Traffic tells of
}

type onStop = func(ask func(node int, fn func() string) (said, wrong string)) (state string, wrong []string)

type node struct {
	name   string
	boot   int
	up     bool
	paused bool
}

// thread is a goroutine of the host.
type thread struct {
	id         uint64
	token      uintptr
	node, boot int
	slot       any
	turn       chan struct{}
	parked     bool
	unparked   bool
}

// Run runs f on a new host, in a bubble, and ends what f leaves. It skips the test if the race
// detector is on.
func Run(t *testing.T, seed uint64, f func(h *Host)) {
	if raced {
		t.Skip("turns are no order for the race detector; internal/engines has tests on the real host, which is built without it")
	}
	synctest.Test(t, func(t *testing.T) {
		h := &Host{
			seed: seed, rand: rand.New(rand.NewPCG(seed, 1)), began: time.Now(), all: map[uintptr]*thread{}, nodes: []node{{boot: 1, up: true}},
			done: make(chan struct{}), reports: map[string]string{}, clocks: map[int][2]int64{}, slow: map[int]int64{},
		}
		h.cur = h.thread(0, 1)
		// Deferred, because f may leave by t.FailNow.
		defer func() {
			h.cur = nil // who asks from now on is none of the host's
			close(h.done)
		}()
		f(h)
	})
}

func (h *Host) thread(node int, id uint64) *thread {
	t := &thread{id: id, token: uintptr(len(h.all) + 1), node: node, boot: h.nodes[node].boot, turn: make(chan struct{}, 1)}
	h.all[t.token] = t
	return t
}

func (h *Host) Now() int64       { return int64(time.Since(h.began)) }
func (h *Host) Seed() uint64     { return h.seed }
func (h *Host) Key() uint64      { return h.seed }
func (h *Host) Digest(x uint64)  { h.digest = append(h.digest, x) }
func (h *Host) Node() (int, int) { return h.cur.node, h.cur.boot }
func (h *Host) ID() uint64       { return h.cur.id }

// Slot is that of the caller; whoever is none of the host's has one in common.
func (h *Host) Slot() *any {
	if h.cur == nil {
		return &h.none
	}
	return &h.cur.slot
}

func (h *Host) Self() uintptr                              { return h.cur.token }
func (h *Host) OnQuiet(fn func())                          { h.quiet = fn }
func (h *Host) Looks(string)                               {}
func (h *Host) OnDeath(fn func())                          { h.Dies = fn }
func (h *Host) OnStop(fn onStop)                           { h.Stops = fn }
func (h *Host) Slow(node int, ppm int64)                   { h.slow[node] = ppm }
func (h *Host) Clock(node int, offset, ppm int64)          { h.clocks[node] = [2]int64{offset, ppm} }
func (h *Host) OnExit(fn func(node, boot int, how string)) { h.exit = fn }
func (h *Host) Report(field, json string)                  { h.reports[field] = json }

// Clocks returns what Clock was last given for a node.
func (h *Host) Clocks(node int) (offset, ppm int64) { return h.clocks[node][0], h.clocks[node][1] }

// Slowness returns what Slow was last given for a node.
func (h *Host) Slowness(node int) int64 { return h.slow[node] }

// Reports returns what was reported last under a field.
func (h *Host) Reports(field string) string { return h.reports[field] }

func (h *Host) NewNode(name string) int {
	h.nodes = append(h.nodes, node{name: name})
	return len(h.nodes) - 1
}

func (h *Host) Boot(node int) int {
	n := &h.nodes[node]
	if n.up {
		panic(fmt.Sprintf("node %d is on already", node))
	}
	n.boot++
	n.up, n.paused = true, false
	return n.boot
}

func (h *Host) Go(node int, id uint64, name string, fn func()) {
	h.mu.Lock()
	t := h.thread(node, id)
	h.ready = append(h.ready, t)
	h.mu.Unlock()
	go func() {
		h.wait(t)
		defer h.give(nil)
		fn()
	}()
}

// Exit ends the caller's node, as os.Exit would. It does not return.
func (h *Host) Exit(how string) {
	t := h.cur
	h.Go(0, t.id+1, "exit", func() { h.exit(t.node, t.boot, how) })
	h.nodes[t.node].up = false
	h.leave(t)
}

func (h *Host) Crash(node int) {
	h.nodes[node].up = false
	if h.cur.node == node {
		h.leave(h.cur)
	}
}

// leave lets a goroutine of a node that is gone wait for ever.
func (h *Host) leave(t *thread) {
	h.give(nil)
	h.wait(t)
}

func (h *Host) Pause(node int) { h.nodes[node].paused = true }

func (h *Host) Resume(node int) {
	h.nodes[node].paused = false
}

func (h *Host) Park(string) {
	h.mu.Lock()
	t := h.cur
	if t.unparked {
		t.unparked = false
		h.mu.Unlock()
		return
	}
	t.parked = true
	h.mu.Unlock()
	h.give(nil)
	h.wait(t)
}

// Gosched is what runtime.Gosched would be.
func (h *Host) Gosched() {
	t := h.cur
	h.give(t)
	h.wait(t)
}

func (h *Host) Unpark(token uintptr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.all[token]
	if !t.parked {
		t.unparked = true
		return
	}
	t.parked = false
	h.ready = append(h.ready, t)
	if h.cur == nil {
		h.pass()
	}
}

// wait returns when t has the turn.
func (h *Host) wait(t *thread) {
	select {
	case <-t.turn:
	case <-h.done:
	}
	select {
	case <-h.done:
		runtime.Goexit()
	default:
	}
}

// give gives the turn up; again, if set, is ready at once.
func (h *Host) give(again *thread) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.turns++
	if again != nil {
		h.ready = append(h.ready, again)
	}
	h.pass()
}

// pass gives the turn to one of those that are ready.
func (h *Host) pass() {
	h.cur = nil
	var able []int
	for i, t := range h.ready {
		if n := h.nodes[t.node]; n.up && n.boot == t.boot && !n.paused {
			able = append(able, i)
		}
	}
	if len(able) == 0 {
		h.check()
		return
	}
	i := able[0]
	if h.seed != 0 {
		i = able[h.rand.IntN(len(able))]
	}
	h.cur = h.ready[i]
	h.ready = slices.Delete(h.ready, i, i+1)
	h.cur.turn <- struct{}{}
}

// check calls the quiet function, in a goroutine of its own that has the turn.
func (h *Host) check() {
	if h.quiet == nil || h.turns == 0 || h.checks {
		return
	}
	h.turns, h.checks = 0, true
	t := h.thread(0, 2)
	h.cur = t
	f := h.quiet
	go func() {
		defer func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.checks = false
			h.pass()
		}()
		f()
	}()
}

// ruled is a rule that was begun.
type ruled struct {
	rule rule.Rule
	hits int64
	over bool
}

func (h *Host) Rule(nums []int64, names []string) {
	r, problem := rule.RuleOf(nums, names)
	if problem != "" || r.Index != len(h.rules) {
		panic(fmt.Sprintf("rule %d: %s", r.Index, problem))
	}
	h.rules = append(h.rules, ruled{rule: r})
}

func (h *Host) EndRule(index int) {
	if h.rules[index].over {
		panic(fmt.Sprintf("rule %d is over already", index))
	}
	h.rules[index].over = true
}

func (h *Host) Hits(index int) int64 { return h.rules[index].hits }

func (h *Host) OnHit(fn func(index int, what string)) { h.hit = fn }

func (h *Host) Traffic(most int) (nums []int64, texts []string) { return h.Sent.Flat(most) }

// Hit says that the rule of an index has befallen something.
func (h *Host) Hit(index int, what string) { h.hit(index, what) }

// Rules returns the rules in force, in words: "cut 1 2 → 3".
func (h *Host) Rules() (list []string) {
	for i := range h.rules {
		if r := &h.rules[i]; !r.over {
			list = append(list, fmt.Sprintf("%v %v → %v", r.rule.Kind, r.rule.From.Nodes, r.rule.To.Nodes))
		}
	}
	return list
}

// Ends returns when the rules in force will end, as the rules say; -1 for never.
func (h *Host) Ends() (list []int64) {
	for i := range h.rules {
		if r := &h.rules[i]; !r.over {
			list = append(list, r.rule.End)
		}
	}
	return list
}

// Strike lets each rule in force take effect once.
func (h *Host) Strike() {
	for i := range h.rules {
		if r := &h.rules[i]; !r.over {
			r.hits++
		}
	}
}

// T is a test that runs on the host, for functions that find it by host.Of.
type T struct {
	*testing.T
	Host *Host
}

// Samerun returns the host.
func (t T) Samerun() any { return t.Host }
