// Speed measures what samerun costs, beside what it would cost otherwise, and writes the
// tables of docs/performance.md:
//
//	go run ./internal/speed -write
//	go run ./internal/speed 'labrpc' 'POS'
//
// Arguments are regular expressions, and choose rows by what they are about; docs/performance.json
// has what was measured of the others. Without -write it prints what it has measured.
//
// Each row is a benchmark of this repository, or a program of ordinary Go, and mostly another one
// that it is held against. Both run in processes of their own, in turns, with one processor, and what
// counts is the processor time that the system says they have used, user and system: so that
// other work on the machine makes little difference. What a process takes that does
// next to nothing is taken off. Of the turns the least counts, of either side, because whatever else goes on
// can only add to it; the ratios of all turns are told, too.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
)

func main() {
	write := flag.Bool("write", false, "write docs/performance.json and the tables of docs/performance.md, from the root of the repository")
	turns := flag.Int("turns", 5, "how often each row is measured; the table has the least")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/speed [-write] [-turns N] [ROW...]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(*write, *turns, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

func run(write bool, turns int, only []string) error {
	if _, err := os.Stat("internal/speed/main.go"); err != nil {
		return fmt.Errorf("run it from the root of the repository: %w", err)
	}
	if turns < 1 {
		return fmt.Errorf("-turns %d: a row is measured at least once", turns)
	}
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	before, err := load()
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "samerun-speed-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	m := &meter{tmp: tmp, turns: turns, built: map[string]string{}}
	after := map[string]result{}
	for _, r := range chosen {
		res, err := m.measure(r)
		if err != nil {
			return fmt.Errorf("%s: %w", r.What, err)
		}
		fmt.Fprintln(os.Stderr, line(r, res))
		after[r.What], before[r.What] = res, res
		if write { // at once, because the rest may take long
			if err := save(before); err != nil {
				return err
			}
		}
	}
	if !write {
		fmt.Print(render(after))
	}
	return nil
}

// choose returns the rows that one of the expressions matches, all of them if there is none.
func choose(only []string) (chosen []row, err error) {
	if len(only) == 0 {
		return rows(), nil
	}
	for _, text := range only {
		re, err := regexp.Compile("(?i)" + text)
		if err != nil {
			return nil, err
		}
		found := false
		for _, r := range rows() {
			if re.MatchString(r.What) {
				found = true
				if !slices.ContainsFunc(chosen, func(x row) bool { return x.What == r.What }) {
					chosen = append(chosen, r)
				}
			}
		}
		if !found {
			return nil, fmt.Errorf("no row of docs/performance.md is about %q", text)
		}
	}
	return chosen, nil
}
