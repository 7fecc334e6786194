package hashiraft

import (
	"encoding/json"
	"io"
	"slices"
	"sync"

	"github.com/hashicorp/raft"
)

// history is a state machine that keeps every command, in order.
type history struct {
	mu       sync.Mutex
	list     []string
	restored bool // from a snapshot
}

func (h *history) Apply(l *raft.Log) any {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, string(l.Data))
	return len(h.list)
}

func (h *history) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.list)
}

func (h *history) Snapshot() (raft.FSMSnapshot, error) { return snapshot(h.all()), nil }

func (h *history) Restore(r io.ReadCloser) error {
	defer r.Close()
	var list []string
	if err := json.NewDecoder(r).Decode(&list); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list, h.restored = list, true
	return nil
}

// snapshot is a history at one time.
type snapshot []string

func (s snapshot) Persist(sink raft.SnapshotSink) error {
	if err := json.NewEncoder(sink).Encode([]string(s)); err != nil {
		sink.Cancel()
		return err
	}
	return sink.Close()
}

func (s snapshot) Release() {}
