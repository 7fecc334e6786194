package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

const overlayIntro = `usage: samerun overlay [-diff]

Lists what samerun changes in the standard library for unmodified Go, where the
changed files are, and why each place is changed. Nothing in GOROOT is changed:
go test reads the changed files instead of the original ones.

`

const overlayOutro = `
examples:
  samerun overlay
  samerun overlay -diff | less
`

func overlayVerb() verb {
	return verb{"overlay", "show what is changed in the standard library", overlayHelp, runOverlay}
}

func overlayHelp() string { return overlayIntro + newOverlayFlags(new(bool)).help() + overlayOutro }

func newOverlayFlags(diff *bool) *flags {
	f := newFlags("overlay")
	f.yes(diff, "diff", false, "print the changes as a unified diff instead")
	return f
}

// runOverlay is the verb overlay from its arguments to its exit status.
func runOverlay(ctx context.Context, a *app, args []string) int {
	var diff bool
	fs := newOverlayFlags(&diff)
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		io.WriteString(a.stdout, overlayHelp())
		return exitOK
	case err != nil:
		return a.misuse("samerun overlay", fs.error(err))
	case fs.NArg() > 0:
		return a.misuse("samerun overlay", fmt.Errorf("%q is one word too many; the overlay is the same for all packages", fs.Arg(0)))
	}
	with, err := a.Overlay(ctx)
	if err != nil {
		return a.misuse("samerun overlay", err)
	}
	if diff {
		err = with.Toolchain.Diff(a.stdout)
	} else {
		_, err = fmt.Fprintf(a.stdout, "the overlay of %s in %s is %s\n\n", with.Toolchain.Version, with.Toolchain.GOROOT, with.File)
		if err == nil {
			err = with.Toolchain.List(a.stdout)
		}
	}
	if err != nil {
		return a.misuse("samerun overlay", fmt.Errorf("the output ends early: %w", err))
	}
	return exitOK
}
