package ordinary

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"samerun/internal/faultplan"
	"samerun/internal/gocmd"
	"samerun/internal/keyed"
	"samerun/internal/runner"
	"samerun/internal/safefile"
	"samerun/internal/seeds"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sched"
)

// Run is one process: the tests of a package on one seed.
type Run struct {
	End   testproc.Ending // OK only if the tests were run to their end, too
	Tests []wire.Result   // those that ended, in order
	Died  *wire.Result    // the one in which the process ended, if it could say so
	Empty string          // why no test was run, if that was so and the process was good

	began   string      // the test that began last, if it did not end
	ended   *wire.Ended // nil if the process ended before M.Run did
	apart   bool        // it is several processes, one for each test; End and what follows are the last one's
	pattern string      // if so, the -run of that one
	odd     string      // how the process ended, if its exit status does not tell

	scenario bool              // it is of one test of package sim, and pattern is of that
	given    []faultplan.Given // the faults that its tests had
}

// Run runs the tests of a package on each seed of a set, a process for each, or for each
// test of it: what a package keeps in its variables must not reach the next seed.
func (u *Runner) Run(ctx context.Context, test *runner.Target, set seeds.Set) (runner.Chunk, error) {
	var r runner.Chunk
	for seed := range set.All() {
		if u.hasNone(test.Pkg) && !u.isScenario(test) {
			r.Outcomes = append(r.Outcomes, runner.Outcome{Result: wire.Result{Test: test.Name, Seed: seed, OK: true}, Empty: noTests})
			continue
		}
		run, err := u.runTarget(ctx, test, seed)
		if err != nil {
			return r, err
		}
		if run.End.Cancelled {
			r.Cancelled = true
			_, r.Rest = set.Cut(uint64(len(r.Outcomes)))
			return r, nil
		}
		o := runner.Outcome{Result: u.sum(test, seed, &run), Empty: run.Empty}
		o.Ran, o.Skipped = run.names()
		o.Apart, o.Faults = run.apart, run.met()
		u.noteLeftovers(test.Pkg, seed, &run)
		u.noteFaults(test.Pkg, &o, &run)
		u.noteEmpty(test.Pkg, run.Empty)
		r.Elapsed += run.End.Elapsed
		if o.OK {
			r.Outcomes = append(r.Outcomes, o)
			continue
		}
		if o.Failure, err = u.failed(ctx, test, seed, &run); err != nil {
			return r, err
		}
		o.Error = o.Failure.Reason
		r.Outcomes = append(r.Outcomes, o)
		r.Rest = set.After(seed)
		return r, nil
	}
	return r, nil
}

// Watched reports whether the watchdog has ended the run.
func (r *Run) Watched() bool {
	for _, sign := range []string{" has not given up its turn for ", "samerun: nothing has run for ", " has stood still for "} {
		if strings.Contains(r.End.Output, sign) {
			return true
		}
	}
	return false
}

// InRealTime matches examples and fuzz targets, whose time is real whatever the seed.
const InRealTime = "^(Example|Fuzz)"

// Spec is what differs between the runs of a package on one seed.
type Spec struct {
	Pattern  string            // of the tests, as -run; or empty for all
	Skip     string            // begins what -skip says: a regular expression with | at its end, or empty
	Strategy string            // as -strategy
	Record   string            // the file for the record, or empty
	Picks    string            // the file of the record that is replayed, or empty
	Faults   []faultplan.Given // what tests have; nil if it is not to be noted either whom faults could befall
	Timeout  time.Duration
	Verbose  bool         // as -v of go test, which can make it another run
	Scenario bool         // the pattern is of a test of package sim, which else is left out of packages of both worlds
	Replay   string       // the file of its input, or empty
	Quiet    bool         // what the tests print is for the tool alone
	Count    bool         // the events of goroutines are counted; the run is the same otherwise
	Forks    []sched.Fork // from which on other seeds decide
	Saw      bool         // it is noted what the run sees, for a guided search; the run is the same
	Stop     string       // the turn and the test at which it stops, or empty
	Stopped  string       // the file for how it stands there; empty for a debugger
	Trace    bool         // a trace is made of the record: more is told
	Track    bool         // the run is made for a report: it notes who holds what, and is the same otherwise
}

