package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

var (
	table = filepath.FromSlash("docs/performance.json")
	page  = filepath.FromSlash("docs/performance.md")
)

// The part of the page that is written is between these lines.
const (
	writtenBegin = "<!-- Written by: go run ./internal/speed -write -->\n"
	writtenEnd   = "<!-- Written until here. -->\n"
)

// load reads what was measured, by what the rows are about. Rows that are gone are left out.
func load() (map[string]result, error) {
	all, known := map[string]result{}, map[string]result{}
	data, err := os.ReadFile(table)
	if errors.Is(err, fs.ErrNotExist) {
		return known, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (delete it, and measure everything anew): %w", table, err)
	}
	for _, r := range rows() {
		if res, ok := all[r.What]; ok {
			known[r.What] = res
		}
	}
	return known, nil
}

// save writes what was measured, and the tables of the page.
func save(measured map[string]result) error {
	data, err := json.MarshalIndent(measured, "", " ") // sorted by the names
	if err != nil {
		return err
	}
	if err := os.WriteFile(table, append(data, '\n'), 0o644); err != nil {
		return err
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	next, err := withTables(string(text), render(measured))
	if err != nil {
		return err
	}
	return os.WriteFile(page, []byte(next), 0o644)
}

// withTables puts the tables into the page.
func withTables(text, tables string) (string, error) {
	before, rest, ok := strings.Cut(text, writtenBegin)
	_, after, end := strings.Cut(rest, writtenEnd)
	if !ok || !end {
		return "", fmt.Errorf("%s lacks the lines %q and %q, between which the tables belong", page, writtenBegin, writtenEnd)
	}
	return before + writtenBegin + "\n" + tables + "\n" + writtenEnd + after, nil
}

// render writes the tables.
func render(measured map[string]result) string {
	var b strings.Builder
	group := ""
	for _, r := range rows() {
		res, ok := measured[r.What]
		if !ok {
			continue
		}
		if r.Group != group {
			if group != "" {
				b.WriteString("\n")
			}
			group = r.Group
			fmt.Fprintf(&b, "| %s | ours | against | theirs | ratio | in the turns | goal | |\n|---|---|---|---|---|---|---|---|\n", group)
		}
		b.WriteString(line(r, res) + "\n")
	}
	return b.String()
}

// line is one line of a table.
func line(r row, res result) string {
	ours, against, theirs, ratio, spread := duration(res.Ours), "", "", "", ""
	if res.Bytes >= 1 {
		ours += fmt.Sprintf(", %s B", thousands(res.Bytes))
	}
	if r.Theirs != nil {
		against, theirs = r.Theirs.Name, duration(res.Theirs)
		lo, hi := bounds(r, res)
		ratio, spread = times(r.ratio(res))+" ×", times(lo)+" to "+times(hi)
		if r.Faster {
			ratio += " faster"
		}
	}
	met := ""
	if r.Goal != "" {
		met = "missed"
		if r.met(res) {
			met = "met"
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s |", r.What, ours, against, theirs, ratio, spread, r.Goal, met)
}

// of turns the ratio of ours to theirs into that of the row.
func (r row) of(ratio float64) float64 {
	if r.Faster {
		return 1 / ratio
	}
	return ratio
}

func (r row) ratio(res result) float64 { return r.of(res.Ours / res.Theirs) }

// bounds are the least and the greatest ratio of the turns.
func bounds(r row, res result) (lo, hi float64) {
	for i, x := range res.Ratios {
		x = r.of(x)
		if i == 0 || x < lo {
			lo = x
		}
		hi = max(hi, x)
	}
	return lo, hi
}

// met says whether the goal is.
func (r row) met(res result) bool {
	x := res.Ours
	if !r.Absolute {
		x = r.ratio(res)
	}
	return (r.Most == 0 || x <= r.Most) && x >= r.Least
}

// times is a ratio with as many digits as it deserves.
func times(x float64) string {
	switch {
	case x >= 10:
		return fmt.Sprintf("%.0f", x)
	case x >= 1:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// duration is a time with two or three digits.
func duration(ns float64) string {
	unit, name := 1., "ns"
	switch d := time.Duration(ns); {
	case d >= time.Second:
		unit, name = 1e9, "s"
	case d >= time.Millisecond:
		unit, name = 1e6, "ms"
	case d >= time.Microsecond:
		unit, name = 1e3, "µs"
	}
	if x := ns / unit; x < 10 {
		return fmt.Sprintf("%.1f %s", x, name)
	}
	return fmt.Sprintf("%.0f %s", ns/unit, name)
}

// thousands writes a number with commas.
func thousands(x float64) string {
	s := fmt.Sprintf("%.0f", x)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
