// Desk hands out numbers to callers, each one once, and says how many it has handed out.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"sync"
)

var (
	callers = flag.Int("callers", 3, "how many ask for a number")
	careful = flag.Bool("careful", false, "look and count in one step")
)

type desk struct {
	mu   sync.Mutex
	next int
}

// take returns a number that nobody else has, if the desk is careful.
func (d *desk) take() int {
	d.mu.Lock()
	n := d.next
	if !*careful {
		d.mu.Unlock()
		d.mu.Lock()
	}
	d.next = n + 1
	d.mu.Unlock()
	return n
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	var d desk
	var wg sync.WaitGroup
	for range *callers {
		wg.Go(func() { d.take() })
	}
	wg.Wait()
	if d.next != *callers {
		log.Fatalf("%d callers have %d numbers", *callers, d.next)
	}
	fmt.Fprintln(os.Stdout, "all numbers are different", flag.Args())
}