// asked is what the command line asks for of a package at a seed.
func (u *Runner) asked(p *gocmd.Package, seed uint64) Spec {
	return Spec{Pattern: u.opts.Run, Strategy: u.opts.Strategy, Record: u.opts.Record, Picks: u.opts.Picks, Timeout: u.opts.Timeout, Verbose: u.opts.Verbose, Faults: u.Given(p, seed)}
}

// environ is the environment by which a process makes a run, with dir for its temporary files. The
// caller calls remove when the process has ended.
func (u *Runner) environ(p *gocmd.Package, seed uint64, spec Spec, dir string) (env []string, remove func(), err error) {
	env, remove = append(u.Settings(p, seed, spec), "TMPDIR="+dir), func() {}
	if u.opts.Program != nil {
		env = append(env, "SAMERUN_PROGRAM="+u.opts.Program.Name)
	}
	if _, ok := gocmd.LookupEnv(u.by.Environ, "GOMAXPROCS"); !ok {
		// The processes are what keeps the cores busy; a run is one thread of work.
		env = append(env, "GOMAXPROCS=1")
	}
	if _, ok := gocmd.LookupEnv(u.by.Environ, "GOGC"); !ok {
		// A process is short, and its memory soon free again.
		env = append(env, "GOGC=800")
	}
	if spec.Picks != "" {
		env = append(env, "SAMERUN_PICKS="+spec.Picks)
	}
	if spec.Replay != "" {
		env = append(env, "SAMERUN_REPLAY="+spec.Replay)
	}
	if spec.Count {
		env = append(env, "SAMERUN_COUNT=1")
	}
	if len(spec.Forks) > 0 {
		env = append(env, forksSetting(spec.Forks))
	}
	if spec.Saw {
		env = append(env, "SAMERUN_SAW=1")
	}
	if spec.Track {
		env = append(env, "SAMERUN_TRACK=1")
	}
	if spec.Trace {
		env = append(env, "SAMERUN_TRACE=1")
	}
	if spec.Stop != "" {
		env = append(env, "SAMERUN_STOP="+spec.Stop, "SAMERUN_STOPPED="+spec.Stopped)
	}
	if spec.Track && spec.Faults == nil && !spec.Scenario {
		spec.Faults = []faultplan.Given{} // what is sent is noted, and nothing befalls it
	}
	if spec.Faults != nil {
		var setting string
		if setting, remove, err = u.FaultSetting(spec.Faults); err != nil {
			return nil, nil, err
		}
		env = append(env, setting)
	}
	return env, remove, nil
}

// runOnce runs tests of a package on one seed.
func (u *Runner) runOnce(ctx context.Context, p *gocmd.Package, seed uint64, spec Spec) (run Run, err error) {
	file := u.files.Next(".jsonl")
	defer os.Remove(file)
	// A file of an earlier run would make os.CreateTemp draw again.
	dir := strings.TrimSuffix(file, ".jsonl")
	if err := os.Mkdir(dir, 0o777); err != nil {
		return run, fmt.Errorf("no place for the temporary files of a test: %w", err)
	}
	defer os.RemoveAll(dir)
	env, remove, err := u.environ(p, seed, spec, dir)
	if err != nil {
		return run, err
	}
	defer remove()
	env, run.given = append(env, "SAMERUN_RESULTS="+file), spec.Faults
	if spec.Record != "" {
		// It takes its name only once it is complete.
		partial := spec.Record + ".part"
		env = append(env, "SAMERUN_RECORD="+partial)
		defer func() {
			if err == nil && !run.End.Cancelled {
				err = recorded(partial, spec.Record)
			} else {
				os.Remove(partial)
			}
		}()
	}
	defer u.enterGate(p)()
	proc := &testproc.Process{Pkg: p, Args: u.args(p, spec), Environ: gocmd.ChildEnviron(u.by.Environ, env...), Timeout: spec.Timeout, Exec: u.build.Exec}
	if run.End, err = u.runProcess(ctx, proc, seed, spec); err != nil || run.End.Cancelled {
		return run, err
	}
	if run.End.Outlived {
		u.noteOutlived(p)
	}
	lines, err := wire.ReadFile(file)
	if err != nil {
		return run, err
	}
	if u.opts.Program != nil {
		run.readProgram(lines)
	} else {
		run.read(lines)
	}
	if m := misfit.FindStringSubmatch(run.End.Output); m != nil && run.End.OK && spec.Picks != "" && spec.Picks == u.opts.Picks {
		run.odd, run.began, run.End.OK = m[2], m[1], false
	}
	return run, run.End.Unwritten()
}

