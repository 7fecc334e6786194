package gocmd

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestChildEnviron(t *testing.T) {
	for _, c := range []struct{ have, want []string }{
		{nil, []string{"SAMERUN_SHRINK=0", "X=1", "GORACE=atexit_sleep_ms=0"}},
		{[]string{"A=b", "SAMERUN_SEED=3", "SAMERUN_STRICT=1"}, []string{"A=b", "SAMERUN_SHRINK=0", "X=1", "GORACE=atexit_sleep_ms=0"}},
		{[]string{"GORACE=halt_on_error=1"}, []string{"GORACE=halt_on_error=1", "SAMERUN_SHRINK=0", "X=1", "GORACE=halt_on_error=1 atexit_sleep_ms=0"}},
		{[]string{"GORACE=atexit_sleep_ms=5"}, []string{"GORACE=atexit_sleep_ms=5", "SAMERUN_SHRINK=0", "X=1"}},
	} {
		if got := ChildEnviron(c.have, "X=1"); !slices.Equal(got, c.want) {
			t.Errorf("of %q the process gets %q, want %q", c.have, got, c.want)
		}
	}
}

// Every variable of ours that the code reads is in the list, and so is what the page
// for users says of it.
func TestReadingsAreAll(t *testing.T) {
	known := make(map[string]bool)
	for _, r := range readings {
		known[r.name] = true
	}
	// For our own tests, or of the fixture's of a package.
	for _, name := range []string{"SAMERUN_LONG", "SAMERUN_EXACT_RUNS", "SAMERUN_GOROOT", "SAMERUN_SIM_TEST_SAVE", "SAMERUN_LABRPC_TEST_FATAL", "SAMERUN_CHROMIUM", "SAMERUN_SCRATCH_TEST", "SAMERUN_TEST_AS_TOOL"} {
		known[name] = true
	}
	root := filepath.Join("..", "..")
	variable := regexp.MustCompile(`\bSAMERUN_[A-Z_]*[A-Z]\b`)
	found := make(map[string]bool)
	for _, folder := range []string{"clock", "cmd", "examples", "internal", "labrpc", "proptest", "sched", "sim"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, name := range variable.FindAllString(string(text), -1) {
				found[name] = true
				if !known[name] && !strings.HasPrefix(name, "SAMERUN_TEST_") { // which sim's tests tell themselves
					t.Errorf("%s has the variable %s, which is not in the list of readings", path, name)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "samerun-test.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range readings {
		if !found[r.name] {
			t.Errorf("nobody has the variable %s", r.name)
		}
		if !strings.Contains(string(page), "`"+r.name+"`") {
			t.Errorf("docs/samerun-test.md does not have %s", r.name)
		}
	}
}

// A variable that is set is the default of a flag, or refused in one sentence that says
// what to do; and no test process inherits it.
func TestEachVariable(t *testing.T) {
	for _, r := range readings {
		environ := []string{"A=b", r.name + "=x"}
		err := CheckEnviron(environ, "samerun test")
		switch {
		case r.allowed && err != nil:
			t.Errorf("%s is refused: %v", r.name, err)
		case !r.allowed && (err == nil || !strings.Contains(err.Error(), r.name) || !strings.Contains(err.Error(), "unset it; ")):
			t.Errorf("%s=x: error %v, want one that names it and says what to do", r.name, err)
		}
		if err := CheckEnviron([]string{r.name + "="}, "samerun test"); err != nil {
			t.Errorf("%s is refused though it is empty: %v", r.name, err)
		}
		if r.name != "SAMERUN_OVERLAY" && r.name != "SAMERUN_CHILD" && slices.Contains(ChildEnviron(environ), r.name+"=x") {
			t.Errorf("a test process inherits %s", r.name)
		}
	}
}
