package laws

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// pkg is what go list says of a package.
type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// missing lists the packages whose tests use rapid, directly or through one of the packages, and not this package.
func missing(all []pkg) (bad []string) {
	random := map[string]bool{"pgregory.net/rapid": true}
	const self = "samerun/internal/laws"
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if !random[p.ImportPath] && p.ImportPath != self && slices.ContainsFunc(p.Imports, func(s string) bool { return random[s] }) {
				random[p.ImportPath], grown = true, true
			}
		}
	}
	for _, p := range all {
		tests := slices.Concat(p.TestImports, p.XTestImports)
		if p.ImportPath != self && slices.ContainsFunc(tests, func(s string) bool { return random[s] }) && !slices.Contains(tests, self) {
			bad = append(bad, p.ImportPath)
		}
	}
	return bad
}

// TestEveryPackage: no package draws random values in the test command.
func TestEveryPackage(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	users := 0
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
		if slices.Contains(slices.Concat(p.TestImports, p.XTestImports), "samerun/internal/laws") {
			users++
		}
	}
	for _, path := range missing(all) {
		t.Errorf(`the tests of %s use rapid: give it a rapid_test.go with import _ "samerun/internal/laws"`, path)
	}
	if users < 10 {
		t.Errorf("only %d packages use this one: are all of them listed?", users)
	}
}

func TestMissing(t *testing.T) {
	got := missing([]pkg{
		{ImportPath: "a", TestImports: []string{"pgregory.net/rapid"}},
		{ImportPath: "b", TestImports: []string{"pgregory.net/rapid", "samerun/internal/laws"}},
		{ImportPath: "c", Imports: []string{"pgregory.net/rapid"}},
		{ImportPath: "d", Imports: []string{"c"}},
		{ImportPath: "e", XTestImports: []string{"d"}},
		{ImportPath: "f", XTestImports: []string{"d"}, TestImports: []string{"samerun/internal/laws"}},
		{ImportPath: "g", TestImports: []string{"testing"}},
	})
	if strings.Join(got, " ") != "a e" {
		t.Errorf("missing in %q, want a and e", got)
	}
}

// drawn are the values of one law.
func drawn(t *testing.T) (values []uint64) {
	rapid.Check(t, func(t *rapid.T) { values = append(values, rapid.Uint64().Draw(t, "value")) })
	return values
}

// TestFixed: two laws, and two runs of one, draw the same, unless another seed is asked for.
func TestFixed(t *testing.T) {
	if os.Getenv("RAPID_SEED") != "" || flag.Lookup("rapid.seed").Value.String() != Seed {
		t.Skip("another seed is asked for")
	}
	one := drawn(t)
	if again := drawn(t); !slices.Equal(one, again) {
		t.Errorf("%v\nand %v", one, again)
	}
	set := func(value string) {
		if err := flag.Set("rapid.seed", value); err != nil {
			t.Fatal(err)
		}
	}
	defer set(Seed)
	set("0")
	if random := drawn(t); slices.Equal(one, random) {
		t.Error("-rapid.seed=0 draws the same")
	}
}

// TestNoFailFile: a law that fails leaves nothing in the tree.
func TestNoFailFile(t *testing.T) {
	if os.Getenv("LAWS_TEST_FAIL") != "" {
		rapid.Check(t, func(t *rapid.T) { t.Fatal("as asked for") })
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for flags, files := range map[string]int{"": 0, "-rapid.nofailfile=false": 1} {
		dir := t.TempDir()
		cmd := exec.Command(exe, append([]string{"-test.run=^TestNoFailFile$"}, strings.Fields(flags)...)...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "LAWS_TEST_FAIL=1")
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "as asked for") {
			t.Fatalf("%v\n%s", err, out)
		}
		if left, _ := os.ReadDir(dir); len(left) != files {
			t.Errorf("flags %q: %v is left, want %d files\n%s", flags, left, files, out)
		}
	}
}