// args are the arguments of a process.
func (u *Runner) args(p *gocmd.Package, spec Spec) []string {
	if u.opts.Program != nil {
		return u.opts.Args
	}
	args := []string{"-test.run=" + spec.Pattern}
	if spec.Verbose {
		args = append(args, "-test.v")
	}
	if u.opts.Short {
		args = append(args, "-test.short")
	}
	skip := spec.Skip + InRealTime
	if !spec.Scenario {
		skip = u.scenarios(p) + skip
	}
	if u.opts.Skip != "" {
		skip = u.opts.Skip + "|" + skip
	}
	args = append(args, "-test.skip="+skip)
	if u.opts.FailFast {
		args = append(args, "-test.failfast")
	}
	if u.opts.Count != 1 {
		args = append(args, "-test.count="+strconv.Itoa(u.opts.Count))
	}
	return append(args, u.opts.Args...)
}

// runProcess runs a process, and prints what it prints, if that was asked for.
func (u *Runner) runProcess(ctx context.Context, proc *testproc.Process, seed uint64, spec Spec) (end testproc.Ending, err error) {
	shows := u.opts.Output != nil && !spec.Quiet
	if u.opts.Program != nil {
		return u.opts.Program.run(ctx, proc, seed, u.opts.Output, shows)
	}
	if end, err = proc.Run(ctx); err == nil && !end.Cancelled && shows {
		io.WriteString(u.opts.Output, end.Output)
	}
	return end, err
}

// misfit is what a process says of a test whose record is not of this code, or of another
// test: that it passes then proves nothing.
var misfit = regexp.MustCompile(`(?m)^samerun: (\S+): (the record (?:has nothing of this test|does not fit this code).*)$`)

// recorded gives a complete record its name. A process that ran no test has made none.
func recorded(partial, path string) error {
	if _, err := os.Stat(partial); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return safefile.Swap(partial, path)
}

