package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"samerun/sim/shrink"
)

// minimise brings the first of each distinct failure as near as it can to the
// calm run, in which goroutines take turns in the order in which they become
// ready: with the fewest deviations that still show it. What it does not find out
// leaves a failure as it is.
func (u *unmodified) minimise(ctx context.Context) {
	if u.opts.shrink <= 0 || u.opts.picks != "" || u.opts.record != "" {
		return
	}
	u.mu.Lock()
	if !u.opts.keepGoing {
		u.failures.keepLowest()
	}
	groups := slices.DeleteFunc(u.failures.sorted(), func(g *group) bool { return g.first.pattern == nil })
	u.mu.Unlock()
	for i, g := range groups[:min(len(groups), reportLimit)] {
		if ctx.Err() != nil {
			return
		}
		c := &calmer{u: u, f: &g.first}
		c.exec = func(ctx context.Context, spec runSpec) (unmodifiedRun, error) {
			return u.runOnce(ctx, c.f.pkg, *c.f.seed, spec)
		}
		u.mu.Lock()
		u.minimising = func() string {
			if len(groups) == 1 {
				return c.status()
			}
			return fmt.Sprintf("failure %d of %d, %s", i+1, len(groups), c.status())
		}
		u.mu.Unlock()
		limited, cancel := context.WithTimeout(ctx, u.opts.shrink)
		small, err := c.minimise(limited)
		cancel()
		u.mu.Lock()
		if err != nil {
			g.first.minimised = "not minimised: " + err.Error()
			g.first.numbers = &minimisedJSON{Words: g.first.minimised}
		} else {
			u.enter(&g.first, small)
		}
		u.mu.Unlock()
	}
}

// calmer minimises one failure of unmodified tests.
type calmer struct {
	u    *unmodified
	f    *failure
	want string                                                         // what a run must come to
	exec func(ctx context.Context, spec runSpec) (unmodifiedRun, error) // makes a run

	mu    sync.Mutex
	stats shrink.Stats
}

// calmed is what it came to.
type calmed struct {
	run   unmodifiedRun // the smallest that fails in the same way
	left  *deviations
	words string
	stats shrink.Stats
	whole bool // nothing can be taken out
}

// minimise records the failing run and takes deviations out until none can be, or
// ctx is done.
func (c *calmer) minimise(ctx context.Context) (*calmed, error) {
	record := c.u.tempFile()
	defer os.Remove(record)
	whatever := context.WithoutCancel(ctx)
	first, err := c.run(whatever, runSpec{strategy: c.u.opts.strategy, record: record, timeout: c.u.opts.timeout})
	if err != nil {
		return nil, err
	}
	if c.want = c.signature(&first); c.want == "" {
		return nil, errors.New("it does not fail when it is recorded")
	}
	whole, err := readDeviations(record)
	if err != nil {
		return nil, fmt.Errorf("its record cannot be read: %w", err)
	}
	var broken error
	in := shrink.Input{Seed: *c.f.seed, Strategy: "fifo", Calm: 2, Deviations: whole.ids()}
	try := func(ctx context.Context, in shrink.Input, limit time.Duration) shrink.Verdict {
		run, err := c.replay(ctx, whole.text(in.Deviations), "", limit)
		switch got := c.signature(&run); {
		case err != nil:
			c.mu.Lock()
			broken = err
			c.mu.Unlock()
			return shrink.Pass
		case run.end.cancelled || run.end.timedOut:
			return shrink.Unknown
		case got == c.want:
			return shrink.Same
		case got == "":
			return shrink.Pass
		}
		return shrink.Other
	}
	limit := slowestCalm + slowest*c.f.wall
	r, err := shrink.Minimise(ctx, in, func(in shrink.Input) shrink.Verdict {
		return try(ctx, in, limit)
	}, shrink.Options{Prove: func(in shrink.Input) shrink.Verdict {
		return try(whatever, in, patience*limit)
	}, Workers: c.u.opts.workers, Progress: c.progress})
	if broken != nil {
		return nil, broken
	}
	if err != nil {
		return nil, err
	}
	return c.last(&r, whole)
}

// last runs the smallest once more with a record, which tells where its
// deviations are now and leaves out those that were not met.
func (c *calmer) last(r *shrink.Result, whole *deviations) (*calmed, error) {
	record := c.u.tempFile()
	defer os.Remove(record)
	limit := patience * (slowestCalm + slowest*c.f.wall)
	run, err := c.replay(context.Background(), whole.text(r.Input.Deviations), record, limit)
	switch {
	case err != nil:
		return nil, err
	case run.end.timedOut:
		return nil, fmt.Errorf("a smaller run was found, and it could not be ended within %v to prove it", limit)
	case c.signature(&run) != c.want:
		return nil, errors.New("the smallest run failed once and not again")
	}
	left, err := readDeviations(record)
	if err != nil {
		return nil, err
	}
	s := &calmed{run: run, left: left, stats: r.Stats, whole: r.Minimal}
	s.words = fmt.Sprintf("minimised in %.1fs: %d deviations from the calm run → %d", r.Stats.Time.Seconds(), len(whole.all), len(left.all))
	if !r.Minimal {
		s.words += " (time was up; -shrink gives more)"
	}
	return s, nil
}

