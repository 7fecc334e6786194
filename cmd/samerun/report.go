package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"samerun/internal/text"
)

// reportLimit is how many distinct failures are told in full. Who has more than
// that has one cause, and needs no more of its effects.
const reportLimit = 20

// report is the result of a sweep for people: the tests that passed, each
// distinct failure, and a line that sums up.
func (s *sweep) report(groups []*group, idle []*slot, interrupted bool) string {
	var b strings.Builder
	b.WriteString(s.passed(groups))
	for i, g := range groups {
		if i == reportLimit {
			fmt.Fprintf(&b, "and %d more distinct failures; -json shows them all\n\n", len(groups)-i)
			break
		}
		b.WriteString(s.describe(g))
	}
	b.WriteString(s.vacuity(idle))
	color := green
	if len(groups) > 0 || interrupted || s.opts.strict && len(idle) > 0 {
		color = red
	}
	b.WriteString(s.screen.paint(color, s.summary(groups, idle, interrupted)) + "\n")
	return b.String()
}

// passed lists the tests of which all seeds were run and good. When the first
// failure ended the sweep, what lies behind it is left out: how far that came is
// chance.
func (s *sweep) passed(groups []*group) string {
	last := len(s.slots)
	if len(groups) > 0 && !s.opts.keepGoing {
		last = groups[0].at.test
	}
	var rows [][2]string
	for i := range s.slots[:last] {
		sl := &s.slots[i]
		ordinaryOnly := sl.name == "" && len(sl.pkg.tests) == 0
		switch {
		case sl.bad > 0:
		case ordinaryOnly:
			rows = append(rows, [2]string{sl.pkg.arg, "ordinary tests only"})
		case sl.name != "" && sl.done == s.opts.seeds.Len():
			seeds := count(sl.done, "seed")
			if sl.covered != "" {
				seeds += ", each under " + sl.covered
			}
			rows = append(rows, [2]string{sl.pkg.arg + "  " + sl.name, seeds})
		}
	}
	width := 0
	for _, row := range rows {
		width = max(width, utf8.RuneCountInString(row[0]))
	}
	var b strings.Builder
	for _, row := range rows {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(row[0]))
		b.WriteString(s.screen.paint(green, "ok  ") + "  " + row[0] + pad + "  " + s.screen.paint(faint, row[1]) + "\n")
	}
	return b.String()
}

// describe tells one distinct failure: where, what, the story, and the command.
func (s *sweep) describe(g *group) string {
	f := &g.first
	var b strings.Builder
	b.WriteString(s.screen.paint(red, "FAIL") + "  " + strings.TrimSpace(f.pkg.arg+"  "+f.test) + "\n")
	line := func(text string) { b.WriteString("    " + text + "\n") }

	head, rest := f.headAndRest()
	line(head)
	if f.seed != nil {
		line(s.seedText(g))
	}
	if f.minimised != "" {
		line(f.minimised)
	}
	if f.repeats != nil && !*f.repeats {
		line("not deterministic: the same seed, run again at once, took another course;")
		line("look for raw goroutines, the wall clock, the global rand and map order")
	}
	if rest != "" {
		b.WriteString("\n" + text.Indent(rest) + "\n")
	}
	b.WriteString("\n")
	switch {
	case f.saved != "":
		line("saved: " + f.saved)
		for _, file := range f.attached {
			line("beside it: " + file)
		}
		if s.unmodified != nil {
			line("again: " + f.command)
		} else {
			line("again: " + s.app.replayCommand(s.opts, f.saved))
		}
	case f.unsaved != nil:
		line("not saved: " + f.unsaved.Error())
		line("again: " + f.command)
	default:
		line("again: " + f.command)
	}
	b.WriteString("\n")
	return b.String()
}

// headAndRest returns the line that heads a failure, and all else that there is to
// tell. What a process printed may begin with the reason, and often with more about
// it: then it is its own headline.
func (f *failure) headAndRest() (head, rest string) {
	if f.told != nil {
		return f.told.Head(), f.told.Rest()
	}
	rest = strings.Trim(f.output, "\n")
	first, after, _ := strings.Cut(rest, "\n")
	if f.reason != "" && strings.Contains(first, f.reason) {
		return strings.TrimSpace(first), strings.Trim(after, "\n")
	}
	return headline(f), rest
}

// headline is the property and the reason of a failure in one line.
func headline(f *failure) string {
	switch {
	case f.property == "":
		return f.reason
	case strings.Contains(f.reason, f.property):
		return f.reason
	case f.reason == "":
		return fmt.Sprintf("property %q broken", f.property)
	}
	return fmt.Sprintf("property %q: %s", f.property, f.reason)
}

// seedText says which seed stands for the group and how many are like it.
func (s *sweep) seedText(g *group) string {
	if s.opts.keepGoing {
		return fmt.Sprintf("first at seed %d; %d of %s fail like this", *g.first.seed, g.count, count(s.opts.seeds.Len(), "seed"))
	}
	return fmt.Sprintf("seed %d of %s", *g.first.seed, excerptOf(s.opts.seeds.String(), 60))
}

// summary is the last line.
func (s *sweep) summary(groups []*group, idle []*slot, interrupted bool) string {
	elapsed := s.progress.now().Sub(s.progress.began)
	took := "in " + shortDuration(elapsed)
	if r, ok := rate(s.progress.done, max(elapsed, time.Millisecond)); ok {
		took += ", " + r
	}
	switch {
	case interrupted:
		return fmt.Sprintf("interrupted after %d of %s; %s so far", s.progress.done, count(s.progress.total, "seed"), count(uint64(len(groups)), "distinct failure"))
	case len(groups) == 0 && len(idle) > 0:
		word := "ok"
		if s.opts.strict {
			word = "FAIL"
		}
		return fmt.Sprintf("%s: %s, %s of them vacuous, %s, no failure, %s", word, count(s.simTests(), "test"), strconv.Itoa(len(idle)), count(s.progress.done, "seed"), took)
	case len(groups) == 0:
		return fmt.Sprintf("ok: %s, %s, no failure, %s", count(s.simTests(), "test"), count(s.progress.done, "seed"), took)
	case s.opts.keepGoing:
		return fmt.Sprintf("FAIL: %s, %s, %s, %s", count(uint64(len(groups)), "distinct failure"), count(s.simTests(), "test"), count(s.progress.done, "seed"), took)
	}
	return "FAIL: stopped at the first failure (-keep-going runs all seeds), in " + shortDuration(elapsed)
}

// simTests is the number of simulation tests.
func (s *sweep) simTests() uint64 {
	var n uint64
	for i := range s.slots {
		if s.slots[i].name != "" {
			n++
		}
	}
	return n
}
