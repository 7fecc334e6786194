package wire

import (
	"os"
	"strings"
	"testing"
)

// Nothing that a person sets by accident, or that the tool has left, is a token.
func TestToken(t *testing.T) {
	folder := t.TempDir()
	path, err := NewToken(folder)
	if err != nil {
		t.Fatal(err)
	}
	if set, err := CheckToken(List, path); !set || err != nil {
		t.Errorf("%t, %v", set, err)
	}
	if set, err := CheckToken(List, ""); set || err != nil {
		t.Errorf("%t, %v", set, err)
	}
	for _, value := range []string{"0", "1", "false", "true", folder, path + "x", os.Args[0]} {
		if set, err := CheckToken(Trials, value); set || err == nil || !strings.HasPrefix(err.Error(), "SAMERUN_TRIALS is ") {
			t.Errorf("%s: %t, %v", value, set, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if set, err := CheckToken(List, path); set || err == nil {
		t.Errorf("a token that is gone: %t, %v", set, err)
	}
}
