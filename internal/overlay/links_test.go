package overlay

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// cellsFile is the table of docs/fault-kinds.md about streams and datagrams.
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
		for i, settings := range firstOrAll(1, [][]string{{"SAMERUN_SEED=1", "GOMAXPROCS=1"}, {"SAMERUN_SEED=1", "GOMAXPROCS=8", "GOGC=10"}, {"SAMERUN_SEED=2", "GOMAXPROCS=2"}}) {
			text, results, code := run(t, exe, "TestBytes|TestEnd|TestReset|TestDial|TestDatagram|TestWriter", append(settings, "SAMERUN_FAULTS="+plan)...)
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

// planFile writes a plan.
func planFile(t testing.TB, lines ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan")
	if err := os.WriteFile(file, []byte("samerun faults 1\n"+strings.Join(lines, "\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// Whatever holds links up, deadlines, Close and contexts end each wait when they should.
func TestFaultsHoldNoWaitUp(t *testing.T) {
	t.Parallel()
	exe := binary(t, "links")
	for _, kind := range []string{"cut", "clog", "stall", "halfopen"} {
		plan := planFile(t, kind+" index=0 key=1 begin=1000000000 from all to all")
		pattern := "TestWaits"
		env := []string{"SAMERUN_SEED=3", "SAMERUN_FAULTS=" + plan}
		if kind == "stall" || kind == "halfopen" { // connections that are there, and nothing else
			env = append(env, "LINKS=stall")
		}
		if out, _, code := run(t, exe, pattern, env...); code != 0 {
			t.Errorf("%s: exit status %d\n%s", kind, code, out)
		}
	}
}

// chances are rules that leave things to chance, with what the results tell of each.
var chances = []string{
	`loss index=0 key=a1 begin=0 ppm=50000 from all to all`,
	`loss index=1 key=a2 begin=0 ppm=30000 from all to "listener 2"`,
	`reorder index=2 key=a3 begin=0 ppm=100000 min=1000000 max=90000000 from all to all`,
	`bitflip index=3 key=a4 begin=0 ppm=40000 from all to all`,
	`duplicate index=4 key=a5 begin=0 ppm=80000 from all to all`,
	`replay index=5 key=a6 begin=0 ppm=60000 min=5000000 max=50000000 from all to all`,
	`stall index=6 key=a7 begin=0 end=500000000 ppm=200000 from all to "listener 1"`,
	`latency index=7 key=a8 begin=0 shape=3 min=1000000 max=30000000 from all to all`,
}

// What chance does is the same in every process of a seed, another at another seed, and is
// told as picks; one fault less leaves what the others do as it was, in ordinary Go, too.
func TestChanceOfFaults(t *testing.T) {
	t.Parallel()
	exe := binary(t, "links")
	picks := func(plan, seed string) map[string][]string {
		_, first, code := run(t, exe, "TestChatter", "SAMERUN_SEED="+seed, "SAMERUN_FAULTS="+plan, "GOMAXPROCS=1")
		if _, second, _ := run(t, exe, "TestChatter", "SAMERUN_SEED="+seed, "SAMERUN_FAULTS="+plan, "GOMAXPROCS=8", "GOGC=10"); code != 0 || first != second {
			t.Fatalf("exit status %d, two runs:\n%s", code, differences(first, second))
		}
		of := make(map[string][]string)
		for _, m := range regexp.MustCompile(`\{"element":(\d+),"what":("(?:[^"\\]|\\.)*")\}`).FindAllStringSubmatch(first, -1) {
			of[m[1]] = append(of[m[1]], m[2])
		}
		for _, all := range of {
			slices.Sort(all) // who is first is the schedule's affair
		}
		return of
	}
	whole := picks(planFile(t, chances...), "1")
	for i := range 7 {
		if n := len(whole[strconv.Itoa(i)]); n < 3 {
			t.Errorf("element %d has hit %d times", i, n)
		}
	}
	if other := picks(planFile(t, chances...), "2"); fmt.Sprint(other) == fmt.Sprint(whole) {
		t.Error("chance does the same at another seed")
	}
	for i := range chances {
		less := picks(planFile(t, slices.Delete(slices.Clone(chances), i, i+1)...), "1")
		if len(less[strconv.Itoa(i)]) > 0 {
			t.Errorf("without element %d it has hit", i)
		}
		for j := range chances {
			if a, b := less[strconv.Itoa(j)], whole[strconv.Itoa(j)]; j != i && !slices.Equal(a, b) {
				t.Errorf("without element %d, element %d has hit %d times in place of %d", i, j, len(a), len(b))
			}
		}
	}
}

// The race detector has nothing to say of faults, and what happens is the same with it.
func TestFaultsWithRace(t *testing.T) {
	t.Parallel()
	plan := planFile(t, append(slices.Clone(chances),
		"cut index=8 key=1 begin=5000000 end=400000000 from all to all",
		"clog index=9 key=1 begin=500000000 end=900000000 from all to all")...)
	_, want, code := run(t, binary(t, "links"), "TestChatter", "SAMERUN_SEED=1", "SAMERUN_FAULTS="+plan)
	if code != 0 {
		t.Fatalf("exit status %d", code)
	}
	out, got, code := run(t, binary(t, "links", "-race"), "TestChatter", "SAMERUN_SEED=1", "SAMERUN_FAULTS="+plan)
	if code != 0 || got != want {
		t.Errorf("exit status %d\n%s\n%s", code, out, differences(want, got))
	}
}

// A plan that is not right ends the process with one sentence.
func TestBadPlans(t *testing.T) {
	t.Parallel()
	exe := binary(t, "links")
	folder := t.TempDir()
	for _, c := range []struct{ file, want string }{
		{filepath.Join(folder, "no"), "cannot be read: open "},
		{folder, "is not a regular file"},
		{planFile(t, "cutt index=0 key=1 begin=0 from all to all"), `plan, line 2: there is no kind "cutt"`},
		{planFile(t, "cut index=0 key=1 begin=0 from all"), "plan, line 2: to is missing"},
		{planFile(t, "cut index=0 key=1 begin=0 ppm=2000000 from all to all"), "plan, line 2: ppm is not 0 to 1000000"},
		{planFile(t, "cut index=0 key=1 begin=0 from all to all but"), "plan, line 2: no end of a link is named"},
	} {
		out, _, code := run(t, exe, "TestBytes", "SAMERUN_SEED=1", "SAMERUN_FAULTS="+c.file)
		if code != 2 || strings.Count(out, "\n") != 1 || !strings.HasPrefix(out, "samerun: the faults that SAMERUN_FAULTS names cannot be ") || !strings.Contains(out, c.want) {
			t.Errorf("exit status %d, %s\nwant %s", code, out, c.want)
		}
	}
}
