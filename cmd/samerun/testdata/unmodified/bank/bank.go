// Package bank moves money between accounts, and loses some once in a while.
package bank

import (
	"sync"
	"time"
)

// Bank is accounts behind one lock.
type Bank struct {
	mu       sync.Mutex
	accounts map[string]int
}

// Move takes amount from one account to another. It forgets that the lock was
// free for a moment: a planted bug.
func (b *Bank) Move(from, to string, amount int) bool {
	b.mu.Lock()
	have := b.accounts[from]
	b.mu.Unlock()
	if have < amount {
		return false
	}
	time.Sleep(time.Millisecond) // the auditor looks at it
	b.mu.Lock()
	defer b.mu.Unlock()
	b.accounts[from] = have - amount
	b.accounts[to] += amount
	return true
}
