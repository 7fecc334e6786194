package sweep

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"samerun/internal/screen"
	"samerun/internal/text"
)

// reportLimit is how many distinct failures are told in full. Who has more than
// that has one cause, and needs no more of its effects.
const reportLimit = 20

// report is the result of a sweep for people: the tests that passed, each
// distinct failure, and a line that sums up.
func (s *Sweep) report(groups []*group, idle []*slot, interrupted bool) string {
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
	b.WriteString(s.notRun())
	color := screen.Green
	if len(groups) > 0 || len(s.unready) > 0 || interrupted || s.opts.Strict && (len(idle) > 0 || s.allSkipped() > 0) {
		color = screen.Red
	}
	b.WriteString(s.screen.Paint(color, s.summary(groups, idle, interrupted)) + "\n")
	return b.String()
}

// passed lists the tests of which all seeds were run and good. When the first
// failure ended the sweep, what lies behind it is left out: how far that came is
// chance.
func (s *Sweep) passed(groups []*group) string {
	last := len(s.slots)
	if len(groups) > 0 && !s.opts.KeepGoing {
		last = groups[0].at.test
	}
	var rows [][2]string
	idle, skipped := make(map[[2]string]bool), make(map[[2]string]bool)
	for i := range s.slots[:last] {
		sl := &s.slots[i]
		switch {
		case sl.bad > 0:
		case sl.Remark != "":
			rows = append(rows, [2]string{sl.Pkg.Arg, sl.Remark})
		case sl.isEmpty():
			row := [2]string{sl.Label(), sl.why}
			rows, idle[row] = append(rows, row), true
		case sl.isSkipped():
			row := [2]string{sl.Label(), text.Count(sl.done, "seed") + ", nothing ran, " + sl.skips()}
			rows, skipped[row] = append(rows, row), true
		case len(sl.searches) > 0:
			for k := range sl.searches {
				x := &sl.searches[k]
				rows = append(rows, [2]string{strings.TrimSpace(sl.Pkg.Arg + "  " + x.Test), x.words()})
			}
		case sl.Name != "" && sl.done == s.opts.Seeds.Len():
			seeds := text.Count(sl.done, "seed")
			if skips := sl.skips(); skips != "" {
				seeds += ", " + skips
			}
			if sl.covered != "" {
				seeds += ", each under " + sl.covered
			}
			rows = append(rows, [2]string{sl.Label(), seeds})
		}
	}
	width := 0
	for _, row := range rows {
		width = max(width, utf8.RuneCountInString(row[0]))
	}
	var b strings.Builder
	for _, row := range rows {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(row[0]))
		label := s.screen.Paint(screen.Green, "ok  ")
		if idle[row] {
			label = "?   "
		}
		if skipped[row] {
			label = "skip"
		}
		b.WriteString(label + "  " + text.Line(row[0]) + pad + "  " + s.screen.Paint(screen.Faint, text.Line(row[1])) + "\n")
	}
	return b.String()
}

// describe tells one distinct failure: where, what, the story, and the command.
func (s *Sweep) describe(g *group) string {
	f := &g.first
	var b strings.Builder
	b.WriteString(s.screen.Paint(screen.Red, "FAIL") + "  " + text.Line(f.Label()) + "\n")
	// No line of a program's stands where those of the report do.
	line := func(s string) { b.WriteString("    " + text.Line(s) + "\n") }

	head, rest := f.HeadAndRest()
	b.WriteString(s.screen.Paint(screen.Red, "    "+text.Line(head)) + "\n")
	if f.Seed != nil {
		line(s.seedText(g))
	}
	if f.Remark != "" {
		line(f.Remark)
	}
	if f.Minimised != "" {
		line(f.Minimised)
	}
	if f.Repeats != nil && !*f.Repeats {
		line("not deterministic: the same seed, run again at once, took another course;")
		line("look for raw goroutines, the wall clock, the global rand and map order")
	}
	if rest != "" {
		b.WriteString("\n" + s.screen.Story(text.Indent(rest)) + "\n")
	}
	b.WriteString("\n")
	if f.Saved != "" {
		line("saved: " + f.Saved)
		for _, file := range f.Attached {
			line("beside it: " + file)
		}
	}
	if f.Unsaved != nil {
		line("not saved: " + f.Unsaved.Error())
	}
	line("again: " + s.slots[g.at.test].by.Again(f))
	b.WriteString("\n")
	return b.String()
}