// Settings is the part of the environment of a process that says which run it is.
func (u *Runner) Settings(p *gocmd.Package, seed uint64, spec Spec) []string {
	env := []string{
		"SAMERUN_SEED=" + strconv.FormatUint(seed, 10),
		"SAMERUN_AGAIN=" + u.Repeat(p, seed, spec, false),
		"SAMERUN_TURN_NS=" + strconv.FormatInt(int64(u.opts.Turn), 10),
		"SAMERUN_NET=" + u.opts.Net,
		"SAMERUN_DATE=" + u.opts.Date,
		"SAMERUN_GO=" + u.opts.Go,
		"SAMERUN_LIMIT=" + u.opts.Limit.String(),
		"SAMERUN_WATCHDOG=" + u.opts.Watchdog.String(),
		"SAMERUN_LEAKS=" + cmp.Or(u.opts.Leaks, LeaksTell),
	}
	if spec.Strategy != "" {
		env = append(env, "SAMERUN_STRATEGY="+spec.Strategy)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if l := u.lengths[p.Path]; l.file != "" && spec.Strategy == u.opts.Strategy {
		env = append(env, "SAMERUN_LENGTHS="+l.file)
	}
	return env
}

// sum adds up what the tests of a run came to.
func (u *Runner) sum(test *runner.Target, seed uint64, run *Run) wire.Result {
	o := wire.Result{Test: test.Name, Seed: seed, OK: run.End.OK, WallNS: int64(run.End.Elapsed)}
	var digest keyed.Digest
	for _, t := range u.ended(run) {
		o.VirtualNS += t.VirtualNS
		o.Events += t.Events
		o.Left += t.Left
		o.Leaked = addLeaked(o.Leaked, &t)
		o.Orders = append(o.Orders, t.Orders...)
		digest.AddBytes([]byte(t.Test))
		digest.AddBytes([]byte(t.Digest))
	}
	o.Digest = digest.String()
	if end := endOf(test.Name, run); run.scenario && end != nil {
		o.Property, o.Vacuous, o.Reached, o.Saw, o.Cover = end.Property, end.Vacuous, end.Reached, end.Saw, end.Cover
	}
	return o
}

// addLeaked adds what a test has leaked to what those before it have.
func addLeaked(all *wire.Leaked, t *wire.Result) *wire.Leaked {
	if t.Leaked == nil {
		return all
	}
	if all == nil {
		all = new(wire.Leaked)
	}
	all.Count += t.Leaked.Count
	for _, p := range t.Leaked.Places {
		p.Test = t.Test
		all.Places = append(all.Places, p)
	}
	return all
}

// WhereLine is what a process that dies in a test says about the run.
var WhereLine = regexp.MustCompile(`(?m)^samerun: (\S+): seed \d+, virtual time (\S+)s, turn \d+$`)

// failed describes a run that failed, with the shortest command that is known to show
// the failure.
func (u *Runner) failed(ctx context.Context, test *runner.Target, seed uint64, run *Run) (*runner.Failure, error) {
	f := &runner.Failure{Pkg: test.Pkg, Seed: &seed, Wall: run.End.Elapsed}
	f.Test, f.Reason = u.Blame(run)
	u.enterStory(f, run)
	asked := u.asked(test.Pkg, seed)
	if run.pattern != "" {
		asked.Pattern = run.pattern
	}
	f.Command = u.Repeat(test.Pkg, seed, asked, run.End.TimedOut)
	if u.opts.Record != "" && u.opts.Picks != "" {
		u.explainFrom(f, u.opts.Record)
	}
	if f.Test == "" || run.End.TimedOut || run.End.Killed() || u.opts.Record != "" {
		return f, nil
	}
	if u.opts.Program != nil && endOf(f.Test, run) == nil {
		return f, nil // it ended before main began
	}
	return f, u.narrow(ctx, f, run)
}

// sameFailure reports whether two runs failed in a test in the same way.
func sameFailure(test string, a, b *Run) bool {
	find := func(r *Run) string {
		for _, t := range r.Tests {
			if t.Test == test {
				return fmt.Sprint(t.OK, t.Digest, t.VirtualNS)
			}
		}
		if r.odd != "" && r.began == test {
			return r.odd
		}
		return WhereLine.FindString(r.End.Output)
	}
	return !b.End.OK && find(a) == find(b)
}

// Blame says which test of a run failed first, and why, in one line.
func (u *Runner) Blame(run *Run) (test, reason string) {
	if u.opts.Program != nil {
		return u.opts.Program.Name, text.PlainTraces(u.blameProgram(run))
	}
	test, reason = u.blame(run)
	return test, text.PlainTraces(reason)
}

func (u *Runner) blame(run *Run) (test, reason string) {
	reason = run.End.Reason(u.opts.Timeout)
	for _, t := range run.Tests {
		if !t.OK {
			what := "failed"
			if strings.Contains(run.End.Of(t.Test), "WARNING: DATA RACE\n") {
				what = "data race"
			} else if l := t.Leaked; l != nil && l.Fails && len(l.Places) > 0 {
				what = "leaves goroutines that wait for ever: " + l.Places[0].Place
			}
			reason = fmt.Sprintf("%s, at %v of its virtual time", what, time.Duration(t.VirtualNS).Round(time.Microsecond))
			if run.ended != nil && run.odd != "" {
				reason += "; " + run.odd
			}
			return t.Test, reason
		}
	}
	if run.odd != "" {
		return run.began, run.odd
	}
	where := WhereLine.FindStringSubmatch(run.End.Output)
	if where == nil {
		return run.began, reason
	}
	before := ""
	for line := range strings.Lines(run.End.Output) {
		// What the watchdog, a deadlock or os.Exit says comes right before the place.
		line = strings.TrimSpace(line)
		if WhereLine.MatchString(line) {
			if said, ok := strings.CutPrefix(before, "samerun: "); ok {
				reason = said
			}
			break
		}
		before = line
	}
	return where[1], fmt.Sprintf("%s, at %ss of virtual time", reason, strings.TrimRight(strings.TrimRight(where[2], "0"), "."))
}

// excerpt is what there is to tell of a run that failed in a test: the last lines that the
// test printed before, such as those of package log, and how it failed.
func (u *Runner) excerpt(run *Run, test string) string {
	if u.opts.Program != nil {
		return testproc.ExcerptOf(withoutCaller(told(run.End.Output)))
	}
	if test == "" {
		return testproc.Excerpt(told(run.End.Output))
	}
	return testproc.ExcerptOf(told(run.End.Of(test)))
}

// told is an output as a story tells it, which is the same in each run of a seed.
func told(output string) string { return text.PlainTraces(withoutTimes(output)) }

// withoutTimes takes out of an output what the tool says better itself.
func withoutTimes(output string) string {
	var b strings.Builder
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(line, "samerun: again: ") && strings.TrimSpace(line) != "FAIL" {
			b.WriteString(line)
		}
	}
	return b.String()
}

