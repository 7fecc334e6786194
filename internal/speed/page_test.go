package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The page says what was measured, whoever has edited either, and has all rows.
func TestThePageIsOfTheTable(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	measured, err := load()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := withTables(string(text), render(measured)); err != nil || string(text) != want {
		t.Errorf("docs/performance.md is not what docs/performance.json says (%v); go run ./internal/speed -write ROW measures one row anew and writes the tables", err)
	}
	for _, r := range rows() {
		if _, ok := measured[r.What]; !ok {
			t.Errorf("nobody has measured %q; go run ./internal/speed -write measures all", r.What)
		}
	}
}

func TestLines(t *testing.T) {
	faster := row{What: "a", Theirs: &side{Name: "b"}, Faster: true, Goal: "≥ 100 ×", Least: 100}
	slower := row{What: "c", Theirs: &side{Name: "d"}, Goal: "≤ 1.3 ×", Most: 1.3}
	alone := row{What: "e", Goal: "≤ 2 µs", Most: 2000, Absolute: true}
	for want, got := range map[string]string{
		"| a | 1.0 µs | b | 99 µs | 99 × faster | 90 to 101 | ≥ 100 × | missed |":    line(faster, result{Ours: 1000, Theirs: 99_000, Ratios: []float64{1. / 101, 1. / 99, 1. / 90}}),
		"| a | 1.0 µs | b | 1.0 ms | 1000 × faster | 1000 to 1000 | ≥ 100 × | met |": line(faster, result{Ours: 1000, Theirs: 1e6, Ratios: []float64{0.001}}),
		"| c | 65 ns, 1,234 B | d | 50 ns | 1.3 × | 0.99 to 1.6 | ≤ 1.3 × | met |":   line(slower, result{Ours: 65, Theirs: 50, Ratios: []float64{1.3, 0.99, 1.6}, Bytes: 1234}),
		"| e | 2.1 µs |  |  |  |  | ≤ 2 µs | missed |":                               line(alone, result{Ours: 2100}),
	} {
		if got != want {
			t.Errorf("the line is\n%s\nand not\n%s", got, want)
		}
	}
}

func TestMetrics(t *testing.T) {
	got := metrics("goos: linux\nBenchmarkSeeds-2   \t     200\t   2199777 ns/op\t      2692 events/seed\t  145854 B/op\nPASS\n")
	if got["events/seed"] != 2692 || got["B/op"] != 145854 {
		t.Error(got)
	}
}

func TestChoose(t *testing.T) {
	if all, err := choose(nil); err != nil || len(all) != len(rows()) {
		t.Error(len(all), err)
	}
	if some, err := choose([]string{"labrpc", "encoded already"}); err != nil || len(some) != 3 {
		t.Error(some, err)
	}
	if _, err := choose([]string{"nonsense"}); err == nil {
		t.Error("a row that is none is measured")
	}
}
