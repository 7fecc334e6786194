package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"samerun/internal/gocmd"
)

const goflagsHelp = `usage: samerun goflags

Prints a value of GOFLAGS, and makes the files that it names. With this value, go test,
an editor or a debugger builds tests that run under a seed, in virtual time. If
SAMERUN_SEED is not set, these tests run as usual.

example:
  GOFLAGS="$(samerun goflags)" SAMERUN_SEED=7 go test ./raft

A process runs one seed. SAMERUN_SEEDS is refused; samerun test -seeds runs many.
SAMERUN_STRATEGY (all except exhaustive), SAMERUN_TURN_NS, SAMERUN_NET (test, real),
SAMERUN_DATE, SAMERUN_WATCHDOG and SAMERUN_LEAKS (tell, fail, off) mean the same as
-strategy, -turn, -net, -date, -watchdog and -leaks of samerun test.
`

func goflagsVerb() verb {
	return verb{"goflags", "let plain go test run unmodified tests under a seed", func() string { return goflagsHelp }, runGoflags}
}

// runGoflags is the verb goflags from its arguments to its exit status.
func runGoflags(ctx context.Context, a *app, args []string) int {
	fs := newFlags("goflags")
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		io.WriteString(a.stdout, goflagsHelp)
		return exitOK
	case err != nil:
		return a.misuse("samerun goflags", fs.error(err))
	case fs.NArg() > 0:
		return a.misuse("samerun goflags", fmt.Errorf("%q is one word too many; the flags are the same for all packages", fs.Arg(0)))
	}
	with, err := a.Overlay(ctx)
	if err == nil && with.Toolchain.Linked {
		root := with.Toolchain.GOROOT
		err = fmt.Errorf("the toolchain of this folder is one that the go command has downloaded, of which it replaces no files unless it is called by a link; there is one now: set GOROOT=%s, GOTOOLCHAIN=local and PATH=%s first", root, filepath.Join(root, "bin")+string(os.PathListSeparator)+"$PATH")
	}
	if err != nil {
		return a.misuse("samerun goflags", err)
	}
	stdout, stderr, err := a.Go(ctx, []string{"env", "GOFLAGS"})
	if err != nil {
		return a.misuse("samerun goflags", gocmd.WithOutput(err, stderr))
	}
	word := "-overlay=" + with.File
	if strings.ContainsAny(word, " \t'") {
		word = `"` + word + `"`
	}
	fmt.Fprintln(a.stdout, strings.TrimSpace(strings.TrimSpace(stdout)+" "+word))
	return exitOK
}
