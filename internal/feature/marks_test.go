package feature

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Each state has a branch, with a label of its own.
func TestBranches(t *testing.T) {
	data, err := os.ReadFile("branches.go")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for i := range branches {
		if strings.Count(text, fmt.Sprintf("\tcase %d:\n", i)) != 1 {
			t.Errorf("branches.go has no case %d, or several", i)
		}
	}
	if n := strings.Count(text, "case "); n != branches {
		t.Errorf("branches.go has %d cases; it should have %d", n, branches)
	}
	for i := range uint64(2 * branches) {
		Branch(i) // any state has one
	}
}
