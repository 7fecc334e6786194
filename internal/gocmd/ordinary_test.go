package gocmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Packages whose tests use samerun/sim, if only by way of another package, are
// run as ever; not so if that is samerun/labrpc, which ordinary Go may use.
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
		{"auto", "./labrpc ./examples/counter ./examples/raft", ""},
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

// The way to samerun/sim counts, and the tests of samerun/labrpc itself go it themselves.
func TestReaches(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module lab\n\ngo 1.25.0\n\nrequire samerun v0.0.0\n\nreplace samerun => " + root + "\n",
		"lab/lab.go":       "package lab\n\nimport _ \"samerun/labrpc\"\n",
		"lab/lab_test.go":  "package lab\n",
		"used/u_test.go":   "package used\n\nimport _ \"lab/lab\"\n",
		"plain/p_test.go":  "package plain\n",
		"world/w.go":       "package world\n\nimport _ \"samerun/sim\"\n",
		"mixed/m_test.go":  "package mixed\n\nimport (\n\t_ \"lab/lab\"\n\t_ \"lab/world\"\n)\n",
		"xtest/x.go":       "package xtest\n",
		"xtest/x_test.go":  "package xtest_test\n\nimport (\n\t_ \"lab/lab\"\n\t_ \"samerun/sim\"\n)\n",
		"broken/b_test.go": "package broken\n\nimport (\n\t_ \"lab/lab\"\n\t_ \"lab/nowhere\"\n)\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	c := &Caller{Dir: dir, Environ: os.Environ()}
	list, err := c.List(t.Context(), &Build{}, []string{"./..."})
	if err != nil {
		t.Fatal(err)
	}
	var ordinary []string
	for _, p := range Ready(Ordinary(list.Packages, "auto")) {
		ordinary = append(ordinary, p.Path)
	}
	if got, want := strings.Join(ordinary, " "), "lab/lab lab/plain lab/used"; got != want {
		t.Errorf("ordinary are %s, want %s", got, want)
	}
}
