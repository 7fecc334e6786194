package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"samerun/internal/gocmd"
)

// The fixture is a module of its own, in the standard library alone, whose
// package fakesim speaks the protocol of sim.Test. So these tests hold the tool
// to the protocol and not to the package that is written on the other side.
var fixture = map[string]string{
	"go.mod": "module fixture\n\ngo 1.26\n",
	"fakesim/fakesim.go": `package fakesim

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

type result struct {
	Test      string ` + "`json:\"test\"`" + `
	Seed      uint64 ` + "`json:\"seed\"`" + `
	OK        bool   ` + "`json:\"ok\"`" + `
	Digest    string ` + "`json:\"digest\"`" + `
	VirtualNS int64  ` + "`json:\"virtual_ns\"`" + `
	Events    int64  ` + "`json:\"events\"`" + `
	WallNS    int64  ` + "`json:\"wall_ns\"`" + `
	Property  string ` + "`json:\"property,omitempty\"`" + `
	Error     string ` + "`json:\"error,omitempty\"`" + `
	Story     any    ` + "`json:\"story,omitempty\"`" + `
	Repeats   *bool  ` + "`json:\"repeats,omitempty\"`" + `
}

func write(v any) {
	file := os.Getenv("SAMERUN_RESULTS")
	if file == "" {
		return
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	json.NewEncoder(f).Encode(v)
}

// Test runs body for each seed; body returns the property and reason that failed.
func Test(t *testing.T, body func(seed uint64) (property, reason string)) {
	if os.Getenv("SAMERUN_LIST") != "" {
		write(map[string]string{"test": t.Name()})
		t.Skip()
	}
	text := os.Getenv("SAMERUN_SEEDS")
	if text == "" {
		text = os.Getenv("SAMERUN_SEED")
	}
	for _, part := range strings.Split(text, ",") {
		a, b, ok := strings.Cut(part, "-")
		if !ok {
			b = a
		}
		first, _ := strconv.ParseUint(a, 10, 64)
		last, _ := strconv.ParseUint(b, 10, 64)
		for seed := first; seed <= last; seed++ {
			property, reason := body(seed)
			r := result{Test: t.Name(), Seed: seed, OK: reason == "", Digest: fmt.Sprintf("%016x", seed*seed), VirtualNS: 10, Events: int64(seed), WallNS: 7}
			if reason == "" {
				write(r)
				continue
			}
			yes := seed%2 == 1
			r.Property, r.Error, r.Repeats = property, reason, &yes
			story := fmt.Sprintf("the story of seed %d\n  n0 -> n1", seed)
			r.Story = map[string]any{
				"property": property, "at": 10, "reason": reason + "\n" + story, "again": []string{"never shown"},
				"run": map[string]any{"seed": seed, "digest": r.Digest, "repeats": yes, "second": "0123456789abcdef"},
			}
			write(r)
			t.Fatal(story)
		}
	}
}
`,
	"zoo/zoo_test.go": `package zoo

import (
	"fmt"
	"os"
	"testing"
	"time"

	"fixture/fakesim"
)

func TestBad(t *testing.T) {
	fakesim.Test(t, func(seed uint64) (string, string) {
		switch {
		case seed%47 == 0:
			return "one leader", fmt.Sprintf("n%d and n3 lead term %d", seed%5, seed)
		case seed%60 == 0:
			return "one leader", "nobody leads"
		}
		return "", ""
	})
}

func TestGood(t *testing.T) {
	fakesim.Test(t, func(uint64) (string, string) { return "", "" })
}

func TestNested(t *testing.T) {
	t.Run("a b", func(t *testing.T) { fakesim.Test(t, func(uint64) (string, string) { return "", "" }) })
	t.Run("c/d", func(t *testing.T) { fakesim.Test(t, func(uint64) (string, string) { return "", "" }) })
}

func TestCrash(t *testing.T) {
	fakesim.Test(t, func(seed uint64) (string, string) {
		if seed%20 == 5 {
			var m map[string]int
			m["x"] = 1
		}
		return "", ""
	})
}

func TestExit(t *testing.T) {
	fakesim.Test(t, func(seed uint64) (string, string) {
		if seed == 4 {
			fmt.Println("last words")
			os.Exit(3)
		}
		return "", ""
	})
}

func TestHang(t *testing.T) {
	fakesim.Test(t, func(seed uint64) (string, string) {
		if seed == 3 {
			select {}
		}
		return "", ""
	})
}

func TestSlow(t *testing.T) {
	fakesim.Test(t, func(seed uint64) (string, string) {
		if seed > 1 {
			f, _ := os.OpenFile(os.Getenv("FIXTURE_MARK"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
			f.WriteString("x")
			time.Sleep(time.Hour)
		}
		return "", ""
	})
}

// TestCrowd fails only in company.
func TestCrowd(t *testing.T) {
	runs := 0
	fakesim.Test(t, func(uint64) (string, string) {
		runs++
		return "", ""
	})
	if runs > 1 {
		t.Error("a leftover of the run before")
	}
}

func TestAround(t *testing.T) {
	ran9 := false
	defer func() {
		if ran9 {
			t.Error("the check behind the run")
		}
	}()
	fakesim.Test(t, func(seed uint64) (string, string) {
		ran9 = ran9 || seed == 9
		return "", ""
	})
}
`,
	"ordinary/ordinary_test.go": `package ordinary

import (
	"testing"

	"fixture/fakesim"
)

func TestArithmetic(t *testing.T) {
	if 1+1 != 3 {
		t.Error("1+1 is not 3")
	}
}

func TestSim(t *testing.T) {
	fakesim.Test(t, func(uint64) (string, string) { return "", "" })
}
`,
	"mains/mains_test.go": `package mains

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"fixture/fakesim"
)

func TestMain(m *testing.M) {
	if os.Getenv("MAIN") == "never" {
		return
	}
	m.Run()
	os.Exit(0) // whatever Run has returned
}

func TestOrdinary(t *testing.T) {
	switch os.Getenv("ENDS") {
	case "fails":
		t.Error("it fails")
	case "exit":
		syscall.Exit(0)
	}
}

func TestSim(t *testing.T) {
	fakesim.Test(t, func(uint64) (string, string) {
		switch os.Getenv("ENDS") {
		case "sim exit":
			syscall.Exit(0)
		case "outlived":
			child := exec.Command("sleep", "3600")
			child.Stdout = os.Stdout
			if err := child.Start(); err != nil {
				return "", err.Error()
			}
		case "killed once":
			f, err := os.OpenFile(os.Getenv("MARK"), os.O_CREATE|os.O_EXCL, 0o666)
			if err != nil {
				return "", ""
			}
			f.Close()
			fallthrough
		case "killed":
			p, _ := os.FindProcess(os.Getpid())
			p.Kill()
			select {}
		}
		return "", ""
	})
	if os.Getenv("ENDS") == "around" {
		t.Error("the check behind the run")
	}
}
`,
	"plain/plain_test.go":   "package plain\n\nimport \"testing\"\n\nfunc TestNothing(t *testing.T) {}\n",
	"broken/broken_test.go": "package broken\n\nfunc oops() int { return \"a string\" }\n",
	"untested/untested.go":  "package untested\n",
}

