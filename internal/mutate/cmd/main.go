// Command cmd breaks the code in the ways that testdata/mutations lists, and says
// which of them the tests do not notice. See package mutate.
//
//	go run ./internal/mutate/cmd [-check] [-write] [-share K/N] [-j N] [-limit D] [AREA | AREA/NAME]...
//
// Exit status 1 means that a mutation survives, does not compile or does not apply,
// or that an area is below the rate; 2 that the command was not understood.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"samerun/internal/gomod"
	"samerun/internal/mutate"
)

// leastRate is what each area must reach, in thousandths.
const leastRate = 900

func main() {
	var o options
	flag.BoolVar(&o.check, "check", false, "say whether all mutations apply, and run nothing")
	flag.BoolVar(&o.write, "write", false, "write what was found into docs/mutations.json and docs/mutations.md")
	flag.StringVar(&o.share, "share", "", "run every N-th mutation, the K-th first: `K/N` with K from 1 to N")
	flag.IntVar(&o.workers, "j", runtime.GOMAXPROCS(0), "how many mutations at a time")
	flag.DurationVar(&o.limit, "limit", 2*time.Minute, "how long the tests of one package may take")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/mutate/cmd [flags] [AREA | AREA/NAME]...")
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, flag.Args())
	stop()
	if err == nil {
		return
	}
	fmt.Fprintf(os.Stderr, "mutate: %v\n", err)
	if errors.As(err, new(misuse)) {
		os.Exit(2)
	}
	os.Exit(1)
}

// options are the flags.
type options struct {
	check, write bool
	share        string
	workers      int
	limit        time.Duration
}

// misuse is an error of the command line.
type misuse string

func (m misuse) Error() string { return string(m) }

func run(ctx context.Context, o options, names []string) error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	root := gomod.Root(dir)
	if root == "" {
		return fmt.Errorf("%s is in no module; run the command in the repository", dir)
	}
	all, err := mutate.Read(filepath.Join(root, "testdata", "mutations"))
	if err != nil {
		return err
	}
	list, err := choose(all, names, o.share)
	if err != nil {
		return err
	}
	if err := mutate.Check(root, list); err != nil {
		return err
	}
	if o.check {
		fmt.Printf("%d mutations apply\n", len(list))
		return nil
	}
	tmp, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	begun := time.Now()
	r := &mutate.Runner{Root: root, Tmp: tmp, Workers: o.workers, Limit: o.limit, Done: tell}
	results, err := r.Run(ctx, list)
	if err != nil {
		return err
	}
	return report(root, o.write, all, results, time.Since(begun))
}

// tell prints a line about a mutation.
func tell(r mutate.Result) {
	word, by := "SURVIVED", r.Break
	switch {
	case r.Err != nil:
		word, by = "ERROR", r.Err.Error()
	case r.Noticed:
		word, by = "noticed", r.By
	}
	fmt.Printf("%-8s %6.1fs  %-44s %s\n", word, r.Took.Seconds(), r, by)
}

// report prints the rates, writes the page, and says what is wrong.
func report(root string, write bool, all []mutate.Mutation, results []mutate.Result, took time.Duration) error {
	var errs []error
	for _, r := range results {
		errs = append(errs, r.Wrong())
	}
	fmt.Println()
	for _, r := range mutate.Rates(results) {
		fmt.Printf("%-10s %3d of %3d noticed, %d.%d %%\n", r.Area, r.Noticed, r.Total, r.PerMille()/10, r.PerMille()%10)
		if r.PerMille() < leastRate && len(results) == real(all) {
			errs = append(errs, fmt.Errorf("%s is below %d %%", r.Area, leastRate/10))
		}
	}
	fmt.Printf("%d mutations in %.0fs\n", len(results), took.Seconds())
	if write {
		errs = append(errs, save(root, all, results))
	}
	return errors.Join(errs...)
}

// save writes what was found into the table, and the page anew.
func save(root string, all []mutate.Mutation, results []mutate.Result) error {
	file := filepath.Join(root, "docs", "mutations.json")
	table, err := mutate.ReadTable(file)
	if err != nil {
		return err
	}
	table.Add(results)
	if err := table.Write(file, all); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "docs", "mutations.md"), []byte(mutate.Page(all, table)), 0o644)
}

// real counts the mutations that are not equivalent.
func real(list []mutate.Mutation) int {
	n := 0
	for _, m := range list {
		if m.Equivalent == "" {
			n++
		}
	}
	return n
}

// choose takes the mutations of the given areas and names, or all, and of these the
// given share.
func choose(all []mutate.Mutation, names []string, share string) ([]mutate.Mutation, error) {
	k, n := 1, 1
	if share != "" {
		var rest string
		if got, _ := fmt.Sscanf(share+" ", "%d/%d%s", &k, &n, &rest); got != 2 || k < 1 || k > n {
			return nil, misuse(fmt.Sprintf("-share is %q; write it as K/N with K from 1 to N, such as 1/3", share))
		}
	}
	found := make([]bool, len(names))
	var list []mutate.Mutation
	for i, m := range all {
		wanted := len(names) == 0
		for j, name := range names {
			if name == m.Area || name == m.String() {
				wanted, found[j] = true, true
			}
		}
		if wanted && i%n == k-1 {
			list = append(list, m)
		}
	}
	for j, ok := range found {
		if !ok {
			return nil, misuse(fmt.Sprintf("there is no area and no mutation %q in testdata/mutations", names[j]))
		}
	}
	return list, nil
}
