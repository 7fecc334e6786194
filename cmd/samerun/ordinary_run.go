package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"samerun/internal/keyed"
	"samerun/internal/seeds"
)

// testResult is what one test of an unmodified package came to, as its process
// writes it down.
type testResult struct {
	result
	Left int `json:"left"` // goroutines that were dropped at the end
	IO   int `json:"io"`   // waits for real input or output
	// Refused is an address that a test which failed has dialled, and at which nobody
	// in the test has ever listened.
	Refused string `json:"refused"`
}

// ordinaryRun is one process: the tests of a package on one seed.
type ordinaryRun struct {
	end   ending
	tests []testResult // those that ended, in order
}

// run runs the tests of a package on each seed of a set, a process for each:
// what a package keeps in its variables must not reach the next seed.
func (u *ordinaryRunner) run(ctx context.Context, test *target, set seeds.Set) (chunkResult, error) {
	var r chunkResult
	for seed := range set.All() {
		run, err := u.runOnce(ctx, test.pkg, seed, u.asked())
		if err != nil {
			return r, err
		}
		if run.end.cancelled {
			r.cancelled = true
			_, r.rest = set.Cut(uint64(len(r.outcomes)))
			return r, nil
		}
		o := outcome{result: u.sum(test, seed, &run)}
		u.noteLeftovers(test.pkg, &run)
		r.elapsed += run.end.elapsed
		if o.OK {
			r.outcomes = append(r.outcomes, o)
			continue
		}
		if o.failure, err = u.failed(ctx, test, seed, &run); err != nil {
			return r, err
		}
		o.Error = o.failure.reason
		r.outcomes = append(r.outcomes, o)
		r.rest = set.After(seed)
		return r, nil
	}
	return r, nil
}

// inRealTime matches examples and fuzz targets, whose time is real whatever the seed.
const inRealTime = "^(Example|Fuzz)"

// runSpec is what differs between the runs of a package on one seed.
type runSpec struct {
	pattern  string // of the tests, as -run; or empty for all
	strategy string // as -strategy
	record   string // the file for the record, or empty
	picks    string // the file of the record that is replayed, or empty
	timeout  time.Duration
	quiet    bool // what the tests print is for the tool alone
}

// asked is what the command line asks for.
func (u *ordinaryRunner) asked() runSpec {
	return runSpec{pattern: u.opts.run, strategy: u.opts.strategy, record: u.opts.record, picks: u.opts.picks, timeout: u.opts.timeout}
}

// runOnce runs tests of a package on one seed.
func (u *ordinaryRunner) runOnce(ctx context.Context, p *testPackage, seed uint64, spec runSpec) (run ordinaryRun, err error) {
	file := u.files.next(".jsonl")
	defer os.Remove(file)
	// A file of an earlier run would make os.CreateTemp draw again.
	dir := strings.TrimSuffix(file, ".jsonl")
	if err := os.Mkdir(dir, 0o777); err != nil {
		return run, fmt.Errorf("no place for the temporary files of a test: %w", err)
	}
	defer os.RemoveAll(dir)
	env := append(u.settings(p, seed, spec), "SAMERUN_RESULTS="+file, "TMPDIR="+dir)
	if _, ok := lookupEnv(u.by.environ, "GOMAXPROCS"); !ok {
		// The processes are what keeps the cores busy; a run is one thread of work.
		env = append(env, "GOMAXPROCS=1")
	}
	if _, ok := lookupEnv(u.by.environ, "GOGC"); !ok {
		// A process is short, and its memory soon free again.
		env = append(env, "GOGC=800")
	}
	if spec.record != "" {
		env = append(env, "SAMERUN_RECORD="+spec.record)
	}
	if spec.picks != "" {
		env = append(env, "SAMERUN_PICKS="+spec.picks)
	}
	args := []string{"-test.run=" + spec.pattern}
	if u.opts.verbose {
		args = append(args, "-test.v")
	}
	if u.opts.short {
		args = append(args, "-test.short")
	}
	skip := inRealTime
	if u.opts.skip != "" {
		skip = u.opts.skip + "|" + skip
	}
	args = append(args, "-test.skip="+skip)
	if u.opts.failFast {
		args = append(args, "-test.failfast")
	}
	if u.opts.count != 1 {
		args = append(args, "-test.count="+strconv.Itoa(u.opts.count))
	}
	args = append(args, u.opts.args...)
	proc := &process{pkg: p, args: args, environ: childEnviron(u.by.environ, env...), timeout: spec.timeout, exec: u.build.exec}
	if run.end, err = proc.run(ctx); err != nil || run.end.cancelled {
		return run, err
	}
	if u.opts.output != nil && !spec.quiet {
		io.WriteString(u.opts.output, run.end.output)
	}
	run.tests, err = readTestResults(file)
	return run, err
}

// settings is the part of the environment of a process that says which run it is.
func (u *ordinaryRunner) settings(p *testPackage, seed uint64, spec runSpec) []string {
	env := []string{
		"SAMERUN_SEED=" + strconv.FormatUint(seed, 10),
		"SAMERUN_AGAIN=" + u.repeat(p, seed, spec, false),
		"SAMERUN_TURN_NS=" + strconv.FormatInt(int64(u.opts.turn), 10),
		"SAMERUN_NET=" + u.opts.net,
		"SAMERUN_DATE=" + u.opts.date,
		"SAMERUN_WATCHDOG=" + u.opts.watchdog.String(),
	}
	if spec.strategy != "" {
		env = append(env, "SAMERUN_STRATEGY="+spec.strategy)
	}
	return env
}

