package etcdraft

import (
	"testing"
	"time"

	"clusters/commands"
	"samerun/sim"
)

// Three servers: see commands.Check.
func TestThree(t *testing.T) { sim.Test(t, check("n1", "n2", "n3"), sim.Goroutines) }

// Five servers.
func TestFive(t *testing.T) { sim.Test(t, check("n1", "n2", "n3", "n4", "n5"), sim.Goroutines) }

func check(names ...string) func(*sim.World) {
	return func(w *sim.World) {
		servers := start(w, names, 50*time.Millisecond)
		commands.Check(w, names, func(i int) uint64 { return leads(servers[i]) })
	}
}

// start starts a server on each node.
func start(w *sim.World, names []string, tick time.Duration) (servers []*server) {
	for _, name := range names {
		node := w.Node(name)
		s := &server{node: node, tick: tick}
		servers = append(servers, s)
		node.Run(func() error { return s.serve(names) })
	}
	return servers
}

// leads is the term that a server leads, 0 for none.
func leads(s *server) uint64 {
	if s.incarnation == nil {
		return 0
	}
	return s.incarnation.leads
}

// A minute of three servers that have nothing to do, and nothing goes wrong, is what a world of
// them costs. They have the heartbeat of etcd: 100 ms.
func TestMinute(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		names := []string{"n1", "n2", "n3"}
		servers := start(w, names, 100*time.Millisecond)
		time.Sleep(time.Minute)
		if n := leaders(servers); n != 1 {
			w.Failf("%d servers lead after a minute", n)
		}
	}, sim.Goroutines)
}

func leaders(servers []*server) (n int) {
	for _, s := range servers {
		if leads(s) > 0 {
			n++
		}
	}
	return n
}

// The same as an unmodified test of three servers on the loopback: what it costs without nodes.
func TestMinuteWithoutNodes(t *testing.T) {
	names := []string{"127.0.0.1:8001", "127.0.0.1:8002", "127.0.0.1:8003"}
	var servers []*server
	for _, name := range names {
		s := &server{node: local{name, make(map[string][]byte)}, tick: 100 * time.Millisecond}
		servers = append(servers, s)
		go s.serve(names)
	}
	time.Sleep(time.Minute)
	if n := leaders(servers); n != 1 {
		t.Fatalf("%d servers lead after a minute", n)
	}
}

// local is a machine that is no node.
type local struct {
	name  string
	files map[string][]byte
}

func (l local) Name() string                  { return l.name }
func (l local) Load(name string) []byte       { return l.files[name] }
func (l local) Save(name string, data []byte) { l.files[name] = data }
