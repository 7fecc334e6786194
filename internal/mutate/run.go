package mutate

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Result is what the tests made of a mutation.
type Result struct {
	Mutation
	Noticed bool
	By      string        // the first test that failed; "no end" if the tests did not end in time
	Took    time.Duration // of building and testing
	// Err says why there is no answer: the mutation does not apply or does not compile.
	Err error
}

// Wrong says in one sentence what is wrong with a result: an error, a mutation that
// survived, or one that is marked as a survivor and was noticed. Nil for the others.
func (r Result) Wrong() error {
	switch {
	case r.Err != nil:
		return r.Err
	case !r.Noticed && r.Survives == "":
		return fmt.Errorf("%s survives: no test of %s notices that %s (%s)", r, strings.Join(r.Tests, " "), r.Break, r.Place)
	case r.Noticed && r.Survives != "":
		return fmt.Errorf("%s is marked as a survivor, and %s notices it; take the mark away (%s)", r, r.By, r.Place)
	}
	return nil
}

// Runner runs tests with mutations. Its fields must not change while it does.
type Runner struct {
	Root    string        // folder of the module
	Tmp     string        // a folder for mutated files, which the caller removes
	Workers int           // how many mutations at a time; 0 means 1
	Limit   time.Duration // for the tests of one package, without the build; 0 means two minutes
	// Done, if set, is called after each mutation, one call at a time.
	Done func(Result)
}

// Run runs the tests of each mutation that is not equivalent, and returns the
// results in the order of the list. The error says that the tests fail without any
// mutation, or that ctx is done; results are of no use then.
func (r *Runner) Run(ctx context.Context, list []Mutation) ([]Result, error) {
	var real []Mutation
	for _, m := range list {
		if m.Equivalent == "" {
			real = append(real, m)
		}
	}
	if err := r.sound(ctx, real); err != nil {
		return nil, err
	}
	results := make([]Result, len(real))
	var told sync.Mutex
	each(len(real), r.Workers, func(i int) {
		if ctx.Err() != nil {
			return
		}
		results[i] = r.try(ctx, real[i], i)
		told.Lock()
		defer told.Unlock()
		if r.Done != nil && ctx.Err() == nil {
			r.Done(results[i])
		}
	})
	return results, context.Cause(ctx)
}

// each calls f for 0 to n-1, so many at a time, and waits for all.
func each(n, workers int, f func(i int)) {
	slots := make(chan struct{}, max(workers, 1))
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			f(i)
		})
	}
	wg.Wait()
}

// sound runs the tests of all mutations without any.
func (r *Runner) sound(ctx context.Context, list []Mutation) error {
	type tests struct{ pkg, run string }
	seen := map[tests]bool{}
	var all []tests
	for _, m := range list {
		for _, pkg := range m.Tests {
			if t := (tests{pkg, m.Run}); !seen[t] {
				seen[t] = true
				all = append(all, t)
			}
		}
	}
	errs := make([]error, len(all))
	each(len(all), r.Workers, func(i int) {
		o := r.test(ctx, all[i].pkg, all[i].run, "")
		switch {
		case o.broken:
			errs[i] = fmt.Errorf("the tests of %s do not compile without any mutation: %s", all[i].pkg, o.said)
		case o.failed != "":
			errs[i] = fmt.Errorf("the tests of %s fail without any mutation (%s); mend that first", all[i].pkg, o.failed)
		case o.tests == 0:
			errs[i] = fmt.Errorf("no test of %s matches %q", all[i].pkg, all[i].run)
		}
	})
	return errors.Join(errs...)
}

