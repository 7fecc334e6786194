package gocmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// makeTree makes empty files below a new folder, and returns that.
func makeTree(t *testing.T, files ...string) string {
	t.Helper()
	// What go list and the tests compare is the folder's own name, not that of a link.
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A file in testdata/replay is of the package above; any other names its package.
func TestPackageFolder(t *testing.T) {
	dir := makeTree(t, "go.mod", "store/store.go")
	for _, c := range []struct{ user, file, named, want string }{
		{dir, dir + "/store/testdata/replay/x.json", "./elsewhere", dir + "/store"},
		{dir, dir + "/x.json", "./store", dir + "/store"},
		{dir + "/store", dir + "/x.json", "./store", dir + "/store"},
		{dir, dir + "/replay/x.json", "./shop", "the file is of the package ./shop, and this module has no such folder"},
		{dir, dir + "/x.json", "./store/store.go", "the file is of the package ./store/store.go, and this module has no such folder"},
	} {
		got, err := packageFolder(c.user, filepath.FromSlash(c.file), c.named)
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(filepath.ToSlash(got), c.want) {
			t.Errorf("%s names %s: %q, want %q", c.file, c.named, got, c.want)
		}
	}
}

// Packages in a folder of another module are named from there; those of two modules
// are refused.
func TestEnterModule(t *testing.T) {
	dir := makeTree(t, "go.mod", "a/a.go", "labs/go.mod", "labs/raft/raft.go")
	for _, c := range []struct{ packages, want, module string }{
		{"./a", "./a", ""},
		{"./...", "./...", ""},
		{"example.com/x", "example.com/x", ""},
		{"./labs/raft", "./raft", dir + "/labs"},
		{"./labs/...", "./...", dir + "/labs"},
		{"./labs/raft " + dir + "/labs", "./raft ./.", dir + "/labs"},
		{"./a ./labs/raft", "./a and ./labs/raft are of two modules; name the packages of one module at a time", ""},
	} {
		caller := &Caller{Dir: dir, Environ: []string{"GOWORK=off"}}
		names, err := caller.EnterModule(strings.Fields(c.packages))
		got := strings.Join(names, " ")
		if err != nil {
			got = err.Error()
		}
		if got != c.want || filepath.ToSlash(caller.goDir) != c.module {
			t.Errorf("%s: %q in %q, want %q in %q", c.packages, got, caller.goDir, c.want, c.module)
		}
	}
}
