//go:build edited

package keys

import (
	"fmt"
	"math/rand"
	"os"
	"time"
)

func start(c *cluster) {
	// Function literals and wrappers, which take the numbers of those behind them.
	say := func(text string) { fmt.Fprintln(os.Stderr, text) }
	defer say("started")
	defer func() { say("really") }()
	metrics(c)
	c.done.Add(4)
	rand.Int()
	for i := range 3 {
		go c.worker(i)
	}
	small(func() { c.worker(3) })
}

// metrics starts others, some of which make draws of all kinds and take the lock.
func metrics(c *cluster) {
	for range 3 {
		c.done.Go(func() {
			for range 10 {
				c.add(rand.Intn(9))
				c.rounds(map[int]bool{1: true, 2: true, 3: true})
				time.Sleep(time.Millisecond)
			}
		})
	}
	time.AfterFunc(time.Millisecond, func() { rand.Int() })
	c.look()
}
