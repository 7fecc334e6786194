package doctor

import (
	"context"
	"fmt"
	"strings"

	"samerun/internal/records"
	"samerun/internal/runner/ordinary"
	"samerun/internal/text"
)

// tristate answers a question that may not have been asked.
type tristate int

const (
	unasked tristate = iota
	yes
	no
)

// finding is a difference and what is known of it.
type finding struct {
	at     *parting
	sides  [2]string // what each side is, in a few words
	script [2]string // the commands that make the records of both sides

	byItself tristate // the test differs as well if no other one runs

	alone     bool     // the difference is between a test by itself and the same among others
	earlier   []string // of alone: a small set of earlier tests with which it is there
	repeats   bool     // the first run, each time again under the same conditions, was the same
	firstOnly bool     // ... was each time equal to the other one: only the first run is different
	rare      bool     // no single condition shows the difference again
	byFolder  bool     // another folder for temporary files shows it
	byGC      bool     // another pace of the collector shows it
	byProcs   bool     // another number of processors, or load, shows it

	io      [2]int // waits for real input or output of the test
	watched bool   // the watchdog has ended one of the runs
	changed []string
	survey  *survey
}

// repetitions is how often the first run is done again: what differs half of the time by
// chance looks like an effect of the conditions once in eight times.
const repetitions = 3

// newFinding notes what is known without another run.
func (p *patient) newFinding(at *parting, a, b *course) *finding {
	f := &finding{at: at, changed: p.changed, survey: p.survey, watched: a.watched() || b.watched()}
	for i, t := range [2]*course{a, b} {
		for _, o := range t.tests {
			if o.Test == at.test {
				f.io[i] = o.IO
			}
		}
	}
	return f
}

// investigate looks which condition it is that makes a run part from the first one.
func (p *patient) investigate(ctx context.Context, ref, other *course, at *parting) (f *finding, err error) {
	f = p.newFinding(at, ref, other)
	f.sides = [2]string{"one run, " + ref.condition.String(), "another, " + other.condition.String()}
	pattern, until := p.upTo(ref, at.test)
	short := p.opts.Run
	if f.byItself, err = p.byItself(ctx, ref, other.condition, at.test); err != nil {
		return nil, err
	}
	if f.byItself == yes {
		short = p.only(at.test)
	}
	f.script = p.script(f, [2]string{short, short}, ref.condition, other.condition)

	// probe runs the tests up to the one that differs under a condition, and compares
	// with one of the two runs.
	probe := func(c condition, with *course, what string) (t *course, differs bool, err error) {
		p.step(fmt.Sprintf("%s  %s differs; looking for what matters: %s", p.pkg.Arg, at.test, what))
		if t, err = p.run(ctx, c, pattern); err != nil {
			return nil, false, err
		}
		found, err := compareCourses(with, t, until)
		return t, found != nil, err
	}
	likeRef, likeOther := 0, 0
	for range repetitions {
		t, differs, err := probe(ref.condition, ref, "nothing but time")
		if err != nil {
			return nil, err
		}
		if !differs {
			likeRef++
		} else if at, err := compareCourses(other, t, until); err != nil {
			return nil, err
		} else if at == nil {
			likeOther++
		}
		t.remove()
	}
	f.repeats, f.firstOnly = likeRef == repetitions, likeOther == repetitions
	if !f.repeats {
		return f, nil
	}
	c := ref.condition
	c.folder = other.condition.folder
	t, differs, err := probe(c, ref, "the folder for temporary files")
	if err != nil {
		return nil, err
	}
	if differs {
		// Chance can look like it: the new folder must have a course of its own.
		t.sections = ref.sections
		_, chance, err := probe(c, t, "the folder for temporary files")
		f.byFolder, f.repeats = !chance, !chance
		return f, err
	}
	c = ref.condition
	c.gc = other.gc
	if _, f.byGC, err = probe(c, ref, c.String()); err != nil {
		return nil, err
	}
	c = ref.condition
	c.procs, c.busy = other.procs, other.busy
	if _, f.byProcs, err = probe(c, ref, c.String()); err != nil {
		return nil, err
	}
	f.rare = !f.byGC && !f.byProcs
	return f, nil
}