// Repeat returns the line that repeats a run.
func (u *Runner) Repeat(p *gocmd.Package, seed uint64, spec Spec, timedOut bool) string {
	verb := "test"
	if u.opts.Program != nil {
		verb = "run"
	}
	words := append(u.by.Platform(), u.by.Self, verb, "-seeds", strconv.FormatUint(seed, 10))
	if u.opts.Program != nil {
		// There are no packages to choose from, and all is of goroutines.
	} else if u.opts.Forced {
		words = append(words, "-overlay", "on")
	} else if choice, set := gocmd.LookupEnv(u.by.Environ, "SAMERUN_OVERLAY"); set && choice != "" {
		words = append(words, "-overlay", "auto")
	}
	strategy := u.strategyOf(p, spec)
	if preset, set := gocmd.LookupEnv(u.by.Environ, "SAMERUN_STRATEGY"); strategy == "" && set && preset != "" {
		// -strategy "" was said, and the environment has another.
		words = append(words, "-strategy", "''")
	} else if strategy != "" {
		words = append(words, "-strategy", text.ShellQuote(strategy))
	}
	words = append(words, u.faultWords(p, spec.Pattern)...)
	if u.opts.Turn != 200*time.Microsecond {
		words = append(words, "-turn", u.opts.Turn.String())
	}
	if u.opts.Apart != ApartAuto && u.opts.Apart != "" && !isOneTest(spec.Pattern) {
		words = append(words, "-apart", u.opts.Apart)
	}
	if u.opts.Net != "test" {
		words = append(words, "-net", u.opts.Net)
	}
	if u.opts.Go != "any" {
		words = append(words, "-go", u.opts.Go)
	}
	if u.opts.Date != "2000-01-01" {
		words = append(words, "-date", u.opts.Date)
	}
	if l := u.opts.Leaks; l != "" && l != LeaksTell && u.opts.Program == nil {
		words = append(words, "-leaks", l)
	}
	words = append(words, u.build.Words()...)
	if spec.Picks != "" {
		words = append(words, "-picks", text.ShellQuote(gocmd.PathFrom(u.by.Dir, spec.Picks)))
	}
	if spec.Verbose && u.opts.Program == nil {
		words = append(words, "-v")
	}
	if u.opts.Short {
		words = append(words, "-short")
	}
	if u.opts.Skip != "" {
		words = append(words, "-skip", text.ShellQuote(u.opts.Skip))
	}
	if u.opts.Count != 1 {
		words = append(words, "-count", strconv.Itoa(u.opts.Count))
	}
	words = append(words, u.build.ExecWords()...)
	if timedOut || u.opts.Limit != DefaultLimit {
		words = append(words, "-timeout", u.opts.Timeout.String())
	}
	if u.opts.Program != nil {
		return strings.Join(append(words, u.programWords(p)...), " ")
	}
	if spec.Pattern != "" {
		words = append(words, "-run", text.AlwaysShellQuote(spec.Pattern))
	}
	words = append(words, text.ShellQuote(p.Arg))
	if len(u.opts.Args) > 0 {
		words = append(words, "-args")
	}
	for _, arg := range u.opts.Args {
		words = append(words, text.ShellQuote(arg))
	}
	return strings.Join(words, " ")
}
