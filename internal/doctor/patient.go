package doctor

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
	// changed are the files in the package's own folder that the first run has made
	// or written to.
	changed []string
	survey  *survey
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
		p.say(screen.Red, "FAIL", p.pkg.Arg, not.Why)
		p.screen.Print("\n" + text.Indent(not.Said) + "\n\n")
		return NotBuilt, nil
	}
	var err error
	if p.survey, err = surveyPackage(ctx, p.by, p.build, p.by.GoArg(p.pkg)); err != nil {
		return 0, err
	}
	ref, err := p.firstRun(ctx)
	if err != nil {
		return 0, err
	}
	if len(ref.sections) == 0 {
		return p.nothingRan(ref), nil
	}
	found, err := p.compareRuns(ctx, ref)
	if err == nil && found == nil {
		found, err = p.compareAlone(ctx, ref)
	}
	if err != nil {
		return 0, err
	}
	p.step("")
	if found != nil {
		p.tell(found, ref)
		return Different, nil
	}
	p.tellEqual(ref)
	return equalRuns, nil
}

// firstRun is the run that all others are compared with.
func (p *patient) firstRun(ctx context.Context) (*course, error) {
	before, err := snapshot(p.pkg.Dir)
	if err != nil {
		return nil, err
	}
	p.stepRun(1, conditions[0])
	ref, err := p.run(ctx, conditions[0], p.opts.Run)
	if err != nil {
		return nil, err
	}
	after, err := snapshot(p.pkg.Dir)
	if err != nil {
		return nil, err
	}
	for name, is := range after { //samerun:allow maprange: the names are sorted below
		if was, ok := before[name]; !ok || was != is {
			p.changed = append(p.changed, name)
		}
	}
	slices.Sort(p.changed)
	return ref, ref.sectioned()
}

func (p *patient) stepRun(n int, c condition) {
	p.step(fmt.Sprintf("%s  run %d of %d: %v", p.pkg.Arg, n, p.opts.Runs, c))
}

// nothingRan tells that the first run had no test.
func (p *patient) nothingRan(ref *course) health {
	switch {
	case !ref.end.OK:
		p.say(screen.Red, "FAIL", p.pkg.Arg, ref.end.Reason(p.opts.Timeout)+", before its first test")
		p.screen.Print("\n" + text.Indent(testproc.Excerpt(ref.end.Output)) + "\n\n")
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

// fileState is what changes when a file is written to.
type fileState struct{ size, time int64 }

// snapshotFiles is how many files of a folder are looked at.
const snapshotFiles = 20000

// snapshot notes the files in a folder and below, by their names from there.
func snapshot(dir string) (map[string]fileState, error) {
	files := make(map[string]fileState)
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil || len(files) >= snapshotFiles:
			return fs.SkipAll
		case e.IsDir() && e.Name() == ".git":
			return fs.SkipDir
		case !e.Type().IsRegular():
			return nil
		}
		if info, err := e.Info(); err == nil {
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				return err
			}
			files[rel] = fileState{info.Size(), info.ModTime().UnixNano()}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the folder of a package cannot be read: %w", err)
	}
	return files, nil
}
