package kvraft

import (
	"fmt"
	"math/rand"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// mix is what befalls the servers of a test while clients append to keys of their own
// and to one that all share.
type mix struct {
	what       string
	clients    int
	servers    int
	unreliable bool
	partitions bool
	crashes    bool
	maxState   int
}

// run runs two rounds of it. At the end of each all is well again, and each client's key
// has what the client has appended, once and in order.
func (m mix) run(t *testing.T) {
	cfg := makeConfig(t, m.servers, m.unreliable, m.maxState)
	cfg.begin("Test: " + m.what)
	h := newHistory()
	clerks, done := make([]*Clerk, m.clients), make([]int, m.clients)
	for i := range clerks {
		clerks[i] = cfg.makeClient(cfg.all())
		h.do(i, clerks[i], Put, fmt.Sprint("key ", i), "")
	}
	for range 2 {
		var stop atomic.Bool
		var clients, trouble sync.WaitGroup
		for i, ck := range clerks {
			clients.Add(1)
			go func() {
				defer clients.Done()
				for !stop.Load() {
					m.step(cfg, h, i, ck, &done[i])
				}
			}()
		}
		if m.partitions {
			trouble.Add(1)
			go func() {
				defer trouble.Done()
				cfg.repartition(&stop)
			}()
		}
		time.Sleep(2 * time.Second)
		stop.Store(true)
		trouble.Wait()
		if m.partitions {
			cfg.partition(cfg.all(), nil) // clients can finish now
		}
		clients.Wait()
		if m.crashes {
			for i := range m.servers {
				cfg.shutdown(i)
			}
			time.Sleep(200 * time.Millisecond)
			for i := range m.servers {
				cfg.boot(i)
			}
			cfg.partition(cfg.all(), nil)
		}
		for i, ck := range clerks {
			check(t, h.do(i, ck, Get, fmt.Sprint("key ", i), ""), i, done[i])
		}
	}
	if m.maxState > 0 {
		if size := cfg.stateSize(); size > 8*m.maxState {
			t.Errorf("the state of a server has %d bytes, with snapshots after %d", size, m.maxState)
		}
	}
	h.check(t)
	cfg.end()
}

// step is what a client does next.
func (m mix) step(cfg *config, h *history, i int, ck *Clerk, done *int) {
	cfg.op()
	switch rand.Intn(4) {
	case 0:
		h.do(i, ck, Append, "shared", fmt.Sprintf("%d,", i))
	case 1:
		h.do(i, ck, Get, "shared", "")
	default:
		h.do(i, ck, Append, fmt.Sprint("key ", i), word(i, *done))
		*done++
	}
	time.Sleep(time.Duration(10+rand.Intn(80)) * time.Millisecond)
}

func word(client, n int) string { return fmt.Sprintf("<%d %d>", client, n) }

// check says what a value lacks, or has twice, of the n additions of one client.
func check(t *testing.T, value string, client, n int) {
	var b strings.Builder
	for i := range n {
		b.WriteString(word(client, i))
	}
	if want := b.String(); value != want {
		t.Errorf("client %d has appended %s, and finds %s", client, want, value)
	}
}

// repartition divides the servers anew again and again.
func (cfg *config) repartition(stop *atomic.Bool) {
	for !stop.Load() {
		var sides [2][]int
		for _, i := range cfg.all() {
			n := rand.Intn(2)
			sides[n] = append(sides[n], i)
		}
		cfg.partition(sides[0], sides[1])
		time.Sleep(400*time.Millisecond + time.Duration(rand.Intn(400))*time.Millisecond)
	}
}

func TestBasic4A(t *testing.T) {
	mix{what: "one client", clients: 1, servers: 5, maxState: -1}.run(t)
}

func TestConcurrent4A(t *testing.T) {
	mix{what: "many clients", clients: 5, servers: 5, maxState: -1}.run(t)
}

func TestUnreliable4A(t *testing.T) {
	mix{what: "unreliable net, many clients", clients: 5, servers: 5, unreliable: true, maxState: -1}.run(t)
}

func TestManyPartitions4A(t *testing.T) {
	mix{what: "partitions, many clients", clients: 5, servers: 5, partitions: true, maxState: -1}.run(t)
}

func TestPersist4A(t *testing.T) {
	mix{what: "restarts, many clients", clients: 5, servers: 5, crashes: true, maxState: -1}.run(t)
}

func TestPersistPartitionUnreliable4A(t *testing.T) {
	mix{what: "unreliable net, restarts, partitions", clients: 5, servers: 7, unreliable: true, partitions: true, crashes: true, maxState: -1}.run(t)
}

func TestSnapshotRecover4B(t *testing.T) {
	mix{what: "restarts, snapshots", clients: 5, servers: 3, crashes: true, maxState: 1000}.run(t)
}

func TestSnapshotAll4B(t *testing.T) {
	mix{what: "unreliable net, restarts, partitions, snapshots", clients: 5, servers: 5, unreliable: true, partitions: true, crashes: true, maxState: 1000}.run(t)
}

// A leader in the minority does nothing, the majority goes on, and when all are together
// again, the requests of those who asked the minority are done.
func TestOnePartition4A(t *testing.T) {
	cfg := makeConfig(t, 5, false, -1)
	cfg.begin("Test: progress in the majority only")
	ck := cfg.makeClient(cfg.all())
	ck.Put("k", "13")
	leader, ok := cfg.leader()
	if !ok {
		t.Fatal("a value is written, and nobody leads")
	}
	minority := []int{leader, (leader + 1) % 5}
	majority := []int{(leader + 2) % 5, (leader + 3) % 5, (leader + 4) % 5}
	cfg.partition(majority, minority)
	left, putter, getter := cfg.makeClient(majority), cfg.makeClient(minority), cfg.makeClient(minority)
	left.Put("k", "14")
	done := make(chan string, 2)
	go func() {
		putter.Put("k", "15")
		done <- "put"
	}()
	go func() {
		getter.Get("k")
		done <- "get"
	}()
	select {
	case what := <-done:
		t.Fatalf("a %s is done in the minority", what)
	case <-time.After(time.Second):
	}
	if v := left.Get("k"); v != "14" {
		t.Errorf("the majority has %q, want 14", v)
	}
	cfg.partition(cfg.all(), nil)
	for _, waiting := range []*Clerk{putter, getter, ck} {
		cfg.connectClient(waiting, cfg.all())
	}
	for range 2 {
		select {
		case <-done:
		case <-time.After(30 * time.Second):
			t.Fatal("a request of the minority is not done when all are together again")
		}
	}
	if v := ck.Get("k"); v != "15" {
		t.Errorf("the value is %q, want 15", v)
	}
	cfg.end()
}

// Clients that reach nobody go on asking when the test has ended.
func TestLeftAlone4A(t *testing.T) {
	cfg := makeConfig(t, 3, false, -1)
	cfg.begin("Test: clients that are cut off")
	ck := cfg.makeClient(cfg.all())
	ck.Put("k", "here")
	for range 3 {
		alone := cfg.makeClient(nil)
		go alone.Append("k", ", and there")
	}
	time.Sleep(time.Second)
	if v := ck.Get("k"); v != "here" {
		t.Errorf("the value is %q", v)
	}
	cfg.end()
}

// Values that are written over again and again do not make a snapshot grow.
func TestSnapshotSize4B(t *testing.T) {
	const maxState, maxSnapshot = 1000, 800
	cfg := makeConfig(t, 3, false, maxState)
	cfg.begin("Test: snapshots are small")
	ck := cfg.makeClient(cfg.all())
	for i := range 100 {
		ck.Put("k", fmt.Sprint(i))
		cfg.op()
	}
	if size := cfg.snapshotSize(); size == 0 || size > maxSnapshot {
		t.Errorf("a snapshot of one small value has %d bytes", size)
	}
	if size := cfg.stateSize(); size > 8*maxState {
		t.Errorf("the state of a server has %d bytes", size)
	}
	cfg.end()
}
