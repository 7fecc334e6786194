package folder

import (
	"hash/fnv"
	"testing"
	"time"
)

// TestFolder waits for a time that is made of the name of its folder.
func TestFolder(t *testing.T) {
	h := fnv.New32()
	h.Write([]byte(t.TempDir()))
	time.Sleep(time.Duration(h.Sum32()))
}
