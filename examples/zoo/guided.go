package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"samerun/internal/feature"
	"samerun/internal/gocmd"
	"samerun/internal/guide"
	seedset "samerun/internal/seeds"
	"samerun/internal/testproc"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// With -guided the zoo compares a guided search with fresh seeds: how many runs, and how much CPU
// time, it takes to find a bug, and how many states are seen in so many runs. The table is in
// docs/guided.md, and what was measured in docs/guided.json.

// guidedRuns is how many runs each search has from each start.
const guidedRuns = 300

// stateRuns is in how many runs states are counted, and stateStarts from how many starts.
const (
	stateRuns   = 200
	stateStarts = 5
)

// duel is what was measured of a bug, from each start.
type duel struct {
	animal
	Guided, Random []int // runs until it was found; guidedRuns+1 if it was not
	// States in stateRuns runs, those that fail left out, from stateStarts starts.
	GuidedStates, RandomStates []int
	// CPU time of the runs in which it was looked for, and how many these were.
	GuidedCPU, RandomCPU   time.Duration
	GuidedRuns, RandomRuns int
}

// ratio is how much a run of a guided search costs in runs of fresh seeds.
func (d *duel) ratio() float64 {
	return float64(d.GuidedCPU) / float64(d.GuidedRuns) / (float64(d.RandomCPU) / float64(d.RandomRuns))
}

// duels measures bugs of tasks, and writes or prints the table.
func (k *keeper) duels(write bool, names []string) error {
	chosen, err := contestants(names)
	if err != nil {
		return err
	}
	chosen = slices.DeleteFunc(chosen, func(a animal) bool { return a.Package == kernels || a.ordinary() })
	before, err := loadDuels()
	if err != nil {
		return err
	}
	if err := k.build(chosen); err != nil {
		return err
	}
	if _, err := wire.NewToken(k.tmp); err != nil {
		return err
	}
	for _, a := range chosen {
		fmt.Fprintf(os.Stderr, "%s %s", short(a.Package), a.Bug)
		d, err := k.duel(a)
		if err != nil {
			return fmt.Errorf("%s %s: %w", a.Package, a.Bug, err)
		}
		fmt.Fprintf(os.Stderr, " %s\n", d.row())
		before = slices.DeleteFunc(before, func(x duel) bool { return x.animal == a })
		before = append(before, *d)
		if write {
			if err := writeDuels(before); err != nil { // at once, because the rest may take long
				return err
			}
		}
	}
	if !write {
		only := slices.DeleteFunc(before, func(x duel) bool { return !slices.Contains(chosen, x.animal) })
		fmt.Print(duelTable(only))
	}
	return nil
}

// duel measures one bug.
func (k *keeper) duel(a animal) (*duel, error) {
	d := &duel{animal: a}
	var err error
	if d.Guided, d.GuidedStates, d.GuidedRuns, d.GuidedCPU, err = k.hunts(a, false); err != nil {
		return nil, err
	}
	d.Random, d.RandomStates, d.RandomRuns, d.RandomCPU, err = k.hunts(a, true)
	return d, err
}

// hunts looks for a bug from all starts, some at a time, and then counts states.
func (k *keeper) hunts(a animal, blind bool) (found, states []int, runs int, cpu time.Duration, err error) {
	all := func(n int, do func(i int) error) error {
		errs := make([]error, n)
		slots := make(chan struct{}, k.workers)
		var wg sync.WaitGroup
		for i := range n {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				errs[i] = do(i)
			})
		}
		wg.Wait()
		return errors.Join(errs...)
	}
	found, states = make([]int, starts), make([]int, stateStarts)
	began := cpuTime()
	if err = all(starts, func(i int) (err error) {
		found[i], _, err = k.hunt(a, blind, i, true)
		return err
	}); err != nil {
		return
	}
	cpu = cpuTime() - began
	for _, n := range found {
		runs += min(n, guidedRuns)
	}
	err = all(stateStarts, func(i int) (err error) {
		_, states[i], err = k.hunt(a, blind, i, false)
		return err
	})
	return
}

