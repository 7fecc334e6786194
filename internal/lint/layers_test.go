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

// Who imports the simulator gets nothing of the tool, nor anything that starts
// processes, but for what starts the go command on behalf of a test of goroutines.
func TestTheSimulatorDependsOnNoTool(t *testing.T) {
	tool := layerOf("internal/gocmd")
	starts := map[string]bool{}
	for _, line := range tree(t, `{{.ImportPath}} {{join .Imports " "}}`) {
		starts[line[0]] = slices.Contains(line[1:], "os/exec") && line[0] != thisModule+"/internal/rerun"
	}
	for _, line := range tree(t, `{{.ImportPath}} {{join .Deps " "}}`) {
		from, _ := below(thisModule, line[0])
		if layerOf(from) >= tool || strings.HasPrefix(from, "internal/") {
			continue
		}
		for _, path := range line {
			if starts[path] {
				t.Errorf("%s depends on %s, which imports os/exec", from, path)
			}
			if to, ok := below(thisModule, path); ok && layerOf(to) >= tool {
				t.Errorf("%s depends on %s, which is of the tool", from, to)
			}
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
