package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

const overlayUsage = `usage: samerun overlay [-diff]

Says what samerun changes in the standard library for tests without samerun in
their code, where the changed files are, and why each place is changed. Nothing
in GOROOT itself is touched: go test reads the changed files in place of its own.

flags:
  -diff   print the changes as a unified diff instead

examples:
  samerun overlay
  samerun overlay -diff | less
`

func overlayVerb() verb {
	return verb{"overlay", "show what is changed in the standard library", overlayUsage, runOverlay}
}

// runOverlay is the verb overlay from its arguments to its exit status.
func runOverlay(ctx context.Context, a *app, args []string) int {
	fs := flag.NewFlagSet("overlay", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	diff := fs.Bool("diff", false, "print the changes as a unified diff")
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		io.WriteString(a.stdout, overlayUsage)
		return exitOK
	case err != nil:
		return a.misuse("samerun overlay", flagError("overlay", err))
	case fs.NArg() > 0:
		return a.misuse("samerun overlay", fmt.Errorf("%q is one word too many; the overlay is the same for all packages", fs.Arg(0)))
	}
	with, err := makeOverlay(ctx, a)
	if err != nil {
		return a.misuse("samerun overlay", err)
	}
	if *diff {
		err = with.tc.Diff(a.stdout)
	} else {
		_, err = fmt.Fprintf(a.stdout, "the overlay of %s in %s is %s\n\n", with.tc.Version, with.tc.GOROOT, with.file)
		if err == nil {
			err = with.tc.List(a.stdout)
		}
	}
	if err != nil {
		fmt.Fprintf(a.stderr, "samerun overlay: the output ends early: %v\n", err)
		return exitFailure
	}
	return exitOK
}
