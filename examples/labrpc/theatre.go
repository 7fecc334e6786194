package main

import "sync"

// BookArgs asks for a seat, by its number from 0.
type BookArgs struct {
	Guest string
	Seat  int
}

// BookReply says whether the guest has it now. If not, another one has, or there is none.
type BookReply struct{ Yours bool }

// Theatre is the service.
//
// Invariant: seats[i] is who has seat i, empty for nobody.
type Theatre struct {
	mu    sync.Mutex
	seats []string
}

// NewTheatre returns one with so many seats, all of them free.
func NewTheatre(seats int) *Theatre { return &Theatre{seats: make([]string, seats)} }

// Book is called over the network. To ask again for what one has is no mistake.
func (t *Theatre) Book(args *BookArgs, reply *BookReply) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if args.Seat < 0 || args.Seat >= len(t.seats) {
		return
	}
	if t.seats[args.Seat] == "" {
		t.seats[args.Seat] = args.Guest
	}
	reply.Yours = t.seats[args.Seat] == args.Guest
}

// Twice returns a guest who has two seats, or nothing if nobody has.
func (t *Theatre) Twice() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := make(map[string]bool)
	for _, guest := range t.seats {
		if guest != "" && seen[guest] {
			return guest
		}
		seen[guest] = true
	}
	return ""
}
