package main

import (
	"strings"
	"testing"
)

func TestSelfCommand(t *testing.T) {
	for arg0, want := range map[string]string{
		"samerun":      "samerun",
		"./bin/my sim": "'./bin/my sim'",
	} {
		if got := selfCommand(arg0); got != want {
			t.Errorf("%q: %q, want %q", arg0, got, want)
		}
	}
	// Under the go command the name is that of this program's package.
	if got := selfCommand("/tmp/go-build123/b001/exe/samerun"); !strings.HasPrefix(got, "go run samerun/cmd/samerun") {
		t.Errorf("under go run: %q", got)
	}
}