// seedText says which seed stands for the group and how many are like it.
func (s *Sweep) seedText(g *group) string {
	if s.opts.Guided.On {
		return s.runText(g)
	}
	if s.opts.KeepGoing {
		return fmt.Sprintf("first at seed %d; %d of %s fail like this", *g.first.Seed, g.count, text.Count(s.opts.Seeds.Len(), "seed"))
	}
	return fmt.Sprintf("seed %d of %s", *g.first.Seed, text.Cut(s.opts.Seeds.String(), 60))
}

// runText is seedText for a guided search.
func (s *Sweep) runText(g *group) string {
	at := fmt.Sprintf("run %d of the search, made of seed %d", g.at.seed, *g.first.Seed)
	if s.opts.KeepGoing {
		return fmt.Sprintf("first at %s; %d of %s fail like this", at, g.count, text.Count(s.slots[g.at.test].runs, "run"))
	}
	return at
}

// ofRuns counts runs, which are those of seeds mostly.
func (s *Sweep) ofRuns(n uint64) string {
	if s.opts.Guided.On {
		return text.Count(n, "run")
	}
	return text.Count(n, "seed")
}

// summary is the last line.
func (s *Sweep) summary(groups []*group, idle []*slot, interrupted bool) string {
	now := s.progress.now()
	elapsed := now.Sub(s.progress.began)
	took := s.took(now)
	withRate := took
	if r, ok := rate(s.seedsRun(), max(elapsed, time.Millisecond)); ok {
		withRate += ", " + r
	}
	notRun := s.countNotRun()
	ok := "ok"
	if notRun != "" {
		ok = "incomplete"
	}
	switch {
	case interrupted:
		if s.opts.Guided.On {
			return fmt.Sprintf("interrupted after %s; %s so far", s.ofRuns(s.seedsRun()), text.Count(uint64(len(groups)), "distinct failure"))
		}
		return fmt.Sprintf("interrupted after %d of %s; %s so far", s.seedsRun(), text.Count(s.progress.total, "seed"), text.Count(uint64(len(groups)), "distinct failure"))
	case len(groups) == 0 && len(idle) > 0:
		word := ok
		if s.opts.Strict {
			word = "FAIL"
		}
		return fmt.Sprintf("%s: %s%s, %s of them vacuous, %s, no failure, %s", word, notRun, text.Count(s.seeded(), s.noun()), strconv.Itoa(len(idle)), s.ofRuns(s.seedsRun()), withRate)
	case len(groups) == 0:
		word, skips := ok, s.nothingButSkips()
		if s.opts.Strict && skips != "" {
			word = "FAIL"
		}
		return fmt.Sprintf("%s: %s%s, %s%s, no failure, %s", word, notRun, text.Count(s.seeded(), s.noun()), skips, s.ofRuns(s.seedsRun()), withRate)
	case s.opts.KeepGoing:
		return fmt.Sprintf("FAIL: %s%s, %s, %s, %s", notRun, text.Count(uint64(len(groups)), "distinct failure"), text.Count(s.seeded(), s.noun()), s.ofRuns(s.seedsRun()), withRate)
	}
	return "FAIL: stopped at the first failure (-keep-going runs all seeds), " + took
}

// noun is what was run.
func (s *Sweep) noun() string {
	if len(s.slots) > 0 && s.slots[0].Pkg != nil && s.slots[0].Pkg.Program {
		return "program" // they are one at a time
	}
	return "test"
}

// took says how long it all took: who waited for minutes must not read of seconds.
func (s *Sweep) took(now time.Time) string {
	return "prepared in " + text.Duration(s.progress.began.Sub(s.progress.opened)) + ", ran in " + text.Duration(now.Sub(s.progress.began))
}

// seedsRun is the number of seeds that were run. Those at which there was nothing to run
// are none.
func (s *Sweep) seedsRun() uint64 {
	n := s.progress.done
	for i := range s.slots {
		n -= s.slots[i].empty
	}
	return n
}

// seeded is the number of tests that have seeds, and that ran on one. Of a target that is
// several tests it is known only when it has run.
func (s *Sweep) seeded() uint64 {
	var n uint64
	for i := range s.slots {
		n += s.slots[i].tests()
	}
	return n
}
