package lint

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// tree runs go list on all packages of this module and returns its lines, each cut at
// its blanks.
func tree(t *testing.T, format string) (lines [][]string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", format, "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		lines = append(lines, strings.Fields(line))
	}
	return lines
}

const thisModule = "samerun"

// Each package of the module has a place, and what it imports lies below it, those of
// the tool as well, whose code the other rules leave alone.
func TestLayersOfTheTree(t *testing.T) {
	packages := tree(t, `{{.ImportPath}} {{join .Imports " "}}`)
	if len(packages) < 30 {
		t.Fatalf("go list names %d packages only", len(packages))
	}
	for _, line := range packages {
		from, ok := inModule(thisModule, line[0])
		if !ok {
			t.Fatalf("go list names %s", line[0])
		}
		if _, _, ok := place(from); !ok {
			t.Error(noPlace(from))
		}
		for _, path := range line[1:] {
			if to, ok := inModule(thisModule, path); ok {
				if problem := importProblem(from, to); problem != "" {
					t.Error(problem)
				}
			}
		}
	}
}

// Who imports the simulator gets nothing of the tool, nor anything that starts
// processes.
func TestTheSimulatorDependsOnNoTool(t *testing.T) {
	tool, _, _ := place("internal/gocmd")
	for _, line := range tree(t, `{{.ImportPath}} {{join .Deps " "}}`) {
		from, _ := inModule(thisModule, line[0])
		if layer, _, _ := place(from); layer >= tool || strings.HasPrefix(from, "internal/") {
			continue
		}
		for _, path := range line[1:] {
			to, ok := inModule(thisModule, path)
			if layer, _, _ := place(to); ok && layer >= tool {
				t.Errorf("%s depends on %s, which is of the tool", from, to)
			}
		}
		if slices.Contains(line[1:], "os/exec") {
			t.Errorf("%s depends on os/exec", from)
		}
	}
}

// The command has verbs, flags and help; what they do is in packages of their own.
func TestTheCommandHasVerbsOnly(t *testing.T) {
	for _, line := range tree(t, `{{.ImportPath}} {{join .Imports " "}}`) {
		if line[0] != thisModule+"/cmd/samerun" {
			continue
		}
		for _, path := range []string{"os/exec", "sync", "bufio", "go/ast", thisModule + "/internal/overlay", thisModule + "/internal/testproc"} {
			if slices.Contains(line[1:], path) {
				t.Errorf("cmd/samerun imports %s: the work of a verb belongs into a package below internal", path)
			}
		}
		return
	}
	t.Error("there is no cmd/samerun")
}

// A package below another one can have a place of its own, and what belongs together
// imports each other.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"sim", "internal/trial", ""},
		{"internal/trial", "sim/fault", ""},
		{"sched", "sim/fault", "sched must not import sim/fault: imports point downwards in the layers of internal/lint"},
		{"internal/runner/tasks", "internal/runner", ""},
		{"internal/runner", "internal/runner/tasks", "internal/runner must not import internal/runner/tasks: imports point downwards in the layers of internal/lint"},
		{"internal/runner/tasks", "internal/runner/ordinary", "internal/runner/tasks must not import internal/runner/ordinary: imports point downwards in the layers of internal/lint"},
		{"internal/screens", "clock", "the package internal/screens has no place in the layers; give it one in internal/lint"},
	} {
		if got := importProblem(c.from, c.to); got != c.want {
			t.Errorf("%s imports %s: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}
