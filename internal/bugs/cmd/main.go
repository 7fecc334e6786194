// Command cmd looks for each bug of package bugs, and prints how soon it is found.
//
//	go run ./internal/bugs/cmd [-write] [-j N] [TEST]...
//
// It builds the tool of the repository, runs it on the seeds 1 to 200 of each test that is
// named, or of all, and writes the table to standard output, or with -write below the
// first lines of docs/bugs.md. Exit status 1 means that a bug is not found that is not
// listed as missed, 2 that the command was not understood.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"

	"samerun/internal/bugs"
	"samerun/internal/gomod"
)

// head ends the part of the page that is written by hand.
const head = "<!-- What follows is written by the command above. -->\n"

func main() {
	write := flag.Bool("write", false, "write the table into docs/bugs.md")
	workers := flag.Int("j", runtime.GOMAXPROCS(0), "how many tests at a time")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/bugs/cmd [flags] [TEST]...")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *write && flag.NArg() > 0 || *workers < 1 {
		fmt.Fprintln(os.Stderr, "bugs: -write is for all tests, and -j is at least 1")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *write, *workers, flag.Args())
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "bugs: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, write bool, workers int, names []string) error {
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	root := gomod.Root(wd)
	if root == "" {
		return fmt.Errorf("%s is in no module; run the command in the repository", wd)
	}
	module := filepath.Join(root, "internal", "bugs", "testdata", "bugs")
	kernels, err := bugs.Read(filepath.Join(module, "kinds.txt"))
	if err != nil {
		return err
	}
	if kernels, err = choose(kernels, names); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "bugs")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	samerun, dir := filepath.Join(tmp, "samerun"), filepath.Join(tmp, "module")
	if out, err := exec.CommandContext(ctx, "go", "-C", root, "build", "-o", samerun, "./cmd/samerun").CombinedOutput(); err != nil {
		return fmt.Errorf("the tool does not build: %w\n%s", err, out)
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	if err := bugs.Copy(module, dir); err != nil {
		return err
	}
	rows := measure(ctx, samerun, dir, kernels, workers)
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := table(filepath.Join(root, "docs", "bugs.md"), write, rows); err != nil {
		return err
	}
	return judge(rows)
}

// choose returns the kernels of these names, or all if there are none.
func choose(kernels []bugs.Kernel, names []string) ([]bugs.Kernel, error) {
	if len(names) == 0 {
		return kernels, nil
	}
	var chosen []bugs.Kernel
	for _, name := range names {
		i := slices.IndexFunc(kernels, func(k bugs.Kernel) bool { return k.Test == name || k.Test == "Test"+name })
		if i < 0 {
			return nil, fmt.Errorf("there is no test %s", name)
		}
		chosen = append(chosen, kernels[i])
	}
	return chosen, nil
}

// measure sweeps the kernels, some at a time, and keeps their order.
func measure(ctx context.Context, samerun, dir string, kernels []bugs.Kernel, workers int) []bugs.Row {
	rows := make([]bugs.Row, len(kernels))
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				found, err := bugs.Sweep(ctx, samerun, dir, kernels[i])
				rows[i] = bugs.Row{Kernel: kernels[i], Found: found, Problem: err}
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

// table writes the table to standard output, or into the page.
func table(page string, write bool, rows []bugs.Row) error {
	if !write {
		return bugs.WriteTable(os.Stdout, rows)
	}
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	begin, _, ok := bytes.Cut(old, []byte(head))
	if !ok {
		return fmt.Errorf("%s lacks the line %q, below which the table belongs", page, head)
	}
	b := bytes.NewBuffer(slices.Clone(begin))
	b.WriteString(head + "\n")
	if err := bugs.WriteTable(b, rows); err != nil {
		return err
	}
	return os.WriteFile(page, b.Bytes(), 0o666)
}

// judge says which bugs should have been found.
func judge(rows []bugs.Row) error {
	var problems []error
	for _, r := range rows {
		switch {
		case r.Problem != nil:
			problems = append(problems, fmt.Errorf("%s: %w", r.Test, r.Problem))
		case r.Missed == "" && r.Found.Verdict != r.Kernel.Verdict:
			problems = append(problems, fmt.Errorf("%s: %q, want %q", r.Test, r.Found.Verdict, r.Kernel.Verdict))
		case r.Missed != "" && r.Found.Verdict == r.Kernel.Verdict:
			problems = append(problems, fmt.Errorf("%s: seed %d shows it, take the dash away in kinds.txt", r.Test, r.Found.Seed))
		}
	}
	return errors.Join(problems...)
}
