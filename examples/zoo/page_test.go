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
