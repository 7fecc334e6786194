package main

import "strings"

// row is one line of the tables.
type row struct {
	Group  string // the table
	What   string
	Ours   side
	Theirs *side // nil if it stands for itself
	// Faster says that the ratio is how many times ours is faster; otherwise it is by how much
	// ours takes longer.
	Faster bool
	Goal   string // what the issue that this project is built from asks for; "" if nothing
	// Most and Least are the goal as a number, of the ratio or, if Absolute, of ours
	// in nanoseconds; 0 for none.
	Most, Least float64
	Absolute    bool
}

// side is one of the two that a row compares: what is run, and for how many units of work.
type side struct {
	Name  string  // of the other side, in the table
	Pkg   string  // of a benchmark
	Bench string  // its name, parts separated by /
	Prog  string  // or a folder with a test of ordinary Go, or the name of a way of meter
	Work  string  // what that one does
	Env   string  // and its environment
	N     int     // units of work
	Per   float64 // how much of such a unit the table tells; 1 if 0
	Unit  string  // or the metric of the benchmark that says what one takes in real time
	By    string  // the metric of ours that says how many units of theirs it is held against
}

func bench(pkg, name string, n int) side { return side{Pkg: pkg, Bench: name, N: n} }

func (s side) named(name string) *side { s.Name = name; return &s }

func (s side) per(n float64) side { s.Per = n; return s }

func (s side) unit(metric string) side { s.Unit = metric; return s }

func (s side) by(metric string) side { s.By = metric; return s }

// work is something that a test of ordinary Go does, under a seed or plainly.
func work(prog, name string, n int, env ...string) side {
	return side{Prog: prog, Work: name, N: n, Env: strings.Join(env, " ")}
}

const (
	tasks    = "Tasks"
	scale    = "Size"
	ordinary = "Ordinary Go"

	speedProg = "internal/overlay/testdata/speed"
	seeded    = "SAMERUN_SEED=1"
	bubble    = "SPEED_BUBBLE=1"
)