// byItself looks whether a test that is one of several differs by itself, too, when it
// runs under two conditions.
func (p *patient) byItself(ctx context.Context, ref *course, c condition, test string) (tristate, error) {
	if len(ref.sections) < 2 || test == "" {
		return unasked, nil
	}
	var runs [2]*course
	for i, c := range [2]condition{ref.condition, c} {
		p.step(fmt.Sprintf("%s  %s differs; by itself: %v", p.pkg.Arg, test, c))
		t, err := p.run(ctx, c, p.only(test))
		if err != nil {
			return unasked, err
		}
		defer t.remove()
		runs[i] = t
	}
	at, err := compareCourses(runs[0], runs[1], "")
	if at == nil {
		return no, err
	}
	return yes, err
}

// upTo returns the pattern for all tests of a run up to one, and the name of the next.
func (p *patient) upTo(ref *course, test string) (pattern, until string) {
	i := ref.place(test)
	if i < 0 || i+1 >= len(ref.sections) {
		return p.opts.Run, ""
	}
	return p.only(testNames(ref.sections[:i+1])...), ref.sections[i+1].Test
}

func testNames(sections []records.Section) (names []string) {
	for _, s := range sections {
		names = append(names, s.Test)
	}
	return names
}

// investigateAlone looks whether a test that differs by itself does so every time, and
// which of the tests before it in ref make the difference.
func (p *patient) investigateAlone(ctx context.Context, ref *course, i int, alone *course, at *parting) (*finding, error) {
	test := ref.sections[i].Test
	p.step(fmt.Sprintf("%s  %s differs; by itself again", p.pkg.Arg, test))
	again, err := p.run(ctx, conditions[0], p.only(test))
	if err != nil {
		return nil, err
	}
	differs, err := compareCourses(alone, again, "")
	if err != nil {
		return nil, err
	}
	if differs != nil {
		f := p.newFinding(differs, alone, again)
		f.sides = [2]string{"by itself", "by itself, again"}
		f.script = p.script(f, [2]string{p.only(test), p.only(test)}, conditions[0], conditions[0])
		return f, nil
	}
	f := p.newFinding(at, ref, alone)
	f.alone, f.repeats = true, true
	if f.earlier, err = p.culprits(ctx, testNames(ref.sections[:i]), test, alone); err != nil {
		return nil, err
	}
	f.sides = [2]string{"behind the tests before it", "by itself"}
	if len(f.earlier) > 0 {
		f.sides[0] = "behind " + strings.Join(f.earlier, ", ")
	}
	f.script = p.script(f, [2]string{p.only(append(f.earlier, test)...), p.only(test)}, conditions[0], conditions[0])
	return f, nil
}

// culprits halves the tests that come before one for as long as half of them make it
// take another course than it does by itself. It returns none if there were none before.
func (p *patient) culprits(ctx context.Context, earlier []string, test string, alone *course) ([]string, error) {
	differs := func(some []string) (bool, error) {
		p.step(fmt.Sprintf("%s  %s differs; behind %s", p.pkg.Arg, test, text.Count(uint64(len(some)), "test")))
		t, err := p.run(ctx, conditions[0], p.only(append(some[:len(some):len(some)], test)...))
		if err != nil {
			return false, err
		}
		defer t.remove()
		if err := t.sectioned(); err != nil {
			return false, err
		}
		i := t.place(test)
		if i == len(t.sections) {
			return false, nil
		}
		at, err := compareTest(t, t.sections[i], alone)
		return at != nil, err
	}
	for len(earlier) > 1 {
		half := len(earlier) / 2
		left, right := earlier[:half], earlier[half:]
		yes, err := differs(right)
		if err != nil {
			return nil, err
		}
		if yes {
			earlier = right
			continue
		}
		if yes, err = differs(left); err != nil {
			return nil, err
		}
		if !yes {
			// It takes some of each.
			return earlier, nil
		}
		earlier = left
	}
	return earlier, nil
}

// script returns the commands that make two files to be compared: the records of the tests
// of a pattern, or what they print if the records are equal.
func (p *patient) script(f *finding, patterns [2]string, a, b condition) [2]string {
	var lines [2]string
	for i, c := range [2]condition{a, b} {
		into := "-record"
		if f.at.what == "prints" {
			into = "-v >"
		}
		lines[i] = fmt.Sprintf("GOMAXPROCS=%d GOGC=%s %s %s %s", c.procs, c.gc, p.u.Repeat(p.pkg, p.opts.Seed, ordinary.Spec{Pattern: patterns[i], Strategy: p.opts.Strategy}, false), into, [2]string{"one", "two"}[i])
	}
	return lines
}
