// Zoo measures how the planted bugs of the examples are found, and how small the
// failures become. It writes docs/zoo.md and the replay files that keep the bugs
// away:
//
//	go run ./examples/zoo -write
//
// With names of bugs only those are measured anew; docs/zoo.json has what was measured
// of the others. Without -write it prints what it has measured. Nothing is written by
// hand.
//
// For each bug it builds the test binary of the bug's package with the tag zoo, once,
// and runs TestZoo/BUG from 20 starts (seeds 1, 10001, 20001 and so on), each until
// the first failing seed. The failure of the first start is minimised by samerun
// test, as a user would, and if it keeps many faults, those of further starts. Where a bug takes many seeds, other strategies and the
// preset Swarm look for it from the same starts.
//
// With -strategies it compares the strategies instead, by the same bugs and by those of
// internal/bugs, and writes the table of docs/strategies.md:
//
//	go run ./examples/zoo -strategies -write CrossPayments LostUpdate
//	go run ./examples/zoo -strategies -write examples/commit
//
// The bugs of examples/ledger, which is ordinary Go, are build tags: each has a binary
// of its own, which makes one run in a process.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

func main() {
	strategies := flag.Bool("strategies", false, "compare the strategies by how soon they find the bugs, those of internal/bugs with them; -write writes docs/strategies.json and the table in docs/strategies.md")
	guided := flag.Bool("guided", false, "compare a guided search with fresh seeds by the bugs of tasks; -write writes docs/guided.json and the table in docs/guided.md")
	write := flag.Bool("write", false, "write docs/zoo.md, docs/zoo.json and the replay files, from the root of the repository")
	most := flag.Int("most", enough, "with -strategies: how many seeds each search has; another number goes without -write")
	workers := flag.Int("j", runtime.NumCPU(), "processes at a time")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./examples/zoo [-strategies [-most N] | -guided] [-write] [-j N] [BUG...]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *strategies && *guided {
		fmt.Fprintln(os.Stderr, "zoo: -strategies and -guided are two tables; leave one of them out")
		os.Exit(2)
	}
	if err := run(*strategies, *guided, *write, *workers, *most, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "zoo:", err)
		os.Exit(1)
	}
}

func run(strategies, guided, write bool, workers, most int, only []string) error {
	if _, err := os.Stat("examples/zoo/main.go"); err != nil {
		return fmt.Errorf("run it from the root of the repository: %w", err)
	}
	if most < 1 || most != enough && (write || !strategies) {
		return fmt.Errorf("-most %d: it is for -strategies without -write, and at least 1", most)
	}
	if workers < 1 {
		return fmt.Errorf("-j %d: the number of processes must be at least 1", workers)
	}
	tmp, err := os.MkdirTemp("", "samerun-zoo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if strategies {
		k := &keeper{tmp: tmp, workers: workers, patience: most}
		return k.compare(write, only)
	}
	if guided {
		k := &keeper{tmp: tmp, workers: workers, patience: enough}
		return k.duels(write, only)
	}
	animals, err := choose(only)
	if err != nil {
		return err
	}
	before, err := load()
	if err != nil {
		return err
	}
	k := &keeper{tmp: tmp, workers: workers, patience: patience}
	if err := k.build(animals); err != nil {
		return err
	}
	measured := map[animal]*row{}
	for _, a := range animals {
		fmt.Fprintf(os.Stderr, "%s %s\n", a.Package, a.Bug)
		r, err := k.measure(a)
		if err != nil {
			return fmt.Errorf("%s %s: %w", a.Package, a.Bug, err)
		}
		measured[a] = r
		if !write {
			continue
		}
		// At once, because the rest may take long.
		if err := keep(r); err != nil {
			return err
		}
		before[a] = r
		if err := save(before); err != nil {
			return err
		}
	}
	if !write {
		fmt.Print(render(inOrder(measured)))
		return nil
	}
	return os.WriteFile(filepath.FromSlash("docs/zoo.md"), []byte(render(inOrder(before))), 0o644)
}

// table holds what was measured last of each bug; docs/zoo.md is written from it.
var table = filepath.FromSlash("docs/zoo.json")

// load reads the table. Bugs that are gone are left out.
func load() (map[animal]*row, error) {
	rows := map[animal]*row{}
	data, err := os.ReadFile(table)
	if errors.Is(err, fs.ErrNotExist) {
		return rows, nil
	}
	if err != nil {
		return nil, err
	}
	var list []*row
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s cannot be read (delete it, and measure everything anew): %w", table, err)
	}
	for _, r := range list {
		if slices.Contains(animals(), r.animal) {
			rows[r.animal] = r
		}
	}
	return rows, nil
}

// save writes the table.
func save(rows map[animal]*row) error {
	data, err := json.MarshalIndent(inOrder(rows), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(table, append(data, '\n'), 0o644)
}

// inOrder returns the rows in the order of the zoo.
func inOrder(rows map[animal]*row) []*row {
	var list []*row
	for _, a := range animals() {
		if r := rows[a]; r != nil {
			list = append(list, r)
		}
	}
	return list
}

// keep stores the minimised failure where the tests of the package find it.
func keep(r *row) error {
	data, err := os.ReadFile(r.replay)
	if err != nil {
		return err
	}
	dir := filepath.Join(filepath.FromSlash(r.Package), "testdata", "zoo")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, r.Bug+".json"), data, 0o644)
}

// choose returns the animals of those names, all of them without names.
func choose(names []string) ([]animal, error) {
	all := animals()
	if len(names) == 0 {
		return all, nil
	}
	var chosen []animal
	for _, name := range names {
		i := slices.IndexFunc(all, func(a animal) bool { return a.Bug == name })
		if i < 0 {
			var known []string
			for _, a := range all {
				known = append(known, a.Bug)
			}
			return nil, fmt.Errorf("there is no bug %q; there are %s", name, strings.Join(known, ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}
