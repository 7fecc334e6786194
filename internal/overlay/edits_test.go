package overlay

import (
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// All that is changed is for a version that is supported; a name of a file is a
// group and what is changed in it.
func TestPlaces(t *testing.T) {
	places, err := readPlaces(editFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range places {
		if strings.Count(p.Name, "/") != 1 {
			t.Errorf("%s is not in the folder of a group", p.Name)
		}
		for _, c := range p.Changes {
			of := 0
			for minor := oldest; minor <= newest; minor++ {
				if c.Of(minor) {
					of++
				}
			}
			if of == 0 || c.Since > 0 && of == newest-oldest+1 || c.Until >= newest {
				t.Errorf("%s:%d is of go 1.%d to 1.%d, though 1.%d to 1.%d are supported", c.Place, c.Line, c.Since, c.Until, oldest, newest)
			}
		}
	}
}

func TestPlacesRefused(t *testing.T) {
	_, err := readPlaces(fstest.MapFS{"edits/turn/x.edit": {Data: []byte("# Why.\n\nfile a.go\n x\n")}})
	want := "turn/x.edit:3: the change of a.go changes nothing; lines that go begin with -, lines that come with +"
	if err == nil || err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
}

// go vet reads the overlay, so that it can read our own files where they belong.
func TestVet(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("this takes a minute; set SAMERUN_LONG=1")
	}
	list := cached(t)
	files, err := own()
	if err != nil {
		t.Fatal(err)
	}
	more, err := bundled()
	if err != nil {
		t.Fatal(err)
	}
	var packages []string
	for _, f := range append(files, more...) {
		packages = append(packages, path.Dir(f.name))
	}
	slices.Sort(packages)
	packages = slices.Compact(packages)
	// As go vet does for the standard library, it leaves out unsafe pointers; and what
	// the change of alginit leaves behind its return.
	cmd := exec.CommandContext(t.Context(), goCommand(), append([]string{"vet", "-unsafeptr=false", "-unreachable=false", "-overlay=" + list}, packages...)...)
	cmd.Dir, cmd.Env = "testdata/exact", toolchainEnviron()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %v\n%s", packages, err, out)
	}
}

// cached is the overlay where the tool keeps it. In another folder it would be another
// overlay to the go command, which would compile it all once more.
func cached(t *testing.T) (list string) {
	t.Helper()
	dir, err := CacheDir()
	if err == nil {
		list, err = Build(installed(t), dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// With the overlay, programs can be linked for platforms that have less of it than this one: what
// one package pushes into another is there once.
func TestLinksOnPlatforms(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("this takes a minute or two; set SAMERUN_LONG=1")
	}
	list := cached(t)
	for _, platform := range []string{"linux/386", "linux/loong64", "darwin/arm64", "windows/amd64"} {
		goos, goarch, _ := strings.Cut(platform, "/")
		for _, words := range [][]string{
			{"test", "-c", "-o", t.TempDir(), "-overlay=" + list, "."},
			{"build", "-overlay=" + list, "net", "encoding/gob"}, // which that test is without
		} {
			cmd := exec.CommandContext(t.Context(), goCommand(), words...)
			cmd.Dir, cmd.Env = "testdata/exact", append(toolchainEnviron(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", platform, err, out)
			}
		}
	}
}
