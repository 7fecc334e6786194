package doctor

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/screen"
	"samerun/internal/testproc"
	"samerun/internal/text"
)

// patient is a package that the doctor looks at.
type patient struct {
	*doctor
	pkg *gocmd.Package
	tmp string // a folder for it
	// files numbers the runs.
	files int
	// changed are the files in the package's own folder that the first run has made,
	// written to or removed.
	changed []string
	survey  *survey
	// apart is, of tests that samerun test gives a process each, why it does so.
	apart string
}

// examine builds the package, runs its tests, compares and tells. The error means that the tool itself cannot go on.
func (p *patient) examine(ctx context.Context) (health, error) {
	if err := os.Mkdir(p.tmp, 0o777); err != nil {
		return 0, fmt.Errorf("no place for the test binaries: %w", err)
	}
	defer os.RemoveAll(p.tmp)
	p.step(p.pkg.Arg + "  building")
	if p.pkg.Unready == nil {
		if err := p.by.BuildAll(ctx, p.build, p.opts.Workers, p.tmp, []*gocmd.Package{p.pkg}, func() {}); err != nil {
			return 0, err
		}
	}
	if not := p.pkg.Unready; not != nil {
		p.fails(not.Why, not.Said)
		return NotBuilt, nil
	}
	for i := range p.pkg.Copies {
		p.say(screen.Plain, "note", p.pkg.Arg, p.pkg.Copies[i].String())
	}
	var err error
	if p.survey, err = surveyPackage(ctx, p.by, p.build, p.by.GoArg(p.pkg)); err != nil {
		return 0, err
	}
	if err := p.u.KnowCalm(ctx, p.pkg); err != nil {
		return 0, err
	}
	ref, err := p.firstRun(ctx)
	if err != nil {
		return 0, err
	}
	if len(ref.sections) == 0 {
		return p.nothingRan(ref), nil
	}
	p.step(p.pkg.Arg + "  the calm run")
	apart, names, why, err := p.u.Arrangement(ctx, p.pkg)
	if err != nil {
		return 0, err
	}
	var found *finding
	if apart {
		p.apart = why
		ref, found, err = p.compareApart(ctx, names)
	} else if found, err = p.compareRuns(ctx, ref); err == nil && found == nil {
		found, err = p.compareAlone(ctx, ref)
	}
	if err != nil {
		return 0, err
	}
	is := equalRuns
	if found != nil {
		p.step("")
		p.tell(found, ref)
		is = Different
	}
	together, err := p.lookForShared(ctx, ref)
	if err != nil {
		return 0, err
	}
	p.step("")
	line := checkedAs("ok", p.pkg.Arg, "")
	if found == nil {
		p.tellEqual(ref, &line)
	} else {
		p.noteDifference(found, &line)
	}
	p.tellShared(together, found != nil, &line)
	if p.opts.JSON {
		p.write(line)
	}
	return is, nil
}

// fails tells that the tests of the package cannot be run.
func (p *patient) fails(why, said string) {
	if p.opts.JSON {
		line := checkedAs("FAIL", p.pkg.Arg, why)
		line.Said = said
		p.write(line)
		return
	}
	p.sayText(screen.Red, "FAIL", p.pkg.Arg, why)
	p.print("\n" + text.Indent(said) + "\n\n")
}

// firstRun is the run that all others are compared with.
func (p *patient) firstRun(ctx context.Context) (*course, error) {
	before, err := testproc.LookAt(p.pkg.Dir)
	if err != nil {
		return nil, err
	}
	p.stepRun(1, conditions[0])
	ref, err := p.run(ctx, conditions[0], p.opts.Run)
	if err != nil {
		return nil, err
	}
	after, err := testproc.LookAt(p.pkg.Dir)
	if err != nil {
		return nil, err
	}
	p.changed = before.Written(after)
	return ref, ref.sectioned()
}

func (p *patient) stepRun(n int, c condition) {
	p.step(fmt.Sprintf("%s  run %d of %d: %v", p.pkg.Arg, n, p.opts.Runs, c))
}

