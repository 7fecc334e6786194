package overlay

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/overlay/edit"
)

// installed is the toolchain that runs this test.
func installed(t *testing.T) Toolchain {
	t.Helper()
	tc, err := find(t.Context(), goCommand(), filepath.Join("testdata", "exact"), toolchainEnviron())
	if err != nil {
		t.Fatal(err)
	}
	return tc
}

// toolchainEnviron is the environment in which go is another toolchain, if one is
// to be tested: SAMERUN_GOROOT names its folder.
func toolchainEnviron() []string {
	if other := os.Getenv("SAMERUN_GOROOT"); other != "" {
		path := filepath.Join(other, "bin") + string(os.PathListSeparator) + os.Getenv("PATH")
		return append(os.Environ(), "GOROOT="+other, "GOTOOLCHAIN=local", "PATH="+path)
	}
	return os.Environ()
}

// goCommand is the go of that toolchain: exec looks it up in this process's PATH.
func goCommand() string {
	if other := os.Getenv("SAMERUN_GOROOT"); other != "" {
		return filepath.Join(other, "bin", "go")
	}
	return "go"
}

// copied returns a GOROOT with copies of the files that the overlay changes.
func copied(t *testing.T, from Toolchain) Toolchain {
	t.Helper()
	tc := Toolchain{GOROOT: t.TempDir(), Version: from.Version}
	minor, err := from.minor()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changesOf(minor) {
		name := filepath.FromSlash(c.File)
		data, err := os.ReadFile(filepath.Join(from.GOROOT, "src", name))
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(tc.GOROOT, "src", name)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return tc
}

func TestBuildIsCached(t *testing.T) {
	tc, cache := installed(t), t.TempDir()
	first, err := Build(tc, cache)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Build(tc, cache)
	if err != nil {
		t.Fatal(err)
	}
	again, err := os.Stat(second)
	if err != nil {
		t.Fatal(err)
	}
	if first != second || !info.ModTime().Equal(again.ModTime()) {
		t.Errorf("the overlay was made twice: %s, %s", first, second)
	}
	entries, err := os.ReadDir(cache)
	if err != nil || len(entries) != 1 {
		t.Errorf("the cache has %v, %v; want the overlay alone", entries, err)
	}
}

// A toolchain with other sources, or in another place, gets an overlay of its own.
func TestBuildTellsToolchainsApart(t *testing.T) {
	t.Parallel()
	tc, cache := installed(t), t.TempDir()
	one, err := Build(tc, cache)
	if err != nil {
		t.Fatal(err)
	}
	two, err := Build(copied(t, tc), cache)
	if err != nil {
		t.Fatal(err)
	}
	if one == two {
		t.Errorf("two toolchains share the overlay %s", one)
	}
}

func TestBuildLeavesTheToolchainAlone(t *testing.T) {
	tc := copied(t, installed(t))
	if err := filepath.WalkDir(tc.GOROOT, func(path string, _ os.DirEntry, err error) error {
		return os.Chmod(path, 0o555)
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		filepath.WalkDir(tc.GOROOT, func(path string, _ os.DirEntry, err error) error { return os.Chmod(path, 0o777) })
	})
	before := listing(t, tc.GOROOT)
	if _, err := Build(tc, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if after := listing(t, tc.GOROOT); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// listing is the names, sizes and times of all files below a folder.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		b.WriteString(path + " " + info.Mode().String() + " " + info.ModTime().String() + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// changesOf returns all changes for a minor version of Go.
func changesOf(minor int) (changes []edit.Change) {
	for _, p := range Places() {
		for _, c := range p.Changes {
			if c.Of(minor) {
				changes = append(changes, c)
			}
		}
	}
	return changes
}

// What a change is about is missed if it is not there, and if it is there once too
// often.
func TestEveryChangeCounts(t *testing.T) {
	tc := installed(t)
	minor, err := tc.minor()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changesOf(minor) {
		data, err := os.ReadFile(filepath.Join(tc.GOROOT, "src", filepath.FromSlash(c.File)))
		if err != nil {
			t.Fatal(err)
		}
		apply := func(text string) error {
			_, err := edit.Apply(c.File, text, []edit.Change{c})
			return err
		}
		text := string(data)
		if err := apply(text); err != nil {
			t.Error(err)
		}
		if apply(strings.Replace(text, c.Before(), "", 1)) == nil {
			t.Errorf("%s:%d: %q is missing, and nobody noticed", c.Place, c.Line, c.Before())
		}
		if apply(text+"\n"+c.Before()) == nil {
			t.Errorf("%s:%d: %q is there once too often, and nobody noticed", c.Place, c.Line, c.Before())
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := installed(t)
	other := copied(t, good)
	name := filepath.Join(other.GOROOT, "src", "runtime", "select.go")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(data), "cheaprandn(uint32(norder + 1))", "cheaprandn(7)", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	gone := copied(t, good)
	if err := os.Remove(filepath.Join(gone.GOROOT, "src", "sync", "pool.go")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tc   Toolchain
		want string
	}{
		{other, good.Version + `: random/select.edit:3: in runtime/select.go the line "cheaprandn(uint32(norder + 1))" occurs 0 times instead of once, so samerun cannot run unmodified tests with it`},
		{gone, good.Version + " has no file sync/pool.go in its standard library, which the edit pool/pool.edit:4 changes, so samerun cannot run unmodified tests with it"},
		{Toolchain{GOROOT: good.GOROOT, Version: "go1.24.3"}, "go1.24.3 is not supported for unmodified tests, use Go 1.25 to 1.27 (such as GOTOOLCHAIN=go1.26.8)"},
		{Toolchain{GOROOT: good.GOROOT, Version: "go1.31rc1"}, "go1.31rc1 is not supported for unmodified tests, use Go 1.25 to 1.27 (such as GOTOOLCHAIN=go1.26.8)"},
		{Toolchain{GOROOT: good.GOROOT, Version: "devel +abc"}, `the Go version "devel +abc" is not understood; samerun runs unmodified tests with Go 1.25 to 1.27`},
	} {
		cache := t.TempDir()
		_, err := Build(c.tc, cache)
		if err == nil || err.Error() != c.want {
			t.Errorf("error %v\nwant  %s", err, c.want)
		}
		if left, _ := os.ReadDir(cache); len(left) > 0 {
			t.Errorf("%s: %v is left in the cache", c.tc.Version, left)
		}
	}
}

func TestFindRefusesASecondOverlay(t *testing.T) {
	_, err := Find(t.Context(), ".", append(os.Environ(), "GOFLAGS=-overlay=mine.json"))
	if err == nil || !strings.Contains(err.Error(), "takes only one") {
		t.Errorf("error %v", err)
	}
}

// The go command replaces no files of a toolchain that it has downloaded, unless
// it is called by another name.
func TestFindLinksADownloadedToolchain(t *testing.T) {
	tc, cache := installed(t), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	if dir, err := CacheDir(); err != nil || !strings.HasPrefix(dir, cache) {
		t.Skip("the cache is not where XDG_CACHE_HOME says on this system")
	}
	environ := append(toolchainEnviron(), "GOMODCACHE="+filepath.Dir(tc.GOROOT))
	one, err := find(t.Context(), goCommand(), ".", environ)
	if err != nil {
		t.Fatal(err)
	}
	to, err := os.Readlink(one.GOROOT)
	if err != nil || to != tc.GOROOT || !one.Linked {
		t.Errorf("%+v is a link to %s, %v; want %s", one, to, err, tc.GOROOT)
	}
	if _, err := os.Stat(one.Command()); err != nil {
		t.Error(err)
	}
	// A link that leads elsewhere is made anew.
	if err := os.Remove(one.GOROOT); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), one.GOROOT); err != nil {
		t.Fatal(err)
	}
	two, err := find(t.Context(), goCommand(), ".", environ)
	if err != nil || one != two {
		t.Errorf("%+v, %v; want %+v", two, err, one)
	}
	if to, _ := os.Readlink(two.GOROOT); to != tc.GOROOT {
		t.Errorf("the old link is still there: %s", to)
	}
}
