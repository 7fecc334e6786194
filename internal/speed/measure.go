package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result is what was measured of a row.
type result struct {
	Ours    float64   // nanoseconds of processor time, the least of the turns
	Theirs  float64   `json:",omitempty"`
	Ratios  []float64 `json:",omitempty"` // ours to theirs, in each turn
	Bytes   float64   `json:",omitempty"` // allocated by one of ours, if a benchmark says so
	Machine string    // where, and by which Go
}

// meter measures.
type meter struct {
	tmp   string
	turns int
	built map[string]string // binaries, by what they are made of
}

func (m *meter) measure(r row) (res result, err error) {
	var ours, theirs []float64
	for range m.turns {
		a, metrics, err := m.cost(r.Ours)
		if err != nil {
			return res, err
		}
		ours = append(ours, a)
		res.Bytes = metrics["B/op"] * r.Ours.share()
		if r.Theirs == nil {
			continue
		}
		b, _, err := m.cost(*r.Theirs)
		if err != nil {
			return res, err
		}
		b *= max(metrics[r.Ours.By], 1) // as many bare events, say
		theirs = append(theirs, b)
		res.Ratios = append(res.Ratios, a/b)
	}
	res.Ours = slices.Min(ours)
	if theirs != nil {
		res.Theirs = slices.Min(theirs)
	}
	res.Machine = runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
	return res, nil
}

// share is how much of what a benchmark calls one is one in the table.
func (s side) share() float64 {
	if s.Per == 0 {
		return 1
	}
	return s.Per
}

// cost is what one unit of a side takes, in nanoseconds, and what its benchmark has said.
func (m *meter) cost(s side) (float64, map[string]float64, error) {
	few := max(s.N/100, 1)
	if few == s.N {
		few = 0
	}
	base, _, err := m.use(s, few)
	if err != nil {
		return 0, nil, err
	}
	all, out, err := m.use(s, s.N)
	if err != nil {
		return 0, nil, err
	}
	if all <= base {
		return 0, nil, fmt.Errorf("%d of them take no longer than %d", s.N, few)
	}
	ns, said := float64(all-base)/float64(s.N-few)*s.share(), metrics(out)
	if s.Unit != "" {
		ns *= said[s.Unit] / said["ns/op"]
	}
	return ns, said, nil
}

// metrics reads the line of a benchmark.
func metrics(out string) map[string]float64 {
	found := map[string]float64{}
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		for i := 2; i+1 < len(f); i += 2 {
			found[f[i+1]], _ = strconv.ParseFloat(f[i], 64)
		}
	}
	return found
}

// use runs n units of a side, and returns what they took and said.
func (m *meter) use(s side, n int) (time.Duration, string, error) {
	switch {
	case s.Pkg != "":
		exe, err := m.test(s.Pkg, false)
		if err != nil {
			return 0, "", err
		}
		if n == 0 {
			return 0, "", nil
		}
		parts := strings.Split(s.Bench, "/")
		for i, p := range parts {
			parts[i] = "^" + regexp.QuoteMeta(p) + "$"
		}
		parts[0] = "^Benchmark" + parts[0][1:]
		return m.run(exe, s.Pkg, []string{"GOMAXPROCS=1"}, "-test.run=^$", "-test.bench="+strings.Join(parts, "/"), fmt.Sprintf("-test.benchtime=%dx", n), "-test.benchmem")
	case s.Prog == "suite":
		exe, err := m.test(s.Work, true)
		if err != nil {
			return 0, "", err
		}
		var sum time.Duration
		for seed := range n {
			took, _, err := m.run(exe, s.Work, []string{"GOMAXPROCS=1", "GOGC=800", fmt.Sprintf("SAMERUN_SEED=%d", seed+1)})
			if err != nil {
				return 0, "", err
			}
			sum += took
		}
		return sum, "", nil
	case s.Prog == "process":
		f := strings.Fields(s.Work)
		exe, err := m.test(f[0], false)
		if err != nil {
			return 0, "", err
		}
		var sum time.Duration
		for range n {
			took, _, err := m.run(exe, f[0], []string{"GOMAXPROCS=1"}, "-test.run=^"+f[1]+"$")
			if err != nil {
				return 0, "", err
			}
			sum += took
		}
		return sum, "", nil
	case s.Prog == "sweep":
		exe, err := m.tool()
		if err != nil {
			return 0, "", err
		}
		f := strings.Fields(s.Work)
		return m.run(exe, f[0], nil, "test", "-shrink", "0", "-j", f[2], "-seeds", fmt.Sprintf("1-%d", max(n, 1)), "-run", f[1], ".")
	}
	exe, err := m.test(s.Prog, s.Env == seeded)
	if err != nil {
		return 0, "", err
	}
	return m.run(exe, s.Prog, append(strings.Fields(s.Env), "GOMAXPROCS=1", "SPEED_WORK="+s.Work, fmt.Sprintf("SPEED_ROUNDS=%d", n)), "-test.run=^TestWork$")
}

// run runs a program and returns its processor time, that of those it has waited for among it.
func (m *meter) run(exe, dir string, env []string, args ...string) (time.Duration, string, error) {
	cmd := exec.Command(exe, args...)
	cmd.Dir, cmd.Env = filepath.FromSlash(dir), append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, "", fmt.Errorf("%s %s: %w\n%s", filepath.Base(exe), strings.Join(args, " "), err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), string(out), nil
}

// tool builds the tool.
func (m *meter) tool() (string, error) {
	if exe := m.built["tool"]; exe != "" {
		return exe, nil
	}
	exe := filepath.Join(m.tmp, "samerun.exe")
	m.built["tool"] = exe
	return exe, build("", "build", "-o", exe, "./cmd/samerun")
}

// test builds the tests of a folder, as plain Go or with the overlay.
func (m *meter) test(dir string, overlay bool) (string, error) {
	key := fmt.Sprint(dir, overlay)
	if exe := m.built[key]; exe != "" {
		return exe, nil
	}
	args := []string{"test", "-c"}
	if overlay {
		tool, err := m.tool()
		if err != nil {
			return "", err
		}
		goflags := exec.Command(tool, "goflags")
		goflags.Dir = filepath.FromSlash(dir)
		flags, err := goflags.Output()
		if err != nil {
			return "", fmt.Errorf("samerun goflags: %w", err)
		}
		args = append(args, strings.Fields(string(flags))...)
	}
	exe := filepath.Join(m.tmp, fmt.Sprintf("%d.test.exe", len(m.built)))
	m.built[key] = exe
	return exe, build(filepath.FromSlash(dir), append(args, "-o", exe, ".")...)
}

func build(dir string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}
