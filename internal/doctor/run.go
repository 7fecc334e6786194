package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"samerun/internal/gocmd"
	"samerun/internal/records"
	"samerun/internal/runner/ordinary"
	"samerun/internal/testproc"
	"samerun/internal/wire"
)

// condition is what must not matter to a run.
type condition struct {
	procs  int    // GOMAXPROCS
	gc     string // GOGC
	busy   bool   // other programs keep the processors busy
	folder string // the last part of the name of the folder for temporary files
}

// String is the condition as one would type it.
func (c condition) String() string {
	text := fmt.Sprintf("GOMAXPROCS=%d GOGC=%s", c.procs, c.gc)
	if c.busy {
		text += ", busy processors"
	}
	return text
}

// conditions are those of the runs of a package, again and again from the first on.
var conditions = []condition{
	{procs: 1, gc: "100", folder: "a"},
	{procs: 8, gc: "10", folder: "another"},
	{procs: 2, gc: "off", busy: true, folder: "third"},
}

// memoryLimit makes the collector run after all when it is off and the tests need more.
const memoryLimit = "2GiB"

// course is one run of tests under some condition, and the files that tell what it did.
type course struct {
	condition
	folder         string // the whole name of the folder for temporary files, gone by now
	record, output string // files; a process that ran no test leaves no record
	tests          []wire.Result
	end            testproc.Ending
	sections       []records.Section // of the record, if they were asked for
}

// watched reports whether the watchdog has ended the run.
func (t *course) watched() bool {
	return (&ordinary.Run{End: t.end}).Watched()
}

// remove removes the files.
func (t *course) remove() {
	os.Remove(t.record)
	os.Remove(t.output)
}

// run runs the tests of the package that match a pattern. Settings come behind those of the
// environment.
func (p *patient) run(ctx context.Context, c condition, pattern string, settings ...string) (*course, error) {
	p.files++
	name := filepath.Join(p.tmp, "run"+strconv.Itoa(p.files))
	t := &course{condition: c, folder: filepath.Join(p.tmp, c.folder), record: name + ".record", output: name + ".output"}
	if err := os.Mkdir(t.folder, 0o777); err != nil {
		return nil, fmt.Errorf("no place for the temporary files of a test: %w", err)
	}
	defer os.RemoveAll(t.folder)
	out, err := os.Create(t.output)
	if err != nil {
		return nil, fmt.Errorf("no place for the output of a test: %w", err)
	}
	defer out.Close()
	results := name + ".jsonl"
	defer os.Remove(results)
	given := p.u.Given(p.pkg, p.opts.Seed)
	env := append(p.u.Settings(p.pkg, p.opts.Seed, ordinary.Spec{Pattern: pattern, Strategy: p.opts.Strategy}),
		"SAMERUN_RESULTS="+results,
		"SAMERUN_RECORD="+t.record,
		"TMPDIR="+t.folder,
		"GOMAXPROCS="+strconv.Itoa(c.procs),
		"GOGC="+c.gc)
	env = append(env, settings...)
	if given != nil {
		setting, remove, err := p.u.FaultSetting(given)
		if err != nil {
			return nil, err
		}
		defer remove()
		env = append(env, setting)
	}
	if _, ok := gocmd.LookupEnv(p.by.Environ, "GOMEMLIMIT"); c.gc == "off" && !ok {
		env = append(env, "GOMEMLIMIT="+memoryLimit)
	}
	args := []string{"-test.run=" + pattern, "-test.skip=" + ordinary.InRealTime, "-test.v"}
	if p.opts.Short {
		args = append(args, "-test.short")
	}
	if c.busy {
		defer keepBusy()()
	}
	proc := &testproc.Process{Pkg: p.pkg, Args: args, Environ: gocmd.ChildEnviron(p.by.Environ, env...), Timeout: p.opts.Timeout, Exec: p.build.Exec, Output: out}
	if t.end, err = proc.Run(ctx); err != nil {
		return nil, err
	}
	if t.end.Cancelled {
		return nil, ctx.Err()
	}
	if err := t.end.Unwritten(); err != nil {
		return nil, err
	}
	lines, err := wire.ReadFile(results)
	t.tests = slices.DeleteFunc(lines, func(r wire.Result) bool { return !r.IsRun() || r.Died })
	return t, err
}

// sectioned finds the tests in the record of a run.
func (t *course) sectioned() error {
	file, err := os.Open(t.record)
	if os.IsNotExist(err) {
		return nil
	}
	if err == nil {
		defer file.Close()
		t.sections, err = records.ReadSections(file)
	}
	return err
}

// keepBusy keeps the processors busy until the function that it returns is called.
func keepBusy() (stop func()) {
	var done atomic.Bool
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Go(func() {
			for !done.Load() {
			}
		})
	}
	return func() { done.Store(true); wg.Wait() }
}
