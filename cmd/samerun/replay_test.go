package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"samerun/internal/gocmd"
)

// A replay survives edits that change nothing, follows its keys through those that
// do, and says when it has lost them.
func TestReplayOutlivesEdits(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	file := m.record()
	for _, c := range firstOrAll(3, []struct {
		name  string
		edits []string
		code  int
		words []string
	}{
		{"nothing", nil, exitSame, []string{"FAIL  " + file, "./store  TestPuts", "the same run to the bit", "2 puts of 3 arrived", "it repeats"}},
		{"an RPC elsewhere", []string{"\tfor i := range 3 {", "\tvar n int\n\tvar ok bool\n\tend.Call(\"Store.Ping\", &n, &ok)\n\tfor i := range 3 {"},
			exitLike, []string{"the same failure by a different run (digest ", "the code has changed", "      drop  client → server  Store.Put request #2\n"}},
		{"the fix", []string{"\tend.Call(\"Store.Put\", &i, &ok)", "\tfor !ok {\n\t\tend.Call(\"Store.Put\", &i, &ok)\n\t}"},
			exitOK, []string{"ok    " + file, "no failure any more, and the one key of its input was met"}},
		{"no such RPC any more", []string{"\tend.Call(\"Store.Put\", &i, &ok)", "\t_ = ok", "s.puts < 3", "s.puts < 0"},
			exitUnmet, []string{"no failure, but the one key of its input was not met any more", "Store.Put request #2", "record the failure anew"}},
		{"a comment, a name and a log line", []string{
			"// Run puts", "// Run, which is the system under test,\n// puts",
			"putAll", "putEverything",
			"package store\n\nimport (\n\t\"samerun/labrpc\"", "package store\n\nimport (\n\t\"fmt\"\n\n\t\"samerun/labrpc\"",
			"\tvar ok bool\n", "\tvar ok bool\n\tfmt.Println(\"put\", i)\n",
		}, exitSame, []string{"the same run to the bit"}},
		{"another failure", []string{"\tend.Call(\"Store.Put\", &i, &ok)", "\t_ = ok\n\tpanic(\"no store\")"},
			exitOther, []string{"another failure; recorded was 2 puts of 3 arrived", "no store"}},
		{"a test that is gone", []string{"TestPuts", "TestAllPuts"},
			exitMisuse, []string{"?     " + file, "not runnable: the test is gone: ./store has no simulation test TestPuts"}},
		{"a package that does not build", []string{"return s\n", "return \"s\"\n"},
			exitMisuse, []string{"not runnable: ", "./store does not build", "store/store.go:"}},
	}) {
		m.edit(c.edits...)
		a := m.run([]string{"replay", file})
		t.Run(c.name, func(t *testing.T) { a.want(t, c.code, a.stdout, c.words...) })
	}
}

// The digest does not depend on where the file is run.
func TestReplayIsTheSameEverywhere(t *testing.T) {
	takesLong(t)
	m := newModule(t)
	file := m.record()
	type setting struct{ args, env []string }
	settings := []setting{
		{nil, []string{"GOMAXPROCS=7"}},
		{[]string{"-race"}, []string{"GOMAXPROCS=1"}},
	}
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		settings[0].env = append(settings[0].env, "GOARCH=386", "CGO_ENABLED=0")
	}
	for _, s := range settings {
		a := m.run(append(append([]string{"replay", "-json"}, s.args...), file), s.env...)
		if strings.Contains(a.stdout, "exec format error") {
			t.Logf("this machine runs no programs of %v", s.env)
			continue
		}
		if strings.Contains(a.stdout, "-race requires cgo") || strings.Contains(a.stdout, "C compiler") {
			continue // no race detector here
		}
		var r replayed
		if err := json.Unmarshal([]byte(a.stdout), &r); err != nil {
			t.Fatalf("%v in %s", err, a.stdout)
		}
		if a.code != exitSame || r.Exit != exitSame || r.Outcome != "same" || r.Digest != r.Recorded || r.Digest == "" || r.Package != "app/store" || *r.Seed != 4 {
			t.Errorf("%+v: exit status %d, %s", s, a.code, a.stdout)
		}
	}
}

