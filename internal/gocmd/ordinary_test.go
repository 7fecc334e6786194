package gocmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Packages whose tests use samerun/sim, if only by way of another package, are
// run as ever.
func TestSplitPackages(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	c := &Caller{Dir: root, Environ: os.Environ()}
	for _, tt := range []struct{ choice, packages, want string }{
		{"auto", "./examples/counter ./internal/seeds ./labrpc/labgob", "samerun/internal/seeds samerun/labrpc/labgob"},
		{"auto", "./examples/counter", ""},
		{"auto", "./internal/seeds", "samerun/internal/seeds"},
		{"off", "./internal/seeds ./examples/counter", ""},
		{"on", "./internal/seeds ./examples/counter", "samerun/internal/seeds samerun/examples/counter"},
	} {
		list, err := c.List(t.Context(), &Build{}, strings.Fields(tt.packages))
		var got []string
		if err == nil {
			for _, p := range Ordinary(list.Packages, tt.choice) {
				got = append(got, p.Path)
			}
		}
		if err != nil || strings.Join(got, " ") != tt.want {
			t.Errorf("%s %s: %v, %v; want %s", tt.choice, tt.packages, got, err, tt.want)
		}
	}
}
