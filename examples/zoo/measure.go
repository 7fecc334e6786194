package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/exp/stats"

	"samerun/sim/replay"
)

const (
	starts   = 20     // of each search
	apart    = 10_000 // seeds from one start to the next
	patience = 2_000  // seeds until a search is given up
	slow     = 40     // a median from which on others search too

	fewFaults = 3 // that a person can keep in mind
	mostTried = 6 // failures that are minimised until one is left with so few
)

// animal is a planted bug.
type animal struct {
	Package string // folder of the package
	Bug     string
}

// row is what was measured of an animal.
type row struct {
	animal
	Chaos  search
	Others []search `json:",omitempty"` // by those that search for slow bugs; nil for the others

	Property string
	Story    string // one line a fault
	Tried    int    // failures that were minimised until this one
	Shrunk   shrunk

	replay string // the file
}

// search is how soon one way to look finds a bug.
type search struct {
	Name  string
	Seeds []int // from each start; patience+1 if it was given up
	Took  time.Duration
	Runs  int
}

// shrunk is what samerun test -json says of the minimised failure.
type shrunk struct {
	Words      string  `json:"words"`
	Seconds    float64 `json:"seconds"`
	Tries      int     `json:"tries"`
	Minimal    bool    `json:"minimal"`
	Faults     [2]int  `json:"faults"`
	Steps      [2]int  `json:"steps"`
	Deviations [2]int  `json:"deviations"`
	Events     [2]int  `json:"events"`
}

// ways are how slow bugs are searched for, beside the preset chaos with the default
// strategy: an environment variable more, or a test of another preset.
var ways = []struct{ name, test, env string }{
	{"swarm", "TestZooSwarm", ""},
	{"PCT", "TestZoo", "SAMERUN_STRATEGY=pct:3"},
	{"POS", "TestZoo", "SAMERUN_STRATEGY=pos"},
}

// keeper measures.
type keeper struct {
	tmp      string
	workers  int
	patience int // seeds until a search is given up
}

func (k *keeper) binary(pkg string) string {
	return filepath.Join(k.tmp, strings.ReplaceAll(pkg, "/", "-")+".test.exe")
}

// build builds the tool and the test binary of each package.
func (k *keeper) build(animals []animal) error {
	if err := command("go", "build", "-o", filepath.Join(k.tmp, "samerun.exe"), "./cmd/samerun"); err != nil {
		return err
	}
	built := map[string]bool{}
	for _, a := range animals {
		if a.ordinary() {
			if err := k.buildOrdinary(a); err != nil {
				return err
			}
			continue
		}
		if built[a.Package] {
			continue
		}
		built[a.Package] = true
		if a.Package == kernels {
			if err := k.buildOrdinary(a); err != nil {
				return err
			}
			continue
		}
		if err := command("go", "test", "-c", "-tags", "zoo", "-o", k.binary(a.Package), "./"+a.Package); err != nil {
			return err
		}
	}
	return nil
}

func command(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// measure finds out all about an animal.
func (k *keeper) measure(a animal) (*row, error) {
	r := &row{animal: a}
	var err error
	if r.Chaos, err = k.search(a, "chaos", "TestZoo", ""); err != nil {
		return nil, err
	}
	if median(r.Chaos.Seeds) >= slow && !a.ordinary() {
		for _, w := range ways {
			s, err := k.search(a, w.name, w.test, w.env)
			if err != nil {
				return nil, err
			}
			r.Others = append(r.Others, s)
		}
	}
	return r, k.smallest(r)
}

// smallest minimises the failures that were found, one after the other, until one is
// small enough for a person; else the smallest of some counts.
func (k *keeper) smallest(r *row) error {
	best, err := (*row)(nil), error(nil)
	for i, n := range r.Chaos.Seeds {
		if n > patience {
			continue
		}
		next := &row{animal: r.animal}
		if err = k.minimise(next, i*apart+n); err != nil {
			break
		}
		r.Tried++
		if best == nil || next.Shrunk.Faults[1] < best.Shrunk.Faults[1] {
			best = next
		}
		if best.Shrunk.Faults[1] <= fewFaults || r.Tried == mostTried {
			break
		}
	}
	switch {
	case err != nil:
		return err
	case best == nil:
		return fmt.Errorf("none of %d searches has found it in %d seeds", starts, patience)
	}
	r.Property, r.Story, r.replay, r.Shrunk = best.Property, best.Story, best.replay, best.Shrunk
	return nil
}

// search looks for a bug from all starts, some at a time.
func (k *keeper) search(a animal, name, test, env string) (search, error) {
	s := search{Name: name, Seeds: make([]int, starts)}
	errs := make([]error, starts)
	runs := make([]int, starts)
	slots := make(chan struct{}, k.workers)
	var wg sync.WaitGroup
	begun := time.Now()
	for i := range starts {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			s.Seeds[i], runs[i], errs[i] = k.from(a, test, env, i*apart+1)
		})
	}
	wg.Wait()
	s.Took = time.Since(begun)
	for _, n := range runs {
		s.Runs += n
	}
	return s, errors.Join(errs...)
}

