package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/gocmd"
)

// A module that imports samerun and does not know where it is gets the lines that tell
// it, from whichever verb, whichever of its files imports it, and in each of the words
// that the go command has for it.
func TestInstallAdvice(t *testing.T) {
	const (
		test  = "package ping\n\nimport (\n\t\"testing\"\n\n\t_ \"samerun/sim\"\n)\n\nfunc TestPing(*testing.T) {}\n"
		plain = "package ping\n\nimport \"testing\"\n\nfunc TestPing(*testing.T) {}\n"
	)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		flags string
	}{
		{"a test", map[string]string{"ping_test.go": test}, ""},
		{"the code", map[string]string{"ping_test.go": plain, "ping.go": "package ping\n\nimport _ \"samerun/labrpc\"\n"}, ""},
		{"below", map[string]string{"ping_test.go": plain, "ping.go": "package ping\n\nimport _ \"example.com/ping/b\"\n", "b/b.go": "package b\n\nimport _ \"samerun/sched\"\n"}, ""},
		{"in the list", map[string]string{"ping_test.go": test}, "-mod=mod"},
		{"vendored", map[string]string{"ping_test.go": test, "vendor/modules.txt": ""}, "-mod=vendor"},
	} {
		dir := t.TempDir()
		c.files["go.mod"] = "module example.com/ping\n\ngo 1.26\n"
		for name, text := range c.files {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		a := &app{&out, &out, gocmd.Caller{Dir: dir, Environ: append(gocmd.ChildEnviron(os.Environ()), "GOPROXY=off", "GOWORK=off", "GOFLAGS="+c.flags), Self: "samerun"}}
		code := a.main(t.Context(), []string{"test", "-seeds", "1-2", "."})
		for _, line := range []string{
			"\n    go mod edit -require=samerun@v0.0.0 -replace=samerun=" + root + "\n",
			"\n    go mod tidy\n", "\n    go run samerun/cmd/samerun test ./...\n",
		} {
			if code != exitMisuse || !strings.Contains(out.String(), line) {
				t.Errorf("%s: exit status %d, and %q is missing:\n%s", c.name, code, line, out.String())
				break
			}
		}
	}
}