var fixtureDir = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(tempFolder, "fixture")
	for name, text := range fixture {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return "", err
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			return "", err
		}
	}
	return dir, nil
})

// tempFolder is a folder for the whole test.
var tempFolder string

func TestMain(m *testing.M) {
	if os.Getenv("SAMERUN_TEST_AS_TOOL") != "" { // a test has started this binary as the tool
		os.Unsetenv("SAMERUN_TEST_AS_TOOL")
		main()
	}
	dir, err := os.MkdirTemp("", "samerun-fixture-")
	if err != nil {
		panic(err)
	}
	tempFolder = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// takesLong skips a test that takes many seconds, unless SAMERUN_LONG asks for those.
// The pipeline does.
func takesLong(t *testing.T) {
	t.Helper()
	if !long() {
		t.Skip("takes long: set SAMERUN_LONG=1")
	}
}

func long() bool { return os.Getenv("SAMERUN_LONG") != "" }

// firstOrAll returns the first quick rows of a table whose every row takes its time, and
// all if SAMERUN_LONG is set.
func firstOrAll[Row any](quick int, rows []Row) []Row {
	if long() {
		return rows
	}
	return rows[:quick]
}

// answer is what one call of the tool gave.
type answer struct {
	code           int
	stdout, stderr string
}

// runTool runs the tool in the fixture module. The words of line are its arguments.
func runTool(t *testing.T, line string, env ...string) answer {
	t.Helper()
	return runToolContext(t, t.Context(), line, env...)
}

func runToolContext(t *testing.T, ctx context.Context, line string, env ...string) answer {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs test binaries")
	}
	dir, err := fixtureDir()
	if err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	a := &app{&out, &errOut, gocmd.Caller{Dir: dir, Environ: append(append(gocmd.ChildEnviron(os.Environ()), "SAMERUN_OVERLAY=off", quickLink), env...)}}
	code := a.main(ctx, strings.Fields(line))
	return answer{code, out.String(), errOut.String()}
}

// want checks the exit status and that each text occurs, in this order.
func (a answer) want(t *testing.T, code int, stream string, texts ...string) {
	t.Helper()
	if a.code != code {
		t.Errorf("exit status %d, want %d", a.code, code)
	}
	rest := stream
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			t.Errorf("%q is missing, or not in its place", text)
			continue
		}
		rest = after
	}
	if t.Failed() {
		t.Fatalf("stdout:\n%s\nstderr:\n%s", a.stdout, a.stderr)
	}
}
