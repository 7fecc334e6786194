package main

import (
	"path/filepath"
	"strconv"
	"sync/atomic"
)

// tempFiles hands out names in a folder. It is safe for concurrent use.
type tempFiles struct {
	dir string
	n   atomic.Int64
}

// next returns a name, with this ending, that no other call returns.
func (t *tempFiles) next(suffix string) string {
	return filepath.Join(t.dir, strconv.FormatInt(t.n.Add(1), 10)+suffix)
}