// readTestResults reads the lines of a process; one that died in its first test
// has left no file.
func readTestResults(file string) ([]testResult, error) {
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the results of a test process cannot be read: %w", err)
	}
	var all []testResult
	for line := range strings.Lines(string(data)) {
		var o testResult
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			return nil, fmt.Errorf("a test process wrote a result that is not understood (%w): %q", err, excerptOf(line, 120))
		}
		all = append(all, o)
	}
	return all, nil
}

// sum adds up what the tests of a run came to.
func (u *ordinaryRunner) sum(test *target, seed uint64, run *ordinaryRun) result {
	o := result{Test: test.name, Seed: seed, OK: run.end.ok, WallNS: int64(run.end.elapsed)}
	var digest keyed.Digest
	for _, t := range run.tests {
		o.VirtualNS += t.VirtualNS
		o.Events += t.Events
		digest.AddBytes([]byte(t.Test))
		digest.AddBytes([]byte(t.Digest))
	}
	o.Digest = digest.String()
	return o
}

// whereLine is what a process that dies in a test says about the run.
var whereLine = regexp.MustCompile(`(?m)^samerun: (\S+): seed \d+, virtual time (\S+)s, turn \d+$`)

// failed describes a run that failed. It runs the test that failed once more by
// itself, to give the shortest command that is known to show the failure.
func (u *ordinaryRunner) failed(ctx context.Context, test *target, seed uint64, run *ordinaryRun) (*failure, error) {
	f := &failure{pkg: test.pkg, seed: &seed, story: excerpt(withoutTimes(run.end.output)), wall: run.end.elapsed}
	f.test, f.reason = u.blameRun(run)
	f.command = u.repeat(test.pkg, seed, u.asked(), run.end.timedOut)
	if f.test == "" || run.end.timedOut || u.opts.record != "" {
		return f, nil
	}
	for _, pattern := range []string{testPattern(f.test), u.opts.run} {
		spec := u.asked()
		spec.pattern = pattern
		again, err := u.runOnce(ctx, test.pkg, seed, spec)
		if err != nil || again.end.cancelled {
			return f, err
		}
		if sameFailure(f.test, run, &again) {
			f.command = u.repeat(test.pkg, seed, spec, false)
			f.pattern, f.wall = &pattern, again.end.elapsed
			f.smaller = u.opts.picks == ""
			return f, nil
		}
	}
	f.reason += " (not every time: the same seed took another course when it was run again; docs/unmodified.md says what can be the cause)"
	return f, nil
}

// sameFailure reports whether two runs failed in a test in the same way.
func sameFailure(test string, a, b *ordinaryRun) bool {
	find := func(r *ordinaryRun) string {
		for _, t := range r.tests {
			if t.Test == test {
				return fmt.Sprint(t.OK, t.Digest, t.VirtualNS)
			}
		}
		return whereLine.FindString(r.end.output)
	}
	return !b.end.ok && find(a) == find(b)
}

// blameRun says which test of a run failed first, and why, in one line.
func (u *ordinaryRunner) blameRun(run *ordinaryRun) (test, reason string) {
	reason = run.end.reason(u.opts.timeout)
	for _, t := range run.tests {
		if !t.OK {
			return t.Test, fmt.Sprintf("failed, at %v of its virtual time", time.Duration(t.VirtualNS).Round(time.Microsecond))
		}
	}
	where := whereLine.FindStringSubmatch(run.end.output)
	if where == nil {
		return "", reason
	}
	for line := range strings.Lines(run.end.output) {
		// What the watchdog, a deadlock or os.Exit says comes before the place.
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "samerun: ")
		if ok && !strings.HasPrefix(text, "again: ") && !whereLine.MatchString(strings.TrimSpace(line)) {
			reason = text
			break
		}
	}
	return where[1], fmt.Sprintf("%s, at %ss of virtual time", reason, strings.TrimRight(strings.TrimRight(where[2], "0"), "."))
}

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

// repeat returns the line that repeats a run.
func (u *ordinaryRunner) repeat(p *testPackage, seed uint64, spec runSpec, timedOut bool) string {
	words := append(u.by.platform(), u.by.self, "test", "-seeds", strconv.FormatUint(seed, 10))
	if u.opts.forced {
		words = append(words, "-overlay", "on")
	}
	if spec.strategy != "" {
		words = append(words, "-strategy", shellQuote(spec.strategy))
	}
	if u.opts.turn != 200*time.Microsecond {
		words = append(words, "-turn", u.opts.turn.String())
	}
	if u.opts.net != "test" {
		words = append(words, "-net", u.opts.net)
	}
	if u.opts.date != "2000-01-01" {
		words = append(words, "-date", u.opts.date)
	}
	words = append(words, u.build.words()...)
	if spec.picks != "" {
		words = append(words, "-picks", shellQuote(pathFrom(u.by.dir, spec.picks)))
	}
	if u.opts.short {
		words = append(words, "-short")
	}
	if u.opts.skip != "" {
		words = append(words, "-skip", shellQuote(u.opts.skip))
	}
	if u.opts.count != 1 {
		words = append(words, "-count", strconv.Itoa(u.opts.count))
	}
	words = append(words, u.build.execWords()...)
	if timedOut {
		words = append(words, "-timeout", u.opts.timeout.String())
	}
	if spec.pattern != "" {
		words = append(words, "-run", quote(spec.pattern))
	}
	words = append(words, shellQuote(p.arg))
	if len(u.opts.args) > 0 {
		words = append(words, "-args")
	}
	for _, arg := range u.opts.args {
		words = append(words, shellQuote(arg))
	}
	return strings.Join(words, " ")
}