// Plain go test knows the file too, and a moved file is found by what it says.
func TestReplayFilesInTheirPlaces(t *testing.T) {
	t.Parallel()
	takesLong(t)
	m := newModule(t)
	file := m.record()
	stdout, stderr, err := m.app().Go(t.Context(), []string{"test", "-vet=off", "./store"})
	if text := stdout + stderr; err == nil || !strings.Contains(text, "replay of "+file+": the same run to the bit") || strings.Contains(text, "or: SAMERUN_SEED") {
		t.Errorf("%v\n%s", err, text)
	}
	if files, _ := filepath.Glob(filepath.Join(m.dir, "store/testdata/replay/*")); len(files) != 1 {
		t.Errorf("%q", files)
	}
	data, err := os.ReadFile(filepath.Join(m.dir, file))
	if err != nil {
		t.Fatal(err)
	}
	m.write("moved.json", string(data))
	m.write("cut.json", string(data[:len(data)/2]))
	m.write("newer.json", strings.Replace(string(data), `"version": 3`, `"version": 4`, 1))
	m.write("elsewhere.json", strings.Replace(string(data), `"./store"`, `"./shop"`, 1))
	m.write("gone.json", strings.Replace(string(data), `"TestPuts"`, `"TestNoMore"`, 1))
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"elsewhere.json", exitMisuse, "the file is of the package ./shop, and this module has no such folder; say with -pkg where the test is now"},
		{"elsewhere.json -pkg ./store", exitSame, "the same run to the bit"},
		{"-pkg ./nowhere moved.json", exitMisuse, "the packages cannot be listed: "},
		{"cut.json", exitMisuse, "the replay file cut.json cannot be used: line 10: this is not JSON: it ends too early"},
		{"newer.json", exitMisuse, "the replay file newer.json cannot be used: it has format version 4 and this samerun ("},
		{"none.json", exitMisuse, "the replay file none.json cannot be read: "},
		{"moved.json gone.json", exitMisuse, "FAIL  moved.json\n    ./store  TestPuts\n    the same run to the bit"},
		{"", exitMisuse, ""},
		{"-rcae moved.json", exitMisuse, ""},
	} {
		a := m.run(append([]string{"replay"}, strings.Fields(c.args)...))
		t.Run(c.args, func(t *testing.T) { a.want(t, c.code, a.stdout, c.want) })
	}
}

func (m *module) app() *app {
	return &app{Caller: gocmd.Caller{Dir: m.dir, Environ: m.environ()}}
}

// A sweep saves the first of each distinct failure, in order, and says what no
// seed reached.
func TestSweepSavesAndLooksForVacuity(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	a := m.run([]string{"test", "-json", "-keep-going", "-shrink", "0", "-j", "2", "-seeds", "1-6", "./store"})
	lines := strings.Split(strings.TrimSpace(a.stdout), "\n")
	if len(lines) != 7 || a.code != exitFailure {
		t.Fatalf("exit status %d\n%s\n%s", a.code, a.stdout, a.stderr)
	}
	for i, line := range lines[:6] {
		if saved := strings.Contains(line, `"replay":"store/testdata/replay/TestPuts-`); saved != (i == 0) {
			t.Errorf("line %d: %s", i, line)
		}
	}
	const idle = `"vacuous":["fault cut was asked for and never took effect","sometimes \"no put arrives\" never happened"]`
	if !strings.Contains(lines[6], idle) || !strings.Contains(lines[6], `"seed":null,"ok":true`) {
		t.Errorf("%s", lines[6])
	}
	if files, _ := filepath.Glob(filepath.Join(m.dir, "store/testdata/replay/*")); len(files) != 1 {
		t.Errorf("%q", files)
	}
	// In a sound system, too: that is what strict is for.
	m.edit("s.puts < 3", "s.puts < 0")
	a = m.run([]string{"test", "-strict", "-seeds", "1-6", "./store"})
	a.want(t, exitFailure, a.stdout, "ok    ./store  TestPuts  6 seeds\n", "vacuous  ./store  TestPuts\n",
		"    fault cut was asked for and never took effect in 6 seeds\n", "FAIL: 1 test, 1 of them vacuous, 6 seeds, no failure")
}

// The example of docs/replay-file.md is what the page says it is.
func TestTheExampleOfThePage(t *testing.T) {
	t.Parallel()
	takesLong(t)
	if testing.Short() {
		t.Skip("builds and runs test binaries")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m := &module{t, root}
	a := m.run([]string{"replay", "docs/replay-example.json"})
	a.want(t, exitOK, a.stdout, "no failure any more, and all 3 keys of its input were met")
	a = m.run([]string{"replay", "-tags", "bug", "docs/replay-example.json"})
	a.want(t, exitSame, a.stdout, "the same run to the bit")
	page, err := os.ReadFile(filepath.Join(root, "docs/replay-file.md"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(root, "docs/replay-example.json"))
	if err != nil || !strings.Contains(string(page), "```json\n"+string(file)+"```\n") {
		t.Errorf("docs/replay-file.md does not show docs/replay-example.json as it is (%v)", err)
	}
}
