// Package shared has variables, and says nothing of nodes.
package shared

import (
	"container/list"
	"math/rand"
	"sync"
	"sync/atomic"
	"time"
)

// Two nodes write these, or what they lead to.
var (
	counter  int
	leader   string
	ready    atomic.Bool
	table    = make(map[string]int)
	many     = make(map[int]int)
	row      = []int{1, 2, 3}
	registry = &directory{names: make(map[string]string)}
	stored   any
	keeper   interface{ keep(string, int) }
	queue    = make(chan int, 4)
	lock     sync.Mutex
	group    sync.WaitGroup
	entries  sync.Map
	head     atomic.Pointer[directory]
	chain    = list.New()
	dice     = rand.New(rand.NewSource(1))
	nested   [2]struct {
		inner [2]*directory
	}
)

// Nobody does that with these, though there is much that looks like it.
var (
	untouched  = 7
	early      int
	lonely     int
	seats      [8]bool
	desks      = make([]uint16, 8)
	own        = map[string]*directory{"n1": {}, "n2": {}}
	testsOwn   int
	restored   int
	limit      = 3 * time.Second
	closed     = func() int { return untouched }
	unused     *directory
	start      = time.Now()
	background sync.Once
)

// huge is more than is watched.
var huge [20000]int

type directory struct {
	mu    sync.RWMutex
	names map[string]string
	n     int
}

func (d *directory) keep(name string, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n += n
}

func init() {
	early = 5
	stored = &directory{}
	keeper = &directory{}
	head.Store(&directory{})
	entries.Store("key", 0)
	nested[1].inner[1] = &directory{}
	for i := range 1000 {
		many[i] = i
	}
}

// serve is what each server does: the i-th of them.
func serve(name string, i int) {
	for n := range 3 {
		counter++
		leader = name
		ready.Store(!ready.Load())
		table[name]++
		many[500]++
		row[1]++
		registry.mu.Lock()
		registry.names["leader"] = name
		registry.mu.Unlock()
		stored.(*directory).n++
		keeper.keep(name, n+1)
		queue <- n
		<-queue
		lock.Lock()
		lock.Unlock()
		group.Add(1)
		group.Done()
		entries.Store("key", name)
		head.Load().n++
		chain.PushBack(name)
		dice.Int()
		nested[1].inner[1].n++

		seats[i] = !seats[i]
		desks[i]++
		own[name].n++
		if i == 1 {
			lonely++
		}
		restored++
		restored--
		huge[0]++
		time.Sleep(time.Second)
	}
}
