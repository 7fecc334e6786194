package main

import "sync"

// Sale is some pieces at a price. Its ID is the same whenever it is asked for again, and no
// other sale has it.
type Sale struct {
	ID            string
	Price, Pieces int
}

// Till is the service. Its zero value is an empty till.
//
// Invariant: total is the sum of the amounts in entered.
type Till struct {
	mu      sync.Mutex
	total   int
	entered map[string]int // the amounts of sales, by ID
}

// Sell enters a sale, if it is a new one, and returns its amount.
func (t *Till) Sell(sale *Sale, amount *int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	*amount = sale.Price * sale.Pieces
	if _, known := t.entered[sale.ID]; known {
		return nil
	}
	if t.entered == nil {
		t.entered = make(map[string]int)
	}
	t.entered[sale.ID] = *amount
	t.total += *amount
	return nil
}

// Total returns the sum of all sales.
func (t *Till) Total(_ *struct{}, total *int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	*total = t.total
	return nil
}
