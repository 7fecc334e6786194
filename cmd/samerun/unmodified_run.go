package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"samerun/internal/keyed"
	"samerun/internal/seeds"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// unmodifiedRun is one process: the tests of a package on one seed.
type unmodifiedRun struct {
	end   ending
	tests []wire.Result // those that ended, in order
}

// runChunk runs the tests of a package on each seed of a set, a process for each:
// what a package keeps in its variables must not reach the next seed. It has the
// contract of sweep.runChunk.
func (u *unmodified) runChunk(ctx context.Context, test *simTest, set seeds.Set) (chunkResult, error) {
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
		o := u.sum(test, seed, &run)
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
func (u *unmodified) asked() runSpec {
	return runSpec{pattern: u.opts.run, strategy: u.opts.strategy, record: u.fromUser(u.opts.record), picks: u.fromUser(u.opts.picks), timeout: u.opts.timeout}
}

// runOnce runs tests of a package on one seed.
func (u *unmodified) runOnce(ctx context.Context, p *testPackage, seed uint64, spec runSpec) (run unmodifiedRun, err error) {
	file := u.tempFile()
	defer os.Remove(file)
	// A file of an earlier run would make os.CreateTemp draw again.
	dir := strings.TrimSuffix(file, ".jsonl")
	if err := os.Mkdir(dir, 0o777); err != nil {
		return run, fmt.Errorf("no place for the temporary files of a test: %w", err)
	}
	defer os.RemoveAll(dir)
	env := append(u.settings(p, seed, spec), "SAMERUN_RESULTS="+file, "TMPDIR="+dir)
	if _, ok := lookupEnv(u.app.environ, "GOMAXPROCS"); !ok {
		// The processes are what keeps the cores busy; a run is one thread of work.
		env = append(env, "GOMAXPROCS=1")
	}
	if _, ok := lookupEnv(u.app.environ, "GOGC"); !ok {
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
	proc := &process{pkg: p, args: args, environ: childEnviron(u.app.environ, env...), timeout: spec.timeout, exec: u.opts.exec}
	if run.end, err = proc.run(ctx); err != nil || run.end.cancelled {
		return run, err
	}
	if u.opts.verbose && !u.opts.json && !spec.quiet {
		u.screen.print(run.end.output)
	}
	run.tests, err = wire.ReadFile(file)
	return run, err
}

// settings is the part of the environment of a process that says which run it is.
func (u *unmodified) settings(p *testPackage, seed uint64, spec runSpec) []string {
	env := []string{
		"SAMERUN_SEED=" + strconv.FormatUint(seed, 10),
		"SAMERUN_AGAIN=" + u.again(p, seed, spec, false),
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

// fromUser is the absolute form of a file name that the user typed, if any.
func (u *unmodified) fromUser(name string) string {
	if name == "" {
		return ""
	}
	return u.app.abs(name)
}

// sum adds up what the tests of a run came to.
func (u *unmodified) sum(test *simTest, seed uint64, run *unmodifiedRun) outcome {
	o := outcome{Result: wire.Result{Test: test.name, Seed: seed, OK: run.end.ok, WallNS: int64(run.end.elapsed)}}
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

// noteLeftovers remembers what the tests of a run left behind.
func (u *unmodified) noteLeftovers(p *testPackage, run *unmodifiedRun) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, t := range run.tests {
		name := p.arg + "  " + t.Test
		l := u.leftovers[name]
		l.runs++
		l.goroutines = max(l.goroutines, t.Left)
		if t.IO > 0 {
			l.io++
		}
		l.refused = cmp.Or(l.refused, t.Refused)
		u.leftovers[name] = l
	}
}

// whereLine is what a process that dies in a test says about the run.
var whereLine = regexp.MustCompile(`(?m)^samerun: (\S+): seed \d+, virtual time (\S+)s, turn \d+$`)

// failed describes a run that failed. It runs the test that failed once more by
// itself, to give the shortest command that is known to show the failure.
func (u *unmodified) failed(ctx context.Context, test *simTest, seed uint64, run *unmodifiedRun) (*failure, error) {
	f := &failure{pkg: test.pkg, seed: &seed, output: excerpt(withoutTimes(run.end.output)), wall: run.end.elapsed}
	f.test, f.reason = u.blameRun(run)
	f.command = u.again(test.pkg, seed, u.asked(), run.end.timedOut)
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
			f.command = u.again(test.pkg, seed, spec, false)
			f.pattern, f.wall = &pattern, again.end.elapsed
			return f, nil
		}
	}
	f.reason += " (not every time: the same seed took another course when it was run again; docs/unmodified.md says what can be the cause)"
	return f, nil
}

// sameFailure reports whether two runs failed in a test in the same way.
func sameFailure(test string, a, b *unmodifiedRun) bool {
	find := func(r *unmodifiedRun) string {
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
func (u *unmodified) blameRun(run *unmodifiedRun) (test, reason string) {
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

// again returns the line that repeats a run.
func (u *unmodified) again(p *testPackage, seed uint64, spec runSpec, timedOut bool) string {
	words := append(u.app.platform(), u.app.self, "test", "-seeds", strconv.FormatUint(seed, 10))
	if u.opts.overlay == "on" {
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
	if u.opts.race {
		words = append(words, "-race")
	}
	words = append(words, u.opts.buildWords()...)
	if spec.picks != "" {
		words = append(words, "-picks", shellQuote(pathFrom(u.app.dir, spec.picks)))
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
	if len(u.opts.exec) > 0 {
		words = append(words, "-exec", shellQuote(strings.Join(u.opts.exec, " ")))
	}
	if timedOut {
		words = append(words, "-timeout", u.opts.timeout.String())
	}
	if spec.pattern != "" {
		words = append(words, "-run", text.AlwaysShellQuote(spec.pattern))
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
