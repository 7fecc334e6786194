// Command goker measures how many of GoKer's kernels samerun tells. They are 103 small
// programs with bugs of real projects, collected for the paper "GoBench: A Benchmark Suite of
// Real-World Go Concurrency Bugs" (CGO 2021): in 68 goroutines wait for ever, and 35 have
// races, or what comes of them.
//
//	go run ./internal/bugs/goker [-goroot DIR] [-gobench DIR] [-seeds N] [-plain N] [KERNEL]...
//
// None of them is in this repository. Go's own tree has 63 of those that block, since 1.26,
// made into programs for its goroutine leak profile; the command makes tests of them again
// (convert.go). A copy of GoBench's folder goker, named by -gobench, has all.
//
// Each kernel is run on the seeds from 1 on, with -leaks fail if it blocks and else with
// -race, until one fails. The command writes a table: the verdict, the seed, how many of some
// runs of plain go test fail, and how the report begins. Exit status 1 means that a kernel
// could not be measured, 2 that the command was not understood. A bug that is not found is a
// line of the table.
package main

import (
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
	"syscall"

	"samerun/internal/gomod"
)

func main() {
	var set settings
	goroot := flag.String("goroot", "", "Go's tree, 1.26 or newer (default: that of the go command)")
	gobench := flag.String("gobench", "", "a folder like GoBench's gobench/goker, with folders blocking and nonblocking")
	reports := flag.String("reports", "", "a new file for the report of each failure")
	keep := flag.String("keep", "", "a new folder for the tests, which are left there; else they are deleted")
	flag.StringVar(&set.samerun, "samerun", "", "the tool (default: it is built)")
	flag.IntVar(&set.seeds, "seeds", 200, "how many seeds")
	flag.IntVar(&set.plain, "plain", 20, "how many runs of plain go test")
	flag.IntVar(&set.workers, "j", max(1, runtime.GOMAXPROCS(0)/2), "how many kernels at a time")
	flag.StringVar(&set.shrink, "shrink", "0s", "real time for minimising each failure")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/bugs/goker [flags] [KERNEL]...")
		flag.PrintDefaults()
	}
	flag.Parse()
	if set.seeds < 1 || set.plain < 0 || set.workers < 1 {
		fmt.Fprintln(os.Stderr, "goker: -seeds and -j are at least 1, -plain at least 0")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, set, *goroot, *gobench, *keep, *reports, flag.Args())
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "goker: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, set settings, goroot, gobench, keep, reports string, names []string) error {
	dir := keep
	tmp, err := os.MkdirTemp("", "goker")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	switch {
	case dir == "":
		dir = tmp
	default:
		if dir, err = filepath.Abs(dir); err == nil {
			err = os.Mkdir(dir, 0o777)
		}
		if err != nil {
			return err
		}
	}
	kernels, err := fromGo(ctx, goroot, filepath.Join(dir, "go"))
	if err != nil {
		return err
	}
	if gobench != "" {
		others, err := fromGoBench(gobench, filepath.Join(dir, "gobench"))
		if err != nil {
			return err
		}
		kernels = append(kernels, others...)
	}
	if kernels, err = choose(together(kernels), names); err != nil {
		return err
	}
	if set.samerun == "" {
		set.samerun, err = build(ctx, tmp)
	} else {
		set.samerun, err = filepath.Abs(set.samerun)
	}
	if err != nil {
		return err
	}
	rows := measure(ctx, set, kernels, os.Stderr)
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := writeTable(os.Stdout, set, rows); err != nil {
		return err
	}
	if reports != "" {
		if err := writeReports(reports, rows); err != nil {
			return err
		}
	}
	var problems []error
	for _, r := range rows {
		if r.Err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", r.Name, r.Err))
		}
	}
	return errors.Join(problems...)
}

// build builds the tool of the repository.
func build(ctx context.Context, dir string) (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	root := gomod.Root(wd)
	if root == "" {
		return "", fmt.Errorf("%s is in no module; run the command in the repository", wd)
	}
	samerun := filepath.Join(dir, "samerun")
	if out, err := exec.CommandContext(ctx, "go", "-C", root, "build", "-o", samerun, "./cmd/samerun").CombinedOutput(); err != nil {
		return "", fmt.Errorf("the tool does not build: %w\n%s", err, out)
	}
	return samerun, nil
}

// choose returns the kernels of these names, or all if there are none.
func choose(kernels []kernel, names []string) ([]kernel, error) {
	if len(names) == 0 {
		return kernels, nil
	}
	var chosen []kernel
	for _, name := range names {
		i := slices.IndexFunc(kernels, func(k kernel) bool { return k.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no kernel %s where kernels were read", name)
		}
		chosen = append(chosen, kernels[i])
	}
	return chosen, nil
}
