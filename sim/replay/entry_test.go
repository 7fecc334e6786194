package replay

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/sched"
)

// entry is an entry of a corpus.
func entry() *File {
	return &File{
		World: Tasks, Test: "TestX", Package: "./x", Seed: 5, Digest: "0123456789abcdef", Kept: []string{"2 states"},
		Forks: []sched.Fork{{At: time.Second, Seed: 7}}, Go: "go1.26", Samerun: Samerun,
	}
}

// An entry of a corpus is saved once, read as that, and no failure; and a failure is no entry.
func TestEntries(t *testing.T) {
	dir := t.TempDir()
	path, err := entry().Save(dir)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := entry().Save(dir); err != nil || again != path {
		t.Errorf("saved again as %s, %v", again, err)
	}
	p, err := ReadEntry(path)
	if err != nil || !p.SameRun(entry()) || len(p.Kept) != 1 {
		t.Fatalf("read back: %+v, %v", p, err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "is an entry of a corpus, whose run has not failed; samerun test -guided runs it") {
		t.Errorf("as a failure: %v", err)
	}
	other := entry()
	other.Forks[0].Seed = 8
	if other.SameRun(entry()) {
		t.Error("with another fork it is the same run")
	}
	failed := entry()
	failed.Kept, failed.Failure = nil, Failure{Error: "x"}
	if path, err = failed.Save(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadEntry(path); err == nil || !strings.Contains(err.Error(), "it is a failure that was saved, whose place is testdata/replay (correct it, or delete it: a search can do without)") {
		t.Errorf("a failure as an entry: %v", err)
	}
	if _, err := ReadEntry(filepath.Join(dir, "none.json")); err == nil || !strings.HasPrefix(err.Error(), "the entry ") {
		t.Errorf("no file: %v", err)
	}
}

func TestBadForksAndEntries(t *testing.T) {
	data, err := entry().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	for _, c := range [][3]string{
		{`"at": "1s"`, `"at": "0s"`, `the field "forks": the fork "0s: seed 7" is at 0s; it must be behind the beginning`},
		{`"at": "1s"`, `"when": "1s"`, `forks[0]`},
		{`"seed": 7}`, `"seed": 7}, {"at": "500ms", "seed": 1}`, "does not come behind the one before it"},
		{`"kept": [`, `"failure": {"error": "x", "at": "0s"}, "kept": [`, `it has both "kept" and "failure"`},
		{`"2 states"`, `2`, "what was seen"},
		{`"version": 3`, `"version": 2`, ""},
	} {
		bad := strings.Replace(good, c[0], c[1], 1)
		if bad == good {
			t.Fatalf("%q is not in\n%s", c[0], good)
		}
		if _, err := Parse([]byte(bad)); err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s: %v; want %q", c[1], err, c[2])
		}
	}
	path := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(path, data[:len(data)/2], 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadEntry(path); err == nil || strings.Count(err.Error(), "\n") > 0 {
		t.Errorf("half a file: %v", err)
	}
}
