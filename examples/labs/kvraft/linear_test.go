package kvraft

import (
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// input and output are what a history has of an operation.
type input struct{ kind, key, value string }

// history is what all clients did, and when.
type history struct {
	mu    sync.Mutex
	start time.Time
	ops   []porcupine.Operation
}

func newHistory() *history { return &history{start: time.Now()} }

// do has a clerk do something, and writes it down.
func (h *history) do(client int, ck *Clerk, kind, key, value string) string {
	call := time.Since(h.start)
	out := ck.command(kind, key, value)
	back := time.Since(h.start)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: input{kind, key, value}, Call: int64(call), Output: out, Return: int64(back)})
	return out
}

// model is the service as it should be, one key at a time.
var model = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		var keys []string
		by := make(map[string][]porcupine.Operation)
		for _, op := range history {
			key := op.Input.(input).key
			if by[key] == nil {
				keys = append(keys, key)
			}
			by[key] = append(by[key], op)
		}
		var parts [][]porcupine.Operation
		for _, key := range keys {
			parts = append(parts, by[key])
		}
		return parts
	},
	Init: func() any { return "" },
	Step: func(state, in, out any) (bool, any) {
		switch in := in.(input); in.kind {
		case Put:
			return true, in.value
		case Append:
			return true, state.(string) + in.value
		}
		return out == state, state
	},
}

// check says whether the history is linearizable.
func (h *history) check(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch porcupine.CheckOperationsTimeout(model, h.ops, 10*time.Second) {
	case porcupine.Illegal:
		t.Errorf("the history of %d operations is not linearizable", len(h.ops))
	case porcupine.Unknown:
		t.Logf("whether the history of %d operations is linearizable cannot be said in time", len(h.ops))
	}
}
