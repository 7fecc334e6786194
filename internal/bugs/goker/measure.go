package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"samerun/internal/bugs"
)

// row is what became of one kernel.
type row struct {
	kernel
	bugs.Found
	Plain int   // how many of the runs of plain go test show it
	Err   error // why it was not measured
}

// settings say how to measure.
type settings struct {
	samerun string // the tool
	seeds   int
	plain   int // runs of plain go test
	workers int
	shrink  string
}

// measure looks for the bugs, some at a time, and says of each what came out.
func measure(ctx context.Context, set settings, kernels []kernel, progress io.Writer) []row {
	rows := make([]row, len(kernels))
	next := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range set.workers {
		wg.Go(func() {
			for i := range next {
				r := row{kernel: kernels[i]}
				if r.Found, r.Err = sweep(ctx, set, r.kernel); r.Err == nil && set.plain > 0 {
					r.Plain, r.Err = plain(ctx, set.plain, r.kernel)
				}
				rows[i] = r
				mu.Lock()
				fmt.Fprintf(progress, "%s: %s\n", r.Name, r.outcome())
				mu.Unlock()
			}
		})
	}
	for i := range kernels {
		next <- i
	}
	close(next)
	wg.Wait()
	return rows
}

// sweep runs the tool on a kernel.
func sweep(ctx context.Context, set settings, k kernel) (bugs.Found, error) {
	flags := []string{"-timeout", "60s", "-seeds", fmt.Sprintf("1-%d", set.seeds), "-shrink", set.shrink}
	if k.Blocking {
		flags = append(flags, "-leaks", "fail")
	} else {
		flags = append(flags, "-race")
	}
	return bugs.Run(ctx, set.samerun, k.Dir, set.seeds, flags...)
}

// plain counts how many runs of plain go test fail, each of them in a process of its own,
// which may take two seconds.
func plain(ctx context.Context, runs int, k kernel) (int, error) {
	program := filepath.Join(k.Dir, "plain.test")
	words := []string{"test", "-c", "-vet=off", "-o", program}
	if !k.Blocking {
		words = append(words, "-race")
	}
	build := exec.CommandContext(ctx, "go", append(words, ".")...)
	build.Dir = k.Dir
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", build, err, out)
	}
	var failed atomic.Int64
	var wg sync.WaitGroup
	tokens := make(chan struct{}, 4)
	for range runs {
		wg.Go(func() {
			tokens <- struct{}{}
			defer func() { <-tokens }()
			cmd := exec.CommandContext(ctx, program, "-test.timeout=2s")
			cmd.Dir = k.Dir
			if cmd.Run() != nil {
				failed.Add(1)
			}
		})
	}
	wg.Wait()
	return int(failed.Load()), ctx.Err()
}

// outcome says in a few words what was found.
func (r row) outcome() string {
	switch {
	case r.Err != nil:
		first, _, _ := strings.Cut(r.Err.Error(), "\n")
		return "not measured: " + first
	case r.Seed == 0:
		return "missed"
	}
	return fmt.Sprintf("%s at seed %d", r.Verdict, r.Seed)
}

// writeReports writes a new file of what the tool says of each kernel.
func writeReports(name string, rows []row) error {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "=== %s: %s\n%s\n\n%s\n\n", r.Name, r.outcome(), r.Error, strings.TrimSpace(r.Story))
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(b.String())
	return errors.Join(err, f.Close())
}

// writeTable writes what became of each kernel, and the sums.
func writeTable(w io.Writer, set settings, rows []row) error {
	var b strings.Builder
	fmt.Fprintf(&b, "| kernel | from | verdict | first seed | plain go test, of %d | the report begins |\n|---|---|---|---|---|---|\n", set.plain)
	var all, told, plainly [2]int
	for _, r := range rows {
		kind := 0
		if !r.Blocking {
			kind = 1
		}
		verdict, seed, says := r.Verdict, "", ""
		all[kind]++
		switch {
		case r.Err != nil || r.Seed == 0:
			verdict = r.outcome()
		default:
			told[kind]++
			seed, says = fmt.Sprint(r.Seed), strings.ReplaceAll(r.Says(), "|", `\|`)
		}
		if r.Plain > 0 {
			plainly[kind]++
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d | %s |\n", r.Name, r.Source, verdict, seed, r.Plain, says)
	}
	fmt.Fprintf(&b, "\n%d of %d blocking kernels are told in %d seeds, and %d of %d others.\n", told[0], all[0], set.seeds, told[1], all[1])
	if set.plain > 0 {
		fmt.Fprintf(&b, "%d runs of plain go test show %d and %d.\n", set.plain, plainly[0], plainly[1])
	}
	_, err := io.WriteString(w, b.String())
	return err
}
