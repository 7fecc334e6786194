// Package wals has the power go while libraries of write-ahead logs keep batches: raft-wal and
// raft-boltdb of HashiCorp, and tidwall/wal.
package wals

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	raftboltdb "github.com/hashicorp/raft-boltdb/v2"
	raftwal "github.com/hashicorp/raft-wal"

	"stores/power"
)

// raftLog keeps a batch as entries of a log of raft, one for each key, stored in one call.
type raftLog struct {
	raft.LogStore
	io.Closer
}

// openRaftWAL opens raft-wal. With -tags bug its files are small, so that it goes on from one to the
// next: see the test.
func openRaftWAL(dir string) (power.Store, error) {
	segment := 256 << 10
	if power.Careless {
		segment = 8 << 10
	}
	l, err := raftwal.Open(dir, raftwal.WithSegmentSize(segment), raftwal.WithLogger(hclog.NewNullLogger()))
	return raftLog{l, l}, err
}

func openRaftBolt(noSync bool) power.Open {
	return func(dir string) (power.Store, error) {
		l, err := raftboltdb.New(raftboltdb.Options{Path: filepath.Join(dir, "raft.db"), NoSync: noSync})
		return raftLog{l, l}, err
	}
}

func (l raftLog) Keep(b power.Batch) error {
	last, err := l.LastIndex()
	if err != nil {
		return err
	}
	var entries []*raft.Log
	for i, k := range b.Keys {
		last++
		entries = append(entries, &raft.Log{Index: last, Term: 1, Data: []byte(k + "=" + b.Values[i])})
	}
	return l.StoreLogs(entries)
}

func (l raftLog) All() (map[string]string, error) {
	first, err := l.FirstIndex()
	if err != nil {
		return nil, err
	}
	last, err := l.LastIndex()
	if err != nil {
		return nil, err
	}
	all := make(map[string]string)
	for i := first; i != 0 && i <= last; i++ {
		var entry raft.Log
		if err := l.GetLog(i, &entry); err != nil {
			return nil, fmt.Errorf("entry %d of %d to %d: %w", i, first, last, err)
		}
		k, v, _ := strings.Cut(string(entry.Data), "=")
		all[k] = v
	}
	return all, nil
}