// nothingRan tells that the first run had no test.
func (p *patient) nothingRan(ref *course) health {
	switch {
	case !ref.end.OK:
		p.fails(ref.end.Reason(p.opts.Timeout)+", before its first test", testproc.Excerpt(ref.end.Output))
		return Different
	case p.opts.Run != "":
		p.say(screen.Faint, "none", p.pkg.Arg, "no test matches -run "+p.opts.Run)
	default:
		p.say(screen.Faint, "none", p.pkg.Arg, "no tests")
	}
	return equalRuns
}

// compareRuns runs all tests again under other conditions. It returns nil if each run
// is equal to the first one.
func (p *patient) compareRuns(ctx context.Context, ref *course) (*finding, error) {
	for n := 2; n <= p.opts.Runs; n++ {
		c := conditions[(n-1)%len(conditions)]
		p.stepRun(n, c)
		t, err := p.run(ctx, c, p.opts.Run)
		if err != nil {
			return nil, err
		}
		at, err := compareCourses(ref, t, "")
		if err != nil {
			return nil, err
		}
		if at != nil {
			return p.investigate(ctx, ref, t, at)
		}
		t.remove()
	}
	return nil, nil
}

// compareApart compares runs of each test by itself, which is how samerun test runs them.
// It returns the first run of all of them, or of the one that differs, and what was found.
func (p *patient) compareApart(ctx context.Context, names []string) (all *course, found *finding, err error) {
	all = &course{condition: conditions[0]}
	for i, name := range names {
		p.step(fmt.Sprintf("%s  %s in a process of its own, %d of %d", p.pkg.Arg, name, i+1, len(names)))
		ref, err := p.run(ctx, conditions[0], p.only(name))
		if err == nil {
			err = ref.sectioned()
		}
		if err != nil {
			return nil, nil, err
		}
		for n := 2; n <= p.opts.Runs; n++ {
			t, err := p.run(ctx, conditions[(n-1)%len(conditions)], p.only(name))
			if err != nil {
				return nil, nil, err
			}
			at, err := compareCourses(ref, t, "")
			if err != nil {
				return nil, nil, err
			}
			if at != nil {
				found, err := p.investigate(ctx, ref, t, at)
				return ref, found, err
			}
			t.remove()
		}
		all.sections, all.tests = append(all.sections, ref.sections...), append(all.tests, ref.tests...)
		all.end = ref.end
		ref.remove()
	}
	return all, nil, nil
}

// compareAlone runs each test by itself. It returns nil if each takes the course that it
// took among the others.
func (p *patient) compareAlone(ctx context.Context, ref *course) (*finding, error) {
	if len(ref.sections) == 1 {
		return nil, nil
	}
	times := make(map[string]int)
	for _, s := range ref.sections {
		times[s.Test]++
	}
	for i, s := range ref.sections {
		if times[s.Test] > 1 {
			// A package and its external tests can have tests of one name, which -run
			// cannot tell apart.
			continue
		}
		p.step(fmt.Sprintf("%s  %s by itself, %d of %d", p.pkg.Arg, s.Test, i+1, len(ref.sections)))
		t, err := p.run(ctx, conditions[0], p.only(s.Test))
		if err != nil {
			return nil, err
		}
		at, err := compareTest(ref, s, t)
		if err != nil {
			return nil, err
		}
		if at != nil {
			return p.investigateAlone(ctx, ref, i, t, at)
		}
		t.remove()
	}
	return nil, nil
}

// only returns the pattern for some of the tests that -run lets through.
func (p *patient) only(tests ...string) string {
	quoted := make([]string, len(tests))
	for i, name := range tests {
		quoted[i] = regexp.QuoteMeta(name)
	}
	pattern := "^" + strings.Join(quoted, "|") + "$"
	if len(tests) > 1 {
		pattern = "^(" + strings.Join(quoted, "|") + ")$"
	}
	// What stands behind a slash is about subtests.
	if _, sub, ok := strings.Cut(p.opts.Run, "/"); ok {
		pattern += "/" + sub
	}
	return pattern
}
