package mutate

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
)

// Table is what was found last of each mutation: the test that noticed it, or an
// empty text. A mutation that has been edited is another one, and not in it.
type Table map[identity]string

// identity tells mutations apart by name and by what they do.
type identity struct {
	name string // with the area
	hash string
}

func (m Mutation) identity() identity {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q%q%q", m.File, m.Before, m.After)
	return identity{m.String(), fmt.Sprintf("%016x", h.Sum64())}
}

// row is how a table is kept in a file.
type row struct{ Mutation, Hash, By string }

// ReadTable reads a table; a file that is not there yet is an empty one.
func ReadTable(file string) (Table, error) {
	t := Table{}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	var rows []row
	if err := json.Unmarshal(data, &rows); err != nil {
		return nil, fmt.Errorf("%s cannot be read, though the command wrote it; take the version of the last commit: %w", file, err)
	}
	for _, r := range rows {
		t[identity{r.Mutation, r.Hash}] = r.By
	}
	return t, nil
}

// Write writes what the table has of the mutations of a list, in their order.
func (t Table) Write(file string, list []Mutation) error {
	rows := []row{}
	for _, m := range list {
		if by, ok := t[m.identity()]; ok && m.Equivalent == "" {
			rows = append(rows, row{m.String(), m.identity().hash, by})
		}
	}
	data, err := json.MarshalIndent(rows, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// Add takes up results; those that are errors take out what was known.
func (t Table) Add(results []Result) {
	for _, r := range results {
		if delete(t, r.identity()); r.Err == nil {
			t[r.identity()] = r.By
		}
	}
}

// Results is what the table knows of the mutations of a list that are not equivalent.
// Those that were never tried count as errors.
func (t Table) Results(list []Mutation) []Result {
	var all []Result
	for _, m := range list {
		if m.Equivalent != "" {
			continue
		}
		by, ok := t[m.identity()]
		r := Result{Mutation: m, Noticed: by != "", By: by}
		if !ok {
			r.Err = fmt.Errorf("%s was not tried yet", m)
		}
		all = append(all, r)
	}
	return all
}
