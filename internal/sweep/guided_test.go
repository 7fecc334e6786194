package sweep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"samerun/internal/feature"
	"samerun/internal/gocmd"
	"samerun/internal/guide"
	"samerun/internal/keyed"
	"samerun/internal/runner"
	"samerun/internal/screen"
	"samerun/sim/replay"
)

// searchable is a world whose runs are functions of their inputs. The forks decide a number each;
// how many of them in a row are good is the state, and all good is a failure.
type searchable struct {
	world
	mu     sync.Mutex
	runs   int
	cancel func() // is called behind so many runs, if set
	after  int
	ended  bool
	err    error
}

func (w *searchable) Tests(context.Context, *runner.Target) ([]string, error) {
	return []string{"TestA"}, w.err
}

func (w *searchable) Base(t *runner.Target, test string) replay.File {
	return replay.File{World: replay.Tasks, Test: test, Package: "./a"}
}

func (w *searchable) EndTries(*runner.Target) { w.ended = true }

func (w *searchable) Try(ctx context.Context, t *runner.Target, in *replay.File) (r runner.Tried, err error) {
	w.mu.Lock()
	w.runs++
	if w.cancel != nil && w.runs == w.after {
		w.cancel()
	}
	w.mu.Unlock()
	if ctx.Err() != nil {
		return runner.Tried{Cancelled: true}, nil
	}
	good := 0
	for good < 4 {
		seed := in.Seed
		for _, f := range in.Forks {
			if f.At <= time.Duration(good+1)*time.Second {
				seed = f.Seed
			}
		}
		if keyed.Ident("good").With(seed).With(uint64(good)).Below(6) != 0 {
			break
		}
		good++
	}
	time.Sleep(time.Duration(keyed.Ident("wait").With(in.Seed).Below(300)) * time.Microsecond) // who is first, is chance
	var set feature.Set
	for i := range good + 1 {
		set.Add(feature.State, uint64(i), time.Duration(i)*time.Second)
	}
	o := &r.Outcome
	o.Test, o.Seed, o.OK, o.Digest = in.Test, in.Seed, good < 4, fmt.Sprintf("%016x", keyed.Ident("run").With(in.Seed).With(uint64(len(in.Forks))).Uint64())
	if !o.OK {
		o.Failure = &runner.Failure{Pkg: t.Pkg, Test: in.Test, Seed: &in.Seed, Reason: "all are good", Command: "again"}
	}
	r.Saw = guide.Outcome{Failed: !o.OK, Digest: o.Digest, Seen: set.Seen(), Made: &guide.Made{Virtual: 5 * time.Second}}
	return r, nil
}

// searchOf runs a guided search of one package in a folder.
func searchOf(t *testing.T, ctx context.Context, w *searchable, dir string, opts Options) (failed bool, stdout, stderr string, err error) {
	t.Helper()
	var out, errOut bytes.Buffer
	w.name, w.bad = "A", never
	pkg := &gocmd.Package{Arg: "a", Path: "a", Dir: dir}
	opts.Guided.On = true
	if opts.Workers == 0 {
		opts.Workers = 1
	}
	s := New(screen.New(&out, &errOut, "", ""), opts)
	if err = s.Prepare(ctx, &gocmd.Listing{Packages: []*gocmd.Package{pkg}}, []Part{{Runner: w, Packages: []*gocmd.Package{pkg}}}); err != nil {
		s.Abandon()
		return
	}
	if err = s.Run(ctx); err != nil {
		s.Abandon()
		return
	}
	return s.Finish(ctx.Err() != nil), out.String(), errOut.String(), nil
}

// One worker and five do the same, and what they print differs in times alone.
func TestGuidedIsTheSameForAnyWorkers(t *testing.T) {
	var first string
	for _, workers := range []int{1, 5} {
		w := &searchable{}
		failed, stdout, _, err := searchOf(t, t.Context(), w, t.TempDir(), Options{Seeds: mustSeeds("1-600"), Workers: workers, JSON: true})
		if err != nil || !failed || !w.ended {
			t.Fatalf("failed %v, ended %v, %v\n%s", failed, w.ended, err, stdout)
		}
		if !strings.Contains(stdout, `"run":1,`) || !strings.Contains(stdout, `"error":"all are good"`) || !strings.Contains(stdout, `"guided":{"test":"TestA"`) {
			t.Fatalf("the lines are\n%s", stdout)
		}
		if first == "" {
			first = stdout
		} else if stdout != first {
			t.Errorf("with %d workers:\n%s\nwith one:\n%s", workers, stdout, first)
		}
	}
	if failed, stdout, _, _ := searchOf(t, t.Context(), &searchable{}, t.TempDir(), Options{Seeds: mustSeeds("1-600"), Blind: true}); failed {
		t.Errorf("fresh seeds find it, too:\n%s", stdout)
	}
}

// Who interrupts a search keeps what it has found.
func TestGuidedInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	w := &searchable{cancel: cancel, after: 40}
	_, stdout, _, err := searchOf(t, ctx, w, dir, Options{Seeds: mustSeeds("1-600"), KeepGoing: true})
	if err != nil || !strings.Contains(stdout, "interrupted after 39 runs; no distinct failures so far") && !strings.Contains(stdout, "interrupted after 39 runs; 0 distinct failures so far") {
		t.Errorf("%v\n%s", err, stdout)
	}
	files, err := corpusFiles(&gocmd.Package{Dir: dir})
	if err != nil || len(files) == 0 {
		t.Errorf("%d entries were saved, %v", len(files), err)
	}
	again := &searchable{}
	if _, stdout, _, err = searchOf(t, t.Context(), again, dir, Options{Seeds: mustSeeds("1-600"), KeepGoing: true, JSON: true}); err != nil || !strings.Contains(stdout, fmt.Sprintf(`"read":%d,`, len(files))) {
		t.Errorf("the next search does not begin with %d entries: %v\n%s", len(files), err, stdout[max(0, len(stdout)-400):])
	}
}

// A search by time ends when that is over.
func TestSearchByTime(t *testing.T) {
	w := &searchable{}
	_, stdout, _, err := searchOf(t, t.Context(), w, t.TempDir(), Options{Seeds: mustSeeds("1"), KeepGoing: true, Guided: Guided{Time: 50 * time.Millisecond}})
	if err != nil || w.runs < guide.Generation || !strings.Contains(stdout, " runs, ") {
		t.Errorf("%d runs, %v\n%s", w.runs, err, stdout)
	}
}

func TestGuidedErrors(t *testing.T) {
	if _, _, _, err := searchOf(t, t.Context(), &searchable{err: errors.New("no tests")}, t.TempDir(), Options{Seeds: mustSeeds("1-3")}); err == nil || err.Error() != "no tests" {
		t.Error(err)
	}
}
