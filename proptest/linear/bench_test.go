package linear

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// large is a history of 10,000 operations on one key, queue, lock or log, which is
// the hardest way to spread them. One in a hundred is never answered.
type large struct {
	name  string
	check func(h any) error
	make  func(r *rand.Rand, clients int) any
	spoil func(h any) // makes one late answer wrong
}

const (
	largeOperations = 10_000
	largeLost       = 1 // percent
)

func larges() []large {
	return []large{
		largeOf("register", Register(), func(r *rand.Rand, clients int) *History[RegisterInput, RegisterOutput] {
			return registerHistory(r, clients, largeOperations, largeLost, 2)
		}, staleRead),
		largeOf("register with swaps", Register(), func(r *rand.Rand, clients int) *History[RegisterInput, RegisterOutput] {
			return registerHistory(r, clients, largeOperations, largeLost, 3)
		}, staleRead),
		largeOf("KV", KV(), func(r *rand.Rand, clients int) *History[KVInput, string] {
			return kvHistory(r, clients, largeOperations, largeLost, 1)
		}, staleGet),
		largeOf("queue", Queue(), func(r *rand.Rand, clients int) *History[QueueInput, QueueOutput] {
			return queueHistory(r, clients, largeOperations, largeLost)
		}, func(h *History[QueueInput, QueueOutput]) {
			swapLate(h, func(op *operation[QueueInput, QueueOutput]) bool { return op.out.OK })
		}),
		largeOf("lock", Lock(), func(r *rand.Rand, clients int) *History[LockInput, bool] {
			return lockHistory(r, clients, largeOperations, largeLost)
		}, func(h *History[LockInput, bool]) {
			// Somebody releases it who never had it: there is nothing less that fifty
			// unanswered operations of each owner do not explain.
			for i := 9_000; ; i++ {
				if op := &h.ops[i]; op.in.Op == LockRelease && op.state == answered && op.out {
					op.in.Owner = "nobody"
					return
				}
			}
		}),
		largeOf("log", Log(), func(r *rand.Rand, clients int) *History[LogInput, LogOutput] {
			return logHistory(r, clients, largeOperations, largeLost)
		}, func(h *History[LogInput, LogOutput]) {
			for i := 9_000; ; i++ {
				if op := &h.ops[i]; op.in.Op == LogRead && op.state == answered {
					op.out.Entries = op.out.Entries[:len(op.out.Entries)-20]
					return
				}
			}
		}),
	}
}

func largeOf[S, In, Out any](name string, m Model[S, In, Out], history func(*rand.Rand, int) *History[In, Out], spoil func(*History[In, Out])) large {
	return large{
		name:  name,
		check: func(h any) error { return Check(m, h.(*History[In, Out])) },
		make:  func(r *rand.Rand, clients int) any { return history(r, clients) },
		spoil: func(h any) { spoil(h.(*History[In, Out])) },
	}
}

// staleRead lets a late read see what another one saw long before.
func staleRead(h *History[RegisterInput, RegisterOutput]) {
	swapLate(h, func(op *operation[RegisterInput, RegisterOutput]) bool { return op.in.Op == RegisterRead })
}

func staleGet(h *History[KVInput, string]) {
	swapLate(h, func(op *operation[KVInput, string]) bool { return op.in.Op == KVGet && op.out != "" })
}

// swapLate exchanges the answers of two operations of a kind that are far apart.
func swapLate[In, Out any](h *History[In, Out], kind func(*operation[In, Out]) bool) {
	next := func(i int) int {
		for h.ops[i].state != answered || !kind(&h.ops[i]) {
			i++
		}
		return i
	}
	i := next(9_000)
	j := next(i + 200)
	h.ops[i].out, h.ops[j].out = h.ops[j].out, h.ops[i].out
}

// registerHistory is of a correct register; kinds is 3 with swaps, 2 without.
func registerHistory(r *rand.Rand, clients, operations, lost, kinds int) *History[RegisterInput, RegisterOutput] {
	n, last := 0, ""
	return simulate(r, clients, operations, lost, "",
		func() RegisterInput {
			n++
			return RegisterInput{Op: RegisterOp(r.IntN(kinds)), Value: fmt.Sprint(n), Old: last}
		},
		func(s string, in RegisterInput) (string, RegisterOutput) {
			out := RegisterOutput{Value: s, Swapped: s == in.Old}
			if in.Op == RegisterWrite || in.Op == RegisterSwap && out.Swapped {
				s = in.Value
			}
			last = s
			return s, out
		})
}

// lockHistory is of a correct lock; each client is an owner that releases with luck.
func lockHistory(r *rand.Rand, clients, operations, lost int) *History[LockInput, bool] {
	return simulate(r, clients, operations, lost, "",
		func() LockInput {
			return LockInput{Op: LockOp(r.IntN(2)), Owner: fmt.Sprint("owner", r.IntN(clients))}
		},
		func(holder string, in LockInput) (string, bool) {
			switch {
			case in.Op == LockAcquire && (holder == "" || holder == in.Owner):
				return in.Owner, true
			case in.Op == LockRelease && holder == in.Owner:
				return "", true
			}
			return holder, false
		})
}

// Large histories with unknown outcomes are decided, right or wrong.
func TestLargeHistoriesOfAllModels(t *testing.T) {
	for _, l := range larges() {
		t.Run(l.name, func(t *testing.T) {
			h := l.make(rand.New(rand.NewPCG(1, 6)), 5)
			isLinearizable(t, l.check(h), true)
			l.spoil(h)
			isLinearizable(t, l.check(h), false)
		})
	}
}

func BenchmarkLarge(b *testing.B) {
	for _, l := range larges() {
		for _, clients := range []int{5, 10} {
			for _, right := range []bool{true, false} {
				b.Run(fmt.Sprintf("%s/clients=%d/right=%v", l.name, clients, right), func(b *testing.B) {
					h := l.make(rand.New(rand.NewPCG(1, 6)), clients)
					if !right {
						l.spoil(h)
					}
					for b.Loop() {
						err := l.check(h)
						if errors.As(err, new(*UndecidedError)) || (err == nil) != right {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
