package power

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// fate is what is known of a batch.
type fate uint8

const (
	unknown fate = iota // it was asked for; it may be there or not
	kept                // it was acknowledged, or seen after a start
	gone                // it was not there after a start
)

// model is what must be in the store.
type model struct {
	batches map[int]Batch
	fates   map[int]fate
}

func newModel() *model { return &model{make(map[int]Batch), make(map[int]fate)} }

// begin is called when the store is about to be given a batch.
func (m *model) begin(n int, b Batch) { m.batches[n] = b }

// acknowledged is called when the store has said that it keeps it.
func (m *model) acknowledged(n int) { m.fates[n] = kept }

// check compares what is in the store with what must be, and takes note of what is found.
func (m *model) check(all map[string]string) error {
	rest, last := maps.Clone(all), ""
	for _, n := range slices.Sorted(maps.Keys(m.batches)) {
		there, err := m.look(n, rest)
		if err != nil {
			return err
		}
		switch f := m.fates[n]; {
		case f == kept && !there:
			return fmt.Errorf("batch %d was acknowledged, or seen since, and is lost", n)
		case f == gone && there:
			return fmt.Errorf("batch %d was not there after a start, and is there now", n)
		}
		m.fates[n] = gone
		if there {
			m.fates[n], last = kept, strconv.Itoa(n)
		}
	}
	if rest["last"] != last {
		return fmt.Errorf("the last batch is %q, and the key \"last\" says %q", last, rest["last"])
	}
	delete(rest, "last")
	for _, k := range slices.Sorted(maps.Keys(rest)) {
		return fmt.Errorf("nobody wrote the key %q", k)
	}
	return nil
}

// look says whether batch n is there, and takes it out of what is to be explained.
func (m *model) look(n int, rest map[string]string) (bool, error) {
	b, found := m.batches[n], 0
	keys := b.Keys[:len(b.Keys)-1] // without "last"
	for i, k := range keys {
		v, ok := rest[k]
		if !ok {
			continue
		}
		if v != b.Values[i] {
			return false, fmt.Errorf("the key %q has a value that nobody wrote: %.40q, of %d bytes", k, v, len(v))
		}
		found++
		delete(rest, k)
	}
	if found != 0 && found != len(keys) {
		return false, fmt.Errorf("batch %d is there in part: %d keys of %d", n, found, len(keys))
	}
	return found != 0, nil
}
