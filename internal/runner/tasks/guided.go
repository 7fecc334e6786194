package tasks

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/guide"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

var _ runner.Guided = (*Runner)(nil)

// Tests is the test of the target.
func (r *Runner) Tests(_ context.Context, t *runner.Target) ([]string, error) {
	return []string{t.Name}, nil
}

// Base is what all inputs of a test have in common.
func (r *Runner) Base(t *runner.Target, test string) replay.File {
	return replay.File{
		World: replay.Tasks, Test: test, Package: gocmd.FolderOf(t.Pkg), Strategy: r.opts.Strategy,
		Go: runtime.Version(), Samerun: replay.Samerun,
	}
}

// tries are the processes that make the runs of a guided search.
type tries struct {
	idle chan *testproc.Prover
	n    int
}

// triesOf returns those of a target, which are started when they are first asked.
func (r *Runner) triesOf(t *runner.Target) (*tries, error) {
	token, err := r.token()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := t.Pkg.Path + "\x00" + t.Name
	if r.tries[key] == nil {
		env := []string{wire.Trials + "=" + token, "GOMAXPROCS=1"}
		if _, ok := gocmd.LookupEnv(r.by.Environ, "GOGC"); !ok {
			env = append(env, "GOGC=400")
		}
		x := &tries{idle: make(chan *testproc.Prover, r.opts.Workers), n: r.opts.Workers}
		for range x.n {
			x.idle <- &testproc.Prover{Pkg: t.Pkg, Test: t.Name, Exec: r.build.Exec, Environ: gocmd.ChildEnviron(r.by.Environ, env...)}
		}
		if r.tries == nil {
			r.tries = map[string]*tries{}
		}
		r.tries[key] = x
	}
	return r.tries[key], nil
}

// EndTries ends the processes of a target.
func (r *Runner) EndTries(t *runner.Target) {
	r.mu.Lock()
	key := t.Pkg.Path + "\x00" + t.Name
	x := r.tries[key]
	delete(r.tries, key)
	r.mu.Unlock()
	if x == nil {
		return
	}
	for range x.n {
		(<-x.idle).Close()
	}
}

// Try makes the run of an input, and of one that fails once more, for its story and its file.
func (r *Runner) Try(ctx context.Context, t *runner.Target, in *replay.File) (runner.Tried, error) {
	x, err := r.triesOf(t)
	if err != nil {
		return runner.Tried{}, err
	}
	q := wire.Request{Saw: true}
	if q.Replay, err = in.Marshal(); err != nil {
		return runner.Tried{}, err
	}
	v := <-x.idle
	defer func() { x.idle <- v }()
	if ctx.Err() != nil {
		return runner.Tried{Cancelled: true}, nil
	}
	begun := time.Now()
	answer, err := v.Ask(&q, r.opts.Timeout)
	tried := runner.Tried{Outcome: runner.Outcome{Result: wire.Result{Test: in.Test, Seed: in.Seed, WallNS: int64(time.Since(begun))}}}
	o := &tried.Outcome
	switch {
	case errors.Is(err, testproc.ErrDied), errors.Is(err, testproc.ErrSlow):
		end := v.Ended()
		o.Error = r.deathReason(end)
		o.Failure = r.triedToDeath(t, in, o, end)
		tried.Saw.Failed = true
		return tried, nil
	case err != nil:
		return tried, err
	case answer.Problem != "":
		return tried, errors.New(answer.Problem)
	}
	tried.Saw = sawOf(answer)
	o.OK, o.Digest, o.VirtualNS, o.Events = !tried.Saw.Failed, answer.Digest, answer.VirtualNS, answer.Events
	o.Vacuous, o.Reached, o.Cover = answer.Vacuous, answer.Reached, answer.Cover
	if o.OK {
		return tried, nil
	}
	o.Property, o.Error = answer.Property, answer.Error
	f := r.triedToDeath(t, in, o, testproc.Ending{})
	f.Property, f.Reason, f.Signature = answer.Property, text.FirstLine(answer.Error), answer.Signature
	q.Save = filepath.Join(r.files.Dir, "replay")
	if again, err := v.Ask(&q, r.opts.Timeout); err == nil && again.Problem == "" {
		f.Told, f.Repeats = again.Story, &again.Repeats
		if again.Repeats {
			f.Replay, f.Smaller = again.Saved, again.Saved != ""
		}
	}
	o.Failure = f
	return tried, nil
}

// sawOf is what an answer says to the search.
func sawOf(a *wire.Answer) guide.Outcome {
	o := guide.Outcome{Failed: a.Property != "" || a.Error != "", Digest: a.Digest}
	if a.Saw != nil {
		o.Seen, o.Made = a.Saw.Seen, (*guide.Made)(a.Saw.Made)
	}
	return o
}

// triedToDeath describes a run that ended its process.
func (r *Runner) triedToDeath(t *runner.Target, in *replay.File, o *runner.Outcome, end testproc.Ending) *runner.Failure {
	seed := in.Seed
	f := &runner.Failure{Pkg: t.Pkg, Test: t.Name, Seed: &seed, Reason: text.FirstLine(o.Error), Output: testproc.Excerpt(end.Output), Wall: time.Duration(o.WallNS)}
	f.Command = r.opts.Guided
	return f
}