// slowestCalm is how much real time, beside that of the failing run, a run with
// fewer deviations may take.
const slowestCalm = 2 * time.Second

// replay runs the tests of the failure with deviations, for limit of real time at most.
func (c *calmer) replay(ctx context.Context, picks, record string, limit time.Duration) (run unmodifiedRun, err error) {
	file := c.u.tempFile()
	defer os.Remove(file)
	if err := os.WriteFile(file, []byte(picks), 0o666); err != nil {
		return run, err
	}
	if c.u.opts.timeout > 0 {
		limit = min(limit, c.u.opts.timeout)
	}
	return c.run(ctx, runSpec{picks: file, record: record, timeout: limit})
}

// run runs the tests of the failure.
func (c *calmer) run(ctx context.Context, spec runSpec) (unmodifiedRun, error) {
	spec.pattern, spec.quiet = *c.f.pattern, true
	run, err := c.exec(ctx, spec)
	if err != nil && ctx.Err() != nil {
		return unmodifiedRun{end: ending{cancelled: true}}, nil // it was not even begun
	}
	return run, err
}

// signature is equal for runs that fail in the same way, up to the numbers in
// what they say, and empty for one that does not fail in the test at all.
func (c *calmer) signature(run *unmodifiedRun) string {
	if run.end.ok || run.end.timedOut || run.end.cancelled {
		return ""
	}
	test, reason := c.u.blameRun(run)
	if test != c.f.test {
		return "another test: " + test
	}
	return withoutNumbers(reason) + "\n" + complaint(run.end.output, test)
}

// A complaint of a test: the file and the line, and what it says.
var complaintLine = regexp.MustCompile(`^\s+([^\s:]+\.go:\d+): (.*)$`)

// complaint is the first thing that a test that failed has to say, without its
// numbers.
func complaint(output, test string) string {
	failed := false
	for line := range strings.Lines(output) {
		failed = failed || strings.HasPrefix(strings.TrimSpace(line), "--- FAIL: "+test)
		if m := complaintLine.FindStringSubmatch(strings.TrimRight(line, "\n")); failed && m != nil {
			return m[1] + ": " + withoutNumbers(m[2])
		}
	}
	return ""
}

// enter makes the smallest run the one that is reported, and saves it in the
// package as simulation tests save theirs. It never overwrites a file.
func (u *unmodified) enter(f *failure, s *calmed) {
	f.minimised = s.words
	f.numbers = &minimisedJSON{
		Words: s.words, Seconds: s.stats.Time.Seconds(), Tries: s.stats.Tries, Minimal: s.whole,
		Deviations: [2]int{s.stats.Before.Deviations, len(s.left.all)},
	}
	_, f.reason = u.blameRun(&s.run)
	f.digest = u.sum(&simTest{pkg: f.pkg}, *f.seed, &s.run).Digest
	f.story = excerpt(withoutTimes(s.run.end.output))
	if len(s.left.all) == 0 {
		// There is nothing to save: the strategy says it all.
		f.story += "\n\nit fails in the calm run too, in which goroutines take turns in the order in which they become ready"
		f.command = u.again(f.pkg, *f.seed, runSpec{pattern: *f.pattern, strategy: "fifo"}, false)
		return
	}
	const few = 12
	lines := strings.Split(strings.TrimSpace(s.left.story()), "\n")
	if n := len(lines); n > few {
		lines = append(lines[:few], fmt.Sprintf("… and %d more", n-few))
	}
	f.story += "\n\n" + strings.Join(lines, "\n")
	text := s.left.text(s.left.ids())
	h := fnv.New32a()
	h.Write([]byte(text))
	name := fmt.Sprintf("%s-%08x.picks", strings.ReplaceAll(f.test, "/", "-"), h.Sum32())
	path := filepath.Join(f.pkg.dir, "testdata", "replay", name)
	again := u.again(f.pkg, *f.seed, runSpec{pattern: *f.pattern, picks: path}, false)
	if f.unsaved = writeNew(path, "# "+oneLine(f.reason)+"\n# "+again+"\n"+text); f.unsaved == nil {
		f.saved, f.command = pathFrom(u.app.dir, path), again
	}
}

// writeNew writes a file, with its folder, unless it is there already.
func writeNew(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func (c *calmer) progress(s shrink.Stats) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats = s
}

// status is how far it is, in one line.
func (c *calmer) status() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stats.Tries == 0 {
		return "minimising"
	}
	return fmt.Sprintf("minimising: %d deviations from the calm run → %d, %d tries", c.stats.Before.Deviations, c.stats.After.Deviations, c.stats.Tries)
}
