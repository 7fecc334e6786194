package overlay

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// cellsFile is the table of docs/faults.md about streams and datagrams.
const cellsFile = "../../testdata/faults/sockets.table"

var rewriteCells = flag.Bool("cells", false, "write the outcomes of "+cellsFile+" anew")

// What becomes of bytes, the end of a stream, a reset, a dial and datagrams under each kind of
// fault is what the table says, exactly, in each process.
func TestStreamCells(t *testing.T) {
	t.Parallel()
	exe := binary(t, "links")
	data, err := os.ReadFile(cellsFile)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	var columns []string
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		switch {
		case len(cells) < 3 || line[0] == '#':
			out.WriteString(line)
			continue
		case columns == nil:
			for _, c := range cells {
				columns = append(columns, strings.TrimSpace(c))
			}
			out.WriteString(line)
			continue
		}
		what, steps := strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1])
		plan := filepath.Join(t.TempDir(), "plan")
		if err := os.WriteFile(plan, []byte(planOf(t, steps)), 0o666); err != nil {
			t.Fatal(err)
		}
		var first string
		for i, settings := range [][]string{{"SAMERUN_SEED=1", "GOMAXPROCS=1"}, {"SAMERUN_SEED=1", "GOMAXPROCS=8", "GOGC=10"}, {"SAMERUN_SEED=2", "GOMAXPROCS=2"}} {
			text, results, code := run(t, exe, ".", append(settings, "SAMERUN_FAULTS="+plan)...)
			if code != 0 {
				t.Fatalf("%s: exit status %d\n%s", what, code, text)
			}
			switch i {
			case 0:
				first = results
				row := []string{what, steps}
				for _, c := range columns[2:] {
					m := regexp.MustCompile(`(?m)^cell ` + c + `: (.*)$`).FindStringSubmatch(text)
					if m == nil {
						t.Fatalf("%s: nothing is told of %s:\n%s", what, c, text)
					}
					row = append(row, m[1])
				}
				if got := strings.Join(row, " | "); *rewriteCells {
					out.WriteString(got + "\n")
				} else if want := strings.TrimSpace(line); got != want {
					t.Errorf("\n got %s\nwant %s", got, want)
				}
			case 1:
				if results != first {
					t.Errorf("%s: two runs of one seed:\n%s", what, differences(first, results))
				}
			}
			if strings.Contains(results, `"hits":0`) && strings.Count(results, `"hits":0`) > strings.Count(results, `"hits":`)*5/6 {
				t.Errorf("%s: the faults meet nothing:\n%s", what, results)
			}
		}
	}
	if *rewriteCells {
		if err := os.WriteFile(cellsFile, []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// planOf is a plan of the steps in a row of the table, as SAMERUN_FAULTS names it. Every
// message takes 10 ms.
func planOf(t *testing.T, steps string) string {
	plan := "samerun faults 1\nlatency index=0 key=0 begin=900000000 min=10000000 from all to all\n"
	for i, step := range strings.Split(steps, ";") {
		words := strings.Fields(step)
		if len(words) == 0 {
			continue
		}
		if len(words) < 3 {
			t.Fatalf("%q is no step", step)
		}
		begin, end, _ := strings.Cut(words[2], "..")
		at := func(text string) int64 {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				t.Fatalf("%q is no step", step)
			}
			return (1000 + n) * 1e6
		}
		line := fmt.Sprintf("%s index=%d key=5 begin=%d", words[0], i+1, at(begin))
		if end != "" {
			line += fmt.Sprintf(" end=%d", at(end))
		}
		for _, more := range words[3:] {
			line += " " + more
		}
		switch words[1] {
		case "link":
			line += ` from all but "listener 1" "listener 2" to "listener 1" "listener 2"`
		case "back":
			line += ` from "listener 1" "listener 2" to all but "listener 1" "listener 2"`
		case "both":
			line += ` from all to all`
		default:
			t.Fatalf("%q is no step", step)
		}
		plan += line + "\n"
	}
	return plan
}
