package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"samerun/internal/bugs"
)

// With -strategies the zoo, and the small programs of package bugs with it, say which strategy
// finds what how soon. The table is in docs/strategies.md, and what was measured in
// docs/strategies.json, so that it can be measured in pieces.

// enough is how many seeds a strategy gets from each start, unless -most says otherwise.
const enough = 300

// contest are the strategies that are compared, with their texts.
var contest = []string{"random", "walk", "pos", "pct:3", "delay:2", "urw", "surw"}

// kernels is the folder of the small programs, a module of one package.
const kernels = "internal/bugs/testdata/bugs"

// compared is what was measured of a bug.
type compared struct {
	animal
	Seeds map[string][]int // by the strategy, from each start; enough+1 if it was given up
}

// contestants returns the bugs that are searched for. Races and leaks show in nearly every
// run, and the bugs of ledger take long: of those none is there but by its name.
func contestants(names []string) ([]animal, error) {
	var all, chosen []animal
	for _, a := range animals() {
		all = append(all, a)
		if a.Package != ledger {
			chosen = append(chosen, a)
		}
	}
	small, err := bugs.Read(filepath.Join(filepath.FromSlash(kernels), "kinds.txt"))
	if err != nil {
		return nil, err
	}
	for _, k := range small {
		a := animal{kernels, strings.TrimPrefix(k.Test, "Test")}
		if k.Verdict != "race" && k.Verdict != "leak" {
			all, chosen = append(all, a), append(chosen, a)
		}
	}
	if len(names) == 0 {
		return chosen, nil
	}
	chosen = nil
	for _, name := range names {
		i := slices.IndexFunc(all, func(a animal) bool { return a.Bug == name || a.Package == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no bug %q; name one of docs/strategies.md or docs/zoo.md, or a package such as %s", name, kernels)
		}
		for _, a := range all {
			if a.Bug == name || a.Package == name {
				chosen = append(chosen, a)
			}
		}
	}
	return chosen, nil
}

// compare measures bugs, and writes or prints the table.
func (k *keeper) compare(write bool, names []string) error {
	chosen, err := contestants(names)
	if err != nil {
		return err
	}
	before, err := loadCompared()
	if err != nil {
		return err
	}
	if err := k.build(chosen); err != nil {
		return err
	}
	for _, a := range chosen {
		c := compared{animal: a, Seeds: map[string][]int{}}
		for _, strategy := range contest {
			fmt.Fprintf(os.Stderr, "%s %s %s", short(a.Package), a.Bug, strategy)
			s, err := k.search(a, strategy, "TestZoo", "SAMERUN_STRATEGY="+strategy)
			if err != nil {
				return fmt.Errorf("%s %s under %s: %w", a.Package, a.Bug, strategy, err)
			}
			c.Seeds[strategy] = s.Seeds
			fmt.Fprintf(os.Stderr, " %s\n", upTo(medianUpTo(s.Seeds, k.patience), k.patience))
		}
		before = slices.DeleteFunc(before, func(x compared) bool { return x.animal == a })
		before = append(before, c)
		if write {
			if err := writeCompared(before); err != nil { // at once, because the rest may take long
				return err
			}
		}
	}
	if !write {
		only := slices.DeleteFunc(before, func(x compared) bool { return !slices.Contains(chosen, x.animal) })
		fmt.Print(comparison(only, k.patience))
	}
	return nil
}

var (
	comparedTable = filepath.FromSlash("docs/strategies.json")
	comparedPage  = filepath.FromSlash("docs/strategies.md")
)

// The part of the page that is written is between these lines.
const (
	comparedBegin = "<!-- Written by: go run ./examples/zoo -strategies -write -->\n"
	comparedEnd   = "<!-- Written until here. -->\n"
)

func loadCompared() ([]compared, error) {
	var list []compared
	data, err := os.ReadFile(comparedTable)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (delete it, and measure everything anew): %w", comparedTable, err)
	}
	return list, nil
}

func writeCompared(list []compared) error {
	data, err := json.Marshal(sorted(list))
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(data), `{"Package"`, "\n"+`{"Package"`)
	if err := os.WriteFile(comparedTable, []byte(text+"\n"), 0o644); err != nil {
		return err
	}
	page, err := os.ReadFile(comparedPage)
	if err != nil {
		return err
	}
	next, err := withComparison(string(page), comparison(list, enough))
	if err != nil {
		return err
	}
	return os.WriteFile(comparedPage, []byte(next), 0o644)
}

// withComparison puts a table into the page.
func withComparison(page, table string) (string, error) {
	before, rest, ok := strings.Cut(page, comparedBegin)
	_, after, end := strings.Cut(rest, comparedEnd)
	if !ok || !end {
		return "", fmt.Errorf("%s lacks the lines %q and %q, between which the table belongs", comparedPage, comparedBegin, comparedEnd)
	}
	return before + comparedBegin + "\n" + table + "\n" + comparedEnd + after, nil
}

// sorted are the bugs package by package, and by their names.
func sorted(list []compared) []compared {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b compared) int {
		return strings.Compare(a.Package+"\x00"+a.Bug, b.Package+"\x00"+b.Bug)
	})
	return list
}

// comparison is the tables of both worlds, of searches that were given up after most seeds.
func comparison(list []compared, most int) string {
	var b strings.Builder
	for _, world := range []struct {
		title, standard string
		ordinary        bool
	}{{"Tasks", "random", false}, {"Ordinary Go", "walk", true}} {
		var rows []compared
		for _, c := range sorted(list) {
			if (c.Package == kernels || c.ordinary()) == world.ordinary {
				rows = append(rows, c)
			}
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(&b, "| %s |", world.title)
		for _, s := range contest {
			if fmt.Fprintf(&b, " %s", s); s == world.standard {
				b.WriteString(" (default)")
			}
			b.WriteString(" |")
		}
		b.WriteString("\n|---|" + strings.Repeat("---|", len(contest)) + "\n")
		sum, best := make([]float64, len(contest)), make([]int, len(contest))
		for _, c := range rows {
			fmt.Fprintf(&b, "| %s |", c.Bug)
			least := float64(most)
			for _, s := range contest {
				least = min(least, medianUpTo(c.Seeds[s], most))
			}
			for i, s := range contest {
				m := medianUpTo(c.Seeds[s], most)
				fmt.Fprintf(&b, " %s |", upTo(m, most))
				if sum[i] += min(m, float64(most)); m <= least {
					best[i]++
				}
			}
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "| **sum of all %d**, with %d for more than that |", len(rows), most)
		for _, n := range sum {
			fmt.Fprintf(&b, " %g |", n)
		}
		b.WriteString("\n| **how many are found soonest, or as soon** |")
		for _, n := range best {
			fmt.Fprintf(&b, " %d |", n)
		}
		b.WriteString("\n\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
