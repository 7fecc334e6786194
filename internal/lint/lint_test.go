package lint

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// inRuns says of a package that it takes part in a run, or that a run stands on it.
// The tool, the examples and this package do not. What only tells or saves a run that
// is over stands there too, but for wire, which the tool and a test process share.
func inRuns(pkg string) bool {
	switch first, _, _ := strings.Cut(pkg, "/"); first {
	case "clock", "sched", "sim", "labrpc", "proptest":
		return true
	}
	return slices.Contains([]string{
		"internal/gobwire", "internal/keyed", "internal/pick", "internal/seeds", "internal/story", "internal/strictjson", "internal/text", "internal/wire", "internal/gomod",
	}, pkg)
}

// TestTree is what the package is for: the tree it is in keeps the rules.
func TestTree(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	packages, err := Load(root, "./...")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, p := range packages {
		for _, err := range p.Errors {
			t.Errorf("%v", err)
		}
		name, _ := below(p.Module, p.Path)
		there[name] = true
		var only []string
		if !inRuns(name) {
			only = []string{"imports", "leak", "size"}
		}
		for _, problem := range Check(p, only...) {
			t.Error(problem)
		}
	}
	// The layers are the house as it is, and not as it was.
	for _, layer := range layers() {
		for _, pkg := range layer {
			if !there[pkg] {
				t.Errorf("the package %s has a place in the layers and is not there; take it out of layers.go", pkg)
			}
		}
	}
}

// marks finds what a fixture says about a line: want:maprange.
var marks = regexp.MustCompile(`want:([a-z]+)`)

// TestFixtures holds the rules to sources that say themselves, line by line, what
// is wrong with them.
func TestFixtures(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	packages, err := Load(dir, "./allow", "./clean", "./float", "./global", "./goroutine", "./maprange", "./rand", "./wallclock")
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) != 8 {
		t.Fatalf("%d packages", len(packages))
	}
	for _, p := range packages {
		for _, err := range p.Errors {
			t.Errorf("%v", err)
		}
		var want, got []string
		for _, file := range p.Files {
			name := p.Fset.Position(file.Pos()).Filename
			for i, line := range strings.Split(string(p.Source[name]), "\n") {
				for _, m := range marks.FindAllStringSubmatch(line, -1) {
					want = append(want, fmt.Sprintf("%s:%d: %s", name, i+1, m[1]))
				}
			}
		}
		problems := Check(p)
		for _, q := range problems {
			got = append(got, fmt.Sprintf("%s:%d: %s", q.Pos.Filename, q.Pos.Line, q.Rule))
		}
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s is not reported", w)
			}
		}
		for i, g := range got {
			if !slices.Contains(want, g) {
				t.Errorf("%s should be fine", problems[i])
			}
		}
		if len(want) != len(got) {
			t.Errorf("%s: %d problems, want %d", p.Path, len(got), len(want))
		}
	}
}