// try runs the tests with a mutation, package by package, until one notices.
func (r *Runner) try(ctx context.Context, m Mutation, n int) Result {
	begun := time.Now()
	res := Result{Mutation: m}
	list, err := r.overlay(m, n)
	if err != nil {
		res.Err = err
		return res
	}
	for _, pkg := range m.Tests {
		o := r.test(ctx, pkg, m.Run, list)
		if o.broken {
			said := strings.ReplaceAll(o.said, filepath.Join(filepath.Dir(list), filepath.Base(m.File)), m.File)
			res.Err = fmt.Errorf("%s does not compile: %s (%s)", m, said, m.Place)
			break
		}
		if o.failed != "" {
			res.Noticed, res.By = true, o.failed
			break
		}
	}
	res.Took = time.Since(begun)
	return res
}

// overlay writes the mutated file and the list for go test -overlay, and returns
// the name of that list.
func (r *Runner) overlay(m Mutation, n int) (string, error) {
	text, err := m.mutated(r.Root)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(r.Tmp, fmt.Sprint(n))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	file := filepath.Join(dir, filepath.Base(filepath.FromSlash(m.File)))
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		return "", err
	}
	data, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(r.Root, filepath.FromSlash(m.File)): file}})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	return list, os.WriteFile(list, data, 0o666)
}

// noEnd is what is said to have failed if the tests did not end.
const noEnd = "no end"

// outcome is how go test ended.
type outcome struct {
	broken bool   // it does not compile
	said   string // by the compiler
	failed string // the first test that failed, noEnd, or the package; empty if it passed
	tests  int    // that have begun
}

// test runs go test on a package with an overlay.
func (r *Runner) test(ctx context.Context, pkg, run, overlay string) outcome {
	limit := r.Limit
	if limit <= 0 {
		limit = 2 * time.Minute
	}
	args := []string{"test", "-json", "-failfast", "-vet=off", "-timeout", limit.String()}
	if overlay != "" {
		args = append(args, "-count=1", "-overlay", overlay)
	}
	if run != "" {
		args = append(args, "-run", run)
	}
	// The tests end themselves at the limit; this ends what does not, builds included.
	short, cancel := context.WithTimeout(ctx, 3*limit)
	defer cancel()
	cmd := exec.CommandContext(short, "go", append(args, pkg)...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = r.Root, r.environ(), 5*time.Second
	ownGroup(cmd)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	o := read(&stdout)
	switch {
	case short.Err() != nil && !o.broken:
		o.failed = noEnd
	case err != nil && o.failed == "" && !o.broken:
		// The go command itself refuses: this is never what a mutation does.
		o.broken, o.said = true, strings.TrimSpace(stderr.String()+" "+err.Error())
	}
	return o
}

// environ is the environment of go test: without the settings of samerun, which
// would change what the tests do, and with a cache of its own for overlays of the
// standard library, which mutations would fill.
func (r *Runner) environ() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "SAMERUN_") {
			env = append(env, e)
		}
	}
	if out, err := exec.Command("go", "env", "GOCACHE").Output(); err == nil {
		env = append(env, "GOCACHE="+strings.TrimSpace(string(out)), "XDG_CACHE_HOME="+filepath.Join(r.Tmp, "cache"))
	}
	return env
}

// read reads the output of go test -json.
func read(out *bytes.Buffer) outcome {
	var o outcome
	pkg := "" // failed, while no test of it is known
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e struct{ Action, Package, Test, Output, FailedBuild string }
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		switch {
		case e.Action == "build-output" && strings.Count(o.said, "\n") < 4 && !strings.HasPrefix(e.Output, "#"):
			o.said += strings.TrimSpace(e.Output) + "\n"
		case e.Action == "build-fail" || e.FailedBuild != "":
			o.broken = true
		case e.Action == "run":
			o.tests++
		case e.Action == "output" && strings.HasPrefix(e.Output, "panic: test timed out after "):
			o.failed = noEnd
		case e.Action == "fail" && o.failed == "" && e.Test != "":
			o.failed, _, _ = strings.Cut(e.Test, "/")
		case e.Action == "fail" && e.Test == "":
			pkg = e.Package
		}
	}
	o.said = strings.ReplaceAll(strings.TrimSpace(o.said), "\n", "; ")
	if o.failed == "" {
		o.failed = pkg
	}
	return o
}
