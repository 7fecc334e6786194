package testproc

import (
	"path/filepath"
	"strconv"
	"sync/atomic"
)

// Files hands out names in a folder. It is safe for concurrent use.
type Files struct {
	Dir string
	n   atomic.Int64
}

// Next returns a name, with this ending, that no other call returns.
func (t *Files) Next(suffix string) string {
	return filepath.Join(t.Dir, strconv.FormatInt(t.n.Add(1), 10)+suffix)
}
