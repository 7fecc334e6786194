package wals

import (
	"bytes"
	"encoding/gob"

	"github.com/tidwall/wal"

	"stores/power"
)

// tidwall keeps a batch as one entry: the library does not promise that several are written
// together.
type tidwall struct{ *wal.Log }

func openTidwall(noSync bool) power.Open {
	return func(dir string) (power.Store, error) {
		l, err := wal.Open(dir, &wal.Options{NoSync: noSync, SegmentSize: 8 << 10})
		return tidwall{l}, err
	}
}

func (l tidwall) Keep(b power.Batch) error {
	last, err := l.LastIndex()
	if err != nil {
		return err
	}
	var entry bytes.Buffer
	if err := gob.NewEncoder(&entry).Encode(b); err != nil {
		return err
	}
	return l.Write(last+1, entry.Bytes())
}

func (l tidwall) All() (map[string]string, error) {
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
		entry, err := l.Read(i)
		if err != nil {
			return nil, err
		}
		var b power.Batch
		if err := gob.NewDecoder(bytes.NewReader(entry)).Decode(&b); err != nil {
			return nil, err
		}
		for i, k := range b.Keys {
			all[k] = b.Values[i]
		}
	}
	return all, nil
}