// from runs seeds from a first one until one fails, and returns how many it took.
func (k *keeper) from(a animal, test, env string, first int) (seeds, runs int, err error) {
	switch {
	case a.Package == kernels:
		return k.fromKernel(a, env, first)
	case a.ordinary():
		return k.fromOrdinary(a, env, first)
	}
	results, err := os.CreateTemp(k.tmp, "results-*")
	if err != nil {
		return 0, 0, err
	}
	results.Close()
	defer os.Remove(results.Name())
	cmd := exec.Command(k.binary(a.Package), "-test.run=^"+test+"$/^"+a.Bug+"$")
	cmd.Dir = filepath.FromSlash(a.Package)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "SAMERUN_SHRINK=0", "SAMERUN_OUT="+k.tmp,
		"SAMERUN_RESULTS="+results.Name(), fmt.Sprintf("SAMERUN_SEEDS=%d-%d", first, first+k.patience-1))
	if env != "" {
		cmd.Env = append(cmd.Env, env)
	}
	out, _ := cmd.CombinedOutput() // it fails, that is the point
	data, err := os.ReadFile(results.Name())
	if err != nil {
		return 0, 0, err
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var l struct {
			OK bool `json:"ok"`
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return 0, 0, err
		}
		runs++
		if !l.OK {
			return runs, runs, nil
		}
	}
	if runs != k.patience {
		return 0, 0, fmt.Errorf("the test process has made %d of %d runs and said:\n%s", runs, k.patience, out)
	}
	return k.patience + 1, runs, nil
}

// minimise lets samerun test find the failure of a seed again and minimise it.
func (k *keeper) minimise(r *row, seed int) error {
	before, err := saved(r.Package)
	if err != nil {
		return err
	}
	tag, test := "zoo", "^TestZoo$/^"+r.Bug+"$"
	if r.ordinary() {
		tag, test = r.Bug, "^TestLedger$"
	}
	cmd := exec.Command(filepath.Join(k.tmp, "samerun.exe"), "test", "-tags", tag, "-json", "-shrink", "2m", "-j", fmt.Sprint(k.workers),
		"-seeds", fmt.Sprint(seed), "-run", test, ".")
	cmd.Dir = filepath.FromSlash(r.Package)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, _ := cmd.Output() // it fails, that is the point
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	var last struct {
		Property  string  `json:"property"`
		Replay    string  `json:"replay"`
		Story     string  `json:"story"`
		Minimised *shrunk `json:"minimised"`
	}
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil || last.Minimised == nil || last.Replay == "" {
		return fmt.Errorf("samerun test has left no minimised failure (%v):\n%s\n%s", err, out, stderr.String())
	}
	r.Property, r.Shrunk, r.Story = last.Property, *last.Minimised, faultsOf(last.Story)
	r.replay = filepath.Join(k.tmp, fmt.Sprintf("%s-%d.json", r.Bug, seed))
	if !filepath.IsAbs(last.Replay) {
		last.Replay = filepath.Join(cmd.Dir, last.Replay)
	}
	data, err := os.ReadFile(last.Replay)
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.replay, data, 0o644); err != nil {
		return err
	}
	if r.ordinary() { // what its process has printed is no story by itself
		file, err := replay.Read(r.replay)
		if err != nil {
			return err
		}
		r.Story = storyOf(file)
	}
	return clean(r.Package, before)
}

// saved lists the replay files of a package, and clean removes those that have come
// since.
func saved(pkg string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(pkg, "testdata", "replay"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func clean(pkg string, before []string) error {
	after, err := saved(pkg)
	if err != nil {
		return err
	}
	dir := filepath.Join(pkg, "testdata", "replay")
	for _, name := range after {
		if !slices.Contains(before, name) {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	if before == nil {
		return os.Remove(dir)
	}
	return nil
}

// storyOf returns the faults of a replay file, a line each.
func storyOf(file *replay.File) string {
	var lines []string
	for _, f := range file.Schedule.Faults {
		lines = append(lines, strings.Join(strings.Fields(f.String()), " "))
	}
	return strings.Join(lines, "\n")
}

// faultsOf returns the lines of a story that tell the faults and what they befell.
func faultsOf(story string) string {
	var lines []string
	in := false
	for line := range strings.Lines(story) {
		text := strings.TrimSpace(line)
		switch {
		case strings.Contains(text, "took effect:"):
			in = true
		case in && strings.HasPrefix(line, "      "):
			if !strings.HasSuffix(text, "quiet") {
				lines = append(lines, strings.Join(strings.Fields(text), " "))
			}
		case in:
			return strings.Join(lines, "\n")
		}
	}
	return strings.Join(lines, "\n")
}

// medianUpTo is the middle of what some searches took, of at most so many seeds. One that was given up took longer
// than any other, nobody knows by how much: if it takes part in the middle the
// median is infinite.
func medianUpTo(list []int, most int) float64 {
	values := make([]float64, len(list))
	for i, n := range list {
		values[i] = float64(n)
		if n > most {
			values[i] = math.Inf(1)
		}
	}
	if m := stats.Median(values); !math.IsNaN(m) {
		return m
	}
	return math.Inf(1) // between two that were given up
}

// median is that of searches as patient as those of the zoo.
func median(list []int) float64 { return medianUpTo(list, patience) }
