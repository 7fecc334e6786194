package hashiraft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/hashicorp/raft"

	"samerun/sim"
)

// store is what a server has on its disk: its log, its term and vote, and its last snapshot.
// Everything is saved by the node, so that a new incarnation finds what the old one wrote. It
// has no lock: one that a crash left locked would never be given back.
type store struct{ node *sim.Node }

var (
	errNotFound = errors.New("not found") // the library compares the text

	_ raft.LogStore      = store{}
	_ raft.StableStore   = store{}
	_ raft.SnapshotStore = store{}
)

func (s store) Set(key, value []byte) error {
	s.node.Save("stable/"+string(key), value)
	return nil
}

func (s store) Get(key []byte) ([]byte, error) {
	if value := s.node.Load("stable/" + string(key)); value != nil {
		return value, nil
	}
	return nil, errNotFound
}

func (s store) SetUint64(key []byte, value uint64) error {
	return s.Set(key, strconv.AppendUint(nil, value, 10))
}

func (s store) GetUint64(key []byte) (uint64, error) {
	text, err := s.Get(key)
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(string(text), 10, 64)
}

// bounds are the first and the last index of the log, both 0 if it is empty.
type bounds struct{ First, Last uint64 }

func (s store) bounds() (b bounds, err error) {
	if text := s.node.Load("bounds"); text != nil {
		err = json.Unmarshal(text, &b)
	}
	return b, err
}

func (s store) setBounds(b bounds) error {
	text, err := json.Marshal(b)
	if err == nil {
		s.node.Save("bounds", text)
	}
	return err
}

func (s store) FirstIndex() (uint64, error) {
	b, err := s.bounds()
	return b.First, err
}

func (s store) LastIndex() (uint64, error) {
	b, err := s.bounds()
	return b.Last, err
}

func entry(index uint64) string { return fmt.Sprintf("log/%d", index) }

func (s store) GetLog(index uint64, l *raft.Log) error {
	text := s.node.Load(entry(index))
	if text == nil {
		return raft.ErrLogNotFound
	}
	return json.Unmarshal(text, l)
}

func (s store) StoreLog(l *raft.Log) error { return s.StoreLogs([]*raft.Log{l}) }

// StoreLogs writes the entries first, and then says how far the log goes: a crash in between
// leaves it as it was.
func (s store) StoreLogs(logs []*raft.Log) error {
	b, err := s.bounds()
	if err != nil {
		return err
	}
	for _, l := range logs {
		text, err := json.Marshal(l)
		if err != nil {
			return err
		}
		s.node.Save(entry(l.Index), text)
		if b.First == 0 {
			b.First = l.Index
		}
		b.Last = max(b.Last, l.Index)
	}
	return s.setBounds(b)
}

// DeleteRange takes entries away from the beginning or from the end.
func (s store) DeleteRange(first, last uint64) error {
	b, err := s.bounds()
	if err != nil {
		return err
	}
	old := b
	if first <= b.First {
		b.First = last + 1
	}
	if last >= b.Last {
		b.Last = first - 1
	}
	if b.First > b.Last {
		b = bounds{}
	}
	if err := s.setBounds(b); err != nil {
		return err
	}
	for i := max(first, old.First); i <= min(last, old.Last); i++ {
		s.node.Save(entry(i), nil)
	}
	return nil
}

// saved is a snapshot on the disk.
type saved struct {
	Meta raft.SnapshotMeta
	Data []byte
}

func (s store) Create(v raft.SnapshotVersion, index, term uint64, c raft.Configuration, at uint64, _ raft.Transport) (raft.SnapshotSink, error) {
	id := fmt.Sprintf("%d-%d", term, index)
	return &sink{disk: s, meta: raft.SnapshotMeta{Version: v, ID: id, Index: index, Term: term, Configuration: c, ConfigurationIndex: at}}, nil
}

func (s store) last() (*saved, error) {
	text := s.node.Load("snapshot")
	if text == nil {
		return nil, nil
	}
	last := new(saved)
	return last, json.Unmarshal(text, last)
}

func (s store) List() ([]*raft.SnapshotMeta, error) {
	last, err := s.last()
	if last == nil || err != nil {
		return nil, err
	}
	return []*raft.SnapshotMeta{&last.Meta}, nil
}

func (s store) Open(id string) (*raft.SnapshotMeta, io.ReadCloser, error) {
	last, err := s.last()
	if err != nil {
		return nil, nil, err
	}
	if last == nil || last.Meta.ID != id {
		return nil, nil, fmt.Errorf("there is no snapshot %s", id)
	}
	return &last.Meta, io.NopCloser(bytes.NewReader(last.Data)), nil
}

// sink is a snapshot on its way to the disk, where it is as a whole or not at all.
type sink struct {
	disk store
	meta raft.SnapshotMeta
	data bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) { return s.data.Write(p) }
func (s *sink) ID() string                  { return s.meta.ID }
func (s *sink) Cancel() error               { return nil }

func (s *sink) Close() error {
	s.meta.Size = int64(s.data.Len())
	text, err := json.Marshal(saved{s.meta, s.data.Bytes()})
	if err == nil {
		s.disk.node.Save("snapshot", text)
	}
	return err
}
