package gocmd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestProgramName(t *testing.T) {
	for path, want := range map[string]string{
		"example.com/m/cmd/prog": "prog", "example.com/prog/v2": "prog", "example.com/prog/v1": "v1", "prog": "prog", "v2": "v2",
		"example.com/m/v12": "m", "example.com/m/v02": "v02", "_/home/x/prog": "prog",
	} {
		if got := (&Package{Path: path}).ProgramName(); got != want {
			t.Errorf("%s is called %s, want %s", path, got, want)
		}
	}
}

// The overlay of a program has what was in the other one, no test of the program, and one
// file more, which lies elsewhere.
func TestProgramOverlay(t *testing.T) {
	dir, tmp := filepath.Join(t.TempDir(), "a[b]*"), t.TempDir()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"main.go", "a_test.go", "b_linux_test.go"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	with := filepath.Join(tmp, "with.json")
	if err := os.WriteFile(with, []byte(`{"Replace":{"/std/a.go":"/cache/<a>.go"}}`), 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := programOverlay(with, tmp, &Package{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	var list struct{ Replace map[string]string }
	if err != nil || json.Unmarshal(text, &list) != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	ours, ok := list.Replace[filepath.Join(dir, programFileName)]
	if _, err := os.Stat(ours); !ok || err != nil || filepath.Dir(ours) != tmp {
		t.Errorf("our file is %q: %v", ours, err)
	}
	for name, want := range map[string]string{"/std/a.go": "/cache/<a>.go", filepath.Join(dir, "a_test.go"): "", filepath.Join(dir, "b_linux_test.go"): ""} {
		if got, ok := list.Replace[name]; !ok || got != want {
			t.Errorf("%s is replaced by %q, want %q", name, got, want)
		}
	}
	if len(list.Replace) != 4 {
		t.Errorf("%s", text)
	}
}

func TestMainVariable(t *testing.T) {
	for flags, want := range map[string]string{
		"-w -X main.a=1 -X=main.b=2":         "-w -X x/prog.a=1 -X=x/prog.b=2",
		"-X 'main.a=b c' -X domain.main.a=1": "-X 'x/prog.a=b c' -X domain.main.a=1",
		"-X other/main.a=main.b":             "-X other/main.a=main.b",
	} {
		if got := mainVariable.ReplaceAllString(flags, "${1}x/prog."); got != want {
			t.Errorf("%s is %s, want %s", flags, got, want)
		}
	}
}

// A program in the module cache cannot get our file, and says so.
func TestProgramInTheCache(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	dir, tmp := t.TempDir(), t.TempDir()
	writeTree(t, dir, map[string]string{"p/go.mod": "module p\n\ngo 1.25\n", "p/main.go": "package main\n\nfunc main() {}\n"})
	with := filepath.Join(tmp, "with.json")
	if err := os.WriteFile(with, []byte(`{"Replace":{}}`), 0o666); err != nil {
		t.Fatal(err)
	}
	c := &Caller{Dir: filepath.Join(dir, "p"), Environ: plainGo("GOMODCACHE=" + dir)}
	b := &Build{Overlay: with}
	p, err := c.Program(t.Context(), &Build{}, ".")
	if err != nil || !p.Program || p.ProgramName() != "p" {
		t.Fatalf("%+v: %v", p, err)
	}
	if err := c.BuildProgram(t.Context(), b, tmp, p); err != nil {
		t.Fatal(err)
	}
	if want := "does not build: it lies in the module cache, to which the go command adds no file; run it in a copy of its module"; p.Unready == nil || p.Unready.Why != want {
		t.Errorf("%+v, want %q", p.Unready, want)
	}
}
