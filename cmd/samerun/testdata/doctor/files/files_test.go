package files

import (
	"os"
	"testing"
	"time"
)

// TestFile waits for as long as an earlier run has left word to.
func TestFile(t *testing.T) {
	const name = "state.tmp"
	if _, err := os.Stat(name); err == nil {
		time.Sleep(time.Minute)
	}
	time.Sleep(time.Second)
	if err := os.WriteFile(name, nil, 0o666); err != nil {
		t.Fatal(err)
	}
}