// hunt makes one search, until it has found the bug or has had all of its runs.
func (k *keeper) hunt(a animal, blind bool, start int, stop bool) (found, states int, err error) {
	dir, err := filepath.Abs(filepath.FromSlash(a.Package))
	if err != nil {
		return 0, 0, err
	}
	test := "TestZoo/" + a.Bug
	v := &testproc.Prover{
		Pkg:  &gocmd.Package{Path: a.Package, Dir: dir, Arg: "./" + a.Package, Binary: k.binary(a.Package)},
		Test: test, Environ: append(os.Environ(), wire.Trials+"="+filepath.Join(k.tmp, "token"), "GOMAXPROCS=1", "GOGC=400"),
	}
	defer v.Close()
	first := uint64(start*apart + 1)
	set, err := seedset.Parse(fmt.Sprintf("%d-%d", first, first+guidedRuns-1))
	if err != nil {
		return 0, 0, err
	}
	s := guide.New(guide.Options{Base: replay.File{World: replay.Tasks, Test: test, Package: "./" + a.Package}, Seeds: set, Blind: blind})
	found = guidedRuns + 1
	most := guidedRuns
	if !stop {
		most = stateRuns
	}
	for n := 0; n < most; {
		inputs := s.Next(most - n)
		var saws []guide.Outcome
		for _, in := range inputs {
			n++
			q := wire.Request{Saw: !blind || !stop} // those who only look for the bug need not know what was seen
			if q.Replay, err = in.Marshal(); err != nil {
				return 0, 0, err
			}
			answer, err := v.Ask(&q, time.Minute)
			if err != nil {
				end := v.Ended()
				return 0, 0, fmt.Errorf("run %d: %w (%s)\n%s", n, err, end.Status, end.Output)
			}
			o := guide.Outcome{Failed: answer.Property != "" || answer.Error != "", Digest: answer.Digest}
			if answer.Saw != nil {
				o.Seen, o.Made = answer.Saw.Seen, (*guide.Made)(answer.Saw.Made)
			}
			saws = append(saws, o)
			if o.Failed && found > guidedRuns {
				if found = n; stop {
					return found, 0, nil
				}
			}
		}
		s.Take(saws)
	}
	return found, s.Count(feature.State), nil
}

func (d *duel) row() string {
	return fmt.Sprintf("%s | %s | %d | %d | %.0f | %.0f | %.2f", upTo(medianUpTo(d.Random, guidedRuns), guidedRuns), upTo(medianUpTo(d.Guided, guidedRuns), guidedRuns),
		within(d.Random), within(d.Guided), mean(d.RandomStates), mean(d.GuidedStates), d.ratio())
}

// within is how many searches have found the bug.
func within(list []int) (n int) {
	for _, x := range list {
		if x <= guidedRuns {
			n++
		}
	}
	return n
}

func mean(list []int) float64 {
	sum := 0
	for _, x := range list {
		sum += x
	}
	return float64(sum) / float64(max(len(list), 1))
}

var (
	duelJSON = filepath.FromSlash("docs/guided.json")
	duelPage = filepath.FromSlash("docs/guided.md")
)

const (
	duelBegin = "<!-- Written by: go run ./examples/zoo -guided -write -->\n"
	duelEnd   = "<!-- Written until here. -->\n"
)

func loadDuels() (list []duel, err error) {
	data, err := os.ReadFile(duelJSON)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (delete it, and measure everything anew): %w", duelJSON, err)
	}
	return list, nil
}

func writeDuels(list []duel) error {
	data, err := json.Marshal(inPackages(list))
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(data), `{"Package"`, "\n"+`{"Package"`)
	if err := os.WriteFile(duelJSON, []byte(text+"\n"), 0o644); err != nil {
		return err
	}
	page, err := os.ReadFile(duelPage)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(page), duelBegin)
	_, after, end := strings.Cut(rest, duelEnd)
	if !ok || !end {
		return fmt.Errorf("%s lacks the lines %q and %q, between which the table belongs", duelPage, duelBegin, duelEnd)
	}
	return os.WriteFile(duelPage, []byte(before+duelBegin+"\n"+duelTable(list)+"\n"+duelEnd+after), 0o644)
}

// inPackages are the bugs package by package, and by their names.
func inPackages(list []duel) []duel {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b duel) int {
		return strings.Compare(a.Package+"\x00"+a.Bug, b.Package+"\x00"+b.Bug)
	})
	return list
}

// duelTable is the table of the page.
func duelTable(list []duel) string {
	var b strings.Builder
	b.WriteString("| bug | runs, fresh seeds | runs, guided | found of 20, fresh | found of 20, guided | states, fresh | states, guided | a guided run costs |\n|---|---|---|---|---|---|---|---|\n")
	var random, guided, foundRandom, foundGuided int
	var states [2]float64
	for _, d := range inPackages(list) {
		fmt.Fprintf(&b, "| %s | %s |\n", d.Bug, d.row())
		for i := range d.Random {
			random, guided = random+min(d.Random[i], guidedRuns), guided+min(d.Guided[i], guidedRuns)
		}
		foundRandom, foundGuided = foundRandom+within(d.Random), foundGuided+within(d.Guided)
		states[0], states[1] = states[0]+mean(d.RandomStates), states[1]+mean(d.GuidedStates)
	}
	fmt.Fprintf(&b, "| **all %d** | %d in sum | %d in sum | %d | %d | %.0f | %.0f | |\n", len(list), random, guided, foundRandom, foundGuided, states[0], states[1])
	return b.String()
}
