package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The page says what was measured, whoever has edited either.
func TestThePageIsOfTheTable(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	rows, err := load()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.FromSlash("docs/zoo.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := render(inOrder(rows)); string(page) != want {
		t.Error("docs/zoo.md is not what docs/zoo.json says; go run ./examples/zoo -write BUG measures one bug anew and writes the page of all")
	}
}

// Of an even number the median lies between the two in the middle, unless one of
// these was given up.
func TestMedian(t *testing.T) {
	for want, list := range map[string][]int{
		"3":      {9, 1, 3},
		"2.5":    {4, 1, 9, 1},
		"42":     {42},
		"> 2000": {1, 1, patience + 1, patience + 1},
		"7":      {patience + 1, 5, 9, 5},
	} {
		if got := seeds(median(list)); got != want {
			t.Errorf("the median of %v is %s, want %s", list, got, want)
		}
	}
	if got := seeds(median([]int{1, 7, patience + 1, patience + 1})); got != "> 2000" {
		t.Errorf("the median of four searches of which two were given up is %s", got)
	}
}

// So does the table of the strategies.
func TestTheTableOfStrategies(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	list, err := loadCompared()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(comparedPage)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := withComparison(string(page), comparison(list, enough)); err != nil || string(page) != want {
		t.Errorf("docs/strategies.md is not what docs/strategies.json says (%v); go run ./examples/zoo -strategies -write BUG measures one bug anew and writes the table of all", err)
	}
	all, err := contestants(nil)
	if err != nil || len(all) < 60 {
		t.Errorf("%d bugs, %v", len(all), err)
	}
	for _, c := range list {
		if named, err := contestants([]string{c.Bug}); err != nil || len(named) == 0 {
			t.Errorf("docs/strategies.json has %s, and %v", c.Bug, err)
		}
		for _, s := range contest {
			if len(c.Seeds[s]) != starts {
				t.Errorf("%s has %d starts under %s", c.Bug, len(c.Seeds[s]), s)
			}
		}
	}
	if _, err := contestants([]string{"nonsense"}); err == nil {
		t.Error("a bug that is none is measured")
	}
}

// The sums take what was given up for as much as was tried, and the soonest may be several.
func TestComparison(t *testing.T) {
	c := compared{animal: animal{kernels, "X"}, Seeds: map[string][]int{}}
	for _, s := range contest {
		c.Seeds[s] = []int{enough + 1, enough + 1, 3}
	}
	c.Seeds["urw"], c.Seeds["walk"] = []int{1, 2, 9}, []int{2}
	got := comparison([]compared{c}, enough)
	want := "| Ordinary Go | random | walk (default) | pos | pct:3 | delay:2 | urw | surw |\n|---|---|---|---|---|---|---|---|\n" +
		"| X | > 300 | 2 | > 300 | > 300 | > 300 | 2 | > 300 |\n| **sum of all 1**, with 300 for more than that | 300 | 2 | 300 | 300 | 300 | 2 | 300 |\n" +
		"| **how many are found soonest, or as soon** | 0 | 1 | 0 | 0 | 0 | 1 | 0 |\n"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