// writeModule writes a module into a new folder.
func writeModule(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestImportsAndSize(t *testing.T) {
	dir := writeModule(t, map[string]string{
		"go.mod":               "module example\n\ngo 1.26\n",
		"internal/text/low.go": "package text\n\nimport _ \"example/clock\"\n",
		"clock/clock.go":       "package clock\n\nimport _ \"strings\"\n",
		"sched/sched.go":       "package sched\n\nimport (\n\t_ \"example/clock\"\n\t_ \"example/sim/disk\"\n)\n",
		"sim/sim.go":           "package sim\n\nimport _ \"example/clock\"\n\nimport _ \"example/sim/disk\"\n",
		"sim/disk/disk.go":     "package disk\n",
		"stray/stray.go":       "package stray\n",
		"sim/fault/fault.go":   "package fault\n\nimport _ \"example/stray\"\n",
		"labrpc/long.go":       "package labrpc\n" + strings.Repeat("\n", maxLines) + "func f() {}\n",
		"labrpc/allowed.go":    "//samerun:allow size: a table\npackage labrpc\n" + strings.Repeat("\n", maxLines) + "func g() {}\n",
		"labrpc/justright.go":  "package labrpc\n" + strings.Repeat("\n", maxLines-2) + "func h() {}\n",
		"proptest/broken.go":   "package proptest\n\nvar x int = \"no number\"\n",
	})
	packages, err := Load(dir, "./...")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, p := range packages {
		for _, err := range p.Errors {
			fmt.Fprintln(&got, err)
		}
		for _, q := range Check(p) {
			fmt.Fprintln(&got, q)
		}
	}
	const order = "imports point downwards in the layers of internal/lint/layers.go"
	want := []string{
		"internal/text/low.go:3: imports: internal/text must not import clock: " + order,
		"labrpc/long.go:1: size: the file has 602 lines, more than 600; one idea a file",
		`proptest/broken.go:3:13: cannot use "no number" (untyped string constant) as int value in variable declaration`,
		"sched/sched.go:5: imports: sched must not import sim/disk: " + order,
		"sim/fault/fault.go:3: imports: sim/fault must not import stray, which has no place in the layers; give it one in internal/lint/layers.go",
		"stray/stray.go:1: imports: the package stray has no place in the layers; give it one in internal/lint/layers.go",
	}
	lines := strings.Split(strings.TrimSpace(got.String()), "\n")
	slices.Sort(lines)
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

// A name that leads to an internal type is found wherever it hides.
func TestLeak(t *testing.T) {
	const public = `package public

import "example/internal/low"

type (
	Good struct{ key low.Key }
	Field struct{ Key low.Key }
	Embedded struct{ low.Key }
	Alias = []low.Key
	Func func(map[string]*low.Key)
	Chan chan<- [2]low.Key
	Face interface{ Do() (int, low.Key) }
	Generic[T interface{ ~int | low.Key }] struct{}
	Deep struct{ F func(struct{ K Box[low.Key] }) }
	Box[T any] struct{ v T }
	hidden struct{ Key low.Key }
)

var Var low.Key

func Result() (k low.Key)      { return }
func Variadic(k ...low.Key)    {}
func Bound[T low.Face](t T)    {}
func Fine(h Good, t Box[int])  {}
func (Good) Method(k low.Key)  {}
func (Good) method(k low.Key)  {}
func (*Box[T]) Own(t T, u []T) {}
func helper(k low.Key)         {}

const Const = low.Zero
`
	dir := writeModule(t, map[string]string{
		"go.mod":              "module example\n\ngo 1.26\n",
		"public/public.go":    public,
		"internal/low/low.go": "package low\n\ntype (\n\tKey uint64\n\tFace interface{ Low() }\n)\n\nconst Zero Key = 0\n\nfunc Own(k Key) {}\n",
	})
	packages, err := Load(dir, "./...")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range packages {
		for _, err := range p.Errors {
			t.Error(err)
		}
		for _, q := range Check(p, "leak") {
			name, _, _ := strings.Cut(q.Message, " is exported, and its type is made of one of example/internal/low,")
			got = append(got, name)
		}
	}
	slices.Sort(got)
	want := []string{"Alias", "Bound", "Chan", "Const", "Deep.F", "Embedded.Key", "Face.Do", "Field.Key", "Func", "Generic", "Good.Method", "Result", "Var", "Variadic"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestLoadErrors(t *testing.T) {
	dir := writeModule(t, map[string]string{
		"go.mod":       "module example\n\ngo 1.26\n",
		"bad/bad.go":   "package bad\n\nfunc {\n",
		"none/none.md": "no Go\n",
	})
	for _, pattern := range []string{"./bad", "./none", "./absent"} {
		if _, err := Load(dir, pattern); err == nil {
			t.Errorf("%s loads", pattern)
		}
	}
}

func Example() {
	packages, err := Load(".", "./testdata/clean", "./testdata/goroutine")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range packages {
		problems := Check(p)
		fmt.Println(p.Types.Name(), len(problems))
		for _, problem := range problems[:min(1, len(problems))] {
			fmt.Println(problem)
		}
	}
	// Output:
	// clean 0
	// goroutine 4
	// testdata/goroutine/goroutine.go:9: goroutine: go: the order of goroutines differs from run to run; spawn a task of the scheduler
}
