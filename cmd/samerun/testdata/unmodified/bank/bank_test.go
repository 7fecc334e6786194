package bank

import (
	"math/rand"
	"sync"
	"testing"
	"time"
)

// started tells whether another run has been in this process.
var started bool

func TestFresh(t *testing.T) {
	if started {
		t.Error("a variable of the package has the value of another seed")
	}
	started = true
}

func TestMoves(t *testing.T) {
	b := &Bank{accounts: map[string]int{"ann": 1000, "bob": 1000, "eve": 1000}}
	names := []string{"ann", "bob", "eve"}
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(rand.Intn(100)) * time.Millisecond)
			from := rand.Intn(3)
			b.Move(names[from], names[(from+1)%3], 1+rand.Intn(9))
		}()
	}
	wg.Wait()
	sum := 0
	for _, have := range b.accounts {
		sum += have
	}
	if sum != 3000 {
		t.Errorf("the bank has %d, want 3000", sum)
	}
}