// rows are all lines, table by table.
func rows() []row {
	event := bench("./clock", "Event", 500_000)
	pull := bench("./sched", "RawPull", 500_000)
	message := bench("./sim", "Message", 200_000)
	list := []row{
		{Group: tasks, What: "an event: schedule and fire, 1,000 pending", Ours: event, Theirs: bench("./clock", "EventContainerHeap", 200_000).named("container/heap, boxed"), Faster: true},
		{Group: tasks, What: "two tasks that yield to each other, there and back", Ours: bench("./sched", "Yield/fifo", 300_000), Theirs: pull.named("bare iter.Pull"), Goal: "≤ 1.3 ×", Most: 1.3},
		{Group: tasks, What: "a value there and one back over two Chans", Ours: bench("./sched", "PingPong/random", 200_000), Theirs: bench("./sched", "GoroutinePingPong", 200_000).named("goroutines and channels"), Faster: true},
		{Group: tasks, What: "Lock and Unlock of a free Mutex", Ours: bench("./sched", "Mutex", 2_000_000), Theirs: bench("./sched", "SyncMutex", 2_000_000).named("sync.Mutex")},
		{Group: tasks, What: "POS among 100 ready tasks, a switch", Ours: bench("./sched", "Strategy/yield-among-100/pos", 2_000).unit("ns/switch"), Theirs: bench("./sched", "Strategy/yield-among-100/fifo", 2_000).unit("ns/switch").named("fifo"), Goal: "≤ 150 ns", Most: 150, Absolute: true},
		{Group: tasks, What: "a message from Send to Deliver, digest on", Ours: message, Theirs: event.named("a bare event")},
		{Group: tasks, What: "a labrpc call, struct arguments", Ours: bench("./labrpc", "Call", 50_000), Theirs: bench("./labrpc", "MITCall", 2_000).named("MIT's cost model"), Faster: true, Goal: "≥ 100 ×", Least: 100},
		{Group: tasks, What: "a labrpc call, int to string", Ours: bench("./labrpc", "CallSmall", 50_000), Theirs: bench("./labrpc", "MITSmall", 10_000).named("MIT's cost model"), Faster: true, Goal: "≥ 30 ×", Least: 30},
		{Group: tasks, What: "a labrpc call, encoded already", Ours: bench("./labrpc", "CallEncoded", 100_000), Theirs: message.per(2).named("two messages"), Goal: "≤ 300 ns", Most: 300, Absolute: true},
		{Group: tasks, What: "5-node Raft, 8 virtual seconds: election, partition, heal", Ours: bench("./examples/raft", "Seeds", 200).by("events/seed"), Theirs: event.named("as many bare events"), Goal: "≤ 400 µs (2,500 a second)", Most: 400_000, Absolute: true},
		{Group: tasks, What: "3-node Raft, 60 virtual seconds, heartbeats and faults", Ours: bench("./examples/raft", "ThreeNodes60s", 40).by("events/seed"), Theirs: event.named("as many bare events"), Goal: "< 4 ms", Most: 4e6, Absolute: true},
		{Group: tasks, What: "an idle virtual hour, 5 nodes, whole run", Ours: bench("./sim", "IdleHour", 5_000)},
	}
	small := bench("./sim", "Gossip/50", 200).per(1. / 50)
	for _, n := range []struct {
		text, bench string
		times       int
		nodes       float64
	}{{"1,000", "Gossip/1000", 10, 1000}, {"10,000", "Gossip/10000", 2, 10_000}} {
		r := row{Group: scale, What: "gossip, a node and its share, " + n.text + " nodes", Ours: bench("./sim", n.bench, n.times).per(1 / n.nodes), Theirs: small.named("of 50 nodes")}
		if n.nodes == 10_000 {
			r.Goal, r.Most, r.Absolute = "≤ 20 µs", 20_000, true
		}
		list = append(list, r)
	}
	list = append(list,
		row{Group: scale, What: "a message among 1,000,000 in flight", Ours: bench("./sim", "InFlight/1000000", 1_000_000), Theirs: bench("./sim", "InFlight/1000", 300_000).named("among 1,000")},
		row{Group: scale, What: "a sleep among 100,000 tasks that sleep", Ours: bench("./sim", "Sleepers/100000", 300_000), Theirs: bench("./sim", "Sleepers/100", 300_000).named("among 100")},
	)
	for _, w := range []struct{ what, work string }{
		{"100 bytes there and back over TCP", "pingpong"}, {"a call of net/rpc", "rpc"}, {"a request of net/http", "http"}, {"a datagram of 100 bytes there and back", "udp"},
	} {
		list = append(list, row{Group: ordinary, What: w.what, Ours: work(speedProg, w.work, 20_000, seeded), Theirs: work(speedProg, w.work, 20_000).named("loopback, plain Go")})
	}
	list = append(list,
		row{Group: ordinary, What: "a Raft message, encoded and decoded by a new gob codec each", Ours: work(speedProg, "gob", 10_000, seeded), Theirs: work(speedProg, "gob", 5_000).named("plain Go")},
		row{Group: ordinary, What: "a sleep", Ours: work(speedProg, "sleep", 200_000, seeded), Theirs: work(speedProg, "sleep", 200_000, bubble).named("testing/synctest"), Goal: "≤ 0.55 ×", Most: 0.55},
		row{Group: ordinary, What: "a value there and one back over two channels", Ours: work(speedProg, "channel", 200_000, seeded), Theirs: work(speedProg, "channel", 200_000, bubble).named("testing/synctest"), Goal: "≤ 0.92 ×", Most: 0.92},
		row{Group: ordinary, What: "Lock and Unlock, one goroutine", Ours: work(speedProg, "lock", 5_000_000, seeded), Theirs: work(speedProg, "lock", 5_000_000, bubble).named("testing/synctest"), Goal: "≤ 1.15 ×", Most: 1.15},
		row{Group: ordinary, What: "Lock and Unlock among 4 goroutines", Ours: work(speedProg, "contended", 2_000_000, seeded), Theirs: work(speedProg, "contended", 2_000_000, bubble).named("testing/synctest"), Goal: "≤ 2.0 ×", Most: 2},
		row{Group: ordinary, What: "a tiny test, a seed, the tool's share included", Ours: side{Prog: "sweep", N: 200, Work: "internal/seeds TestParse 1"}, Theirs: (side{Prog: "process", N: 100, Work: "internal/seeds TestParse"}).named("a process of plain Go"), Goal: "≤ 600 µs", Most: 600_000, Absolute: true},
		row{Group: ordinary, What: "28 lab tests, a seed", Ours: side{Prog: "suite", N: 2, Work: "examples/labs/raft"}, Goal: "≤ 380 ms", Most: 380e6, Absolute: true},
		row{Group: ordinary, What: "a suite of a replicated store, a seed", Ours: side{Prog: "suite", N: 2, Work: "examples/labs/kvraft"}, Goal: "≤ 10 s (the course's, 23 tests)", Most: 10e9, Absolute: true},
	)
	return list
}
