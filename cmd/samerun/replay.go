package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"samerun/internal/text"
	"samerun/sim/replay"
)

const replayUsage = `usage: samerun replay [flags] FILE...

Runs saved failures again: builds the test that each is of, runs it with the
seed and the schedule in the file, and says what came of it. The package is the
one above testdata/replay, where the file lies, or else the one it names.

  -pkg P        the package, if it is neither
  -json         one JSON object for each file on standard output
  -race         build with the race detector
  -tags T       build tags, separated by commas
  -timeout D    real time for one file, such as 90s; 0 for none (default 10m)
  -exec CMD     run test binaries by this command, as in go test

example:
  samerun replay examples/raft/testdata/replay/TestX-5c1e37d2.json

exit status (of several files: the one that stands first here):
  2    not runnable: the file is corrupt or of a newer version, the package does
       not build, the test is gone; or misuse
  4    another failure
  1    the same run to the bit
  3    the same failure by a different run: the code has changed
  5    no failure, but keys of the schedule were not met any more: proves nothing
  0    no failure any more, and every key was met: fixed
  130  interrupted
"go run" tells every status but 0 as 1: build the tool to see them.
`

// The exit statuses of the verb replay, next to exitOK: fixed, and exitMisuse:
// not runnable.
const (
	exitSame  = 1
	exitLike  = 3
	exitOther = 4
	exitUnmet = 5
)

// replayStatuses has the exit statuses, the one that counts most first.
func replayStatuses() []int {
	return []int{exitInterrupted, exitMisuse, exitOther, exitSame, exitLike, exitUnmet, exitOK}
}

func replayVerb() verb {
	return verb{"replay", "run saved failures again", replayUsage, runReplay}
}

// What a file comes to for which no run came to an end.
const (
	notRunnable replay.Outcome = "not runnable"
	interrupted replay.Outcome = "interrupted"
)

// replayed is what came of one file: the JSON object, and what people read.
type replayed struct {
	File     string         `json:"file"`
	Package  string         `json:"package,omitempty"`
	Test     string         `json:"test,omitempty"`
	Seed     *uint64        `json:"seed,omitempty"`
	Exit     int            `json:"exit"`
	Outcome  replay.Outcome `json:"outcome"` // or notRunnable, or interrupted
	Words    string         `json:"words"`
	Digest   string         `json:"digest,omitempty"`
	Recorded string         `json:"recorded,omitempty"` // the digest in the file
	Property string         `json:"property,omitempty"`
	Error    string         `json:"error,omitempty"`
	Unmet    []string       `json:"unmet,omitempty"`
	Story    string         `json:"story,omitempty"`

	arg string // the package as people name it
}

// set enters an outcome.
func (r *replayed) set(outcome replay.Outcome, words string) {
	r.Outcome, r.Words = outcome, words
	switch outcome {
	case replay.Same:
		r.Exit = exitSame
	case replay.Different:
		r.Exit = exitLike
	case replay.Other:
		r.Exit = exitOther
	case replay.Unmet:
		r.Exit = exitUnmet
	case replay.Fixed:
		r.Exit = exitOK
	case interrupted:
		r.Exit = exitInterrupted
	default:
		r.Exit = exitMisuse
	}
}

// runReplay is the verb replay from its arguments to its exit status.
func runReplay(ctx context.Context, a *app, args []string) int {
	opts, pkg, files, err := parseReplayFlags(args)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, replayUsage)
		return exitOK
	}
	if err != nil {
		return a.misuse("samerun replay", err)
	}
	tmp, err := os.MkdirTemp("", "samerun-")
	if err != nil {
		return a.misuse("samerun replay", fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer os.RemoveAll(tmp)

	x := &replayer{app: a, opts: opts, pkg: pkg, tmp: tmp, screen: newScreen(a)}
	status := exitOK
	for _, file := range files {
		r := x.replay(ctx, file)
		if slices.Index(replayStatuses(), r.Exit) < slices.Index(replayStatuses(), status) {
			status = r.Exit
		}
		if opts.json {
			enc := json.NewEncoder(a.stdout)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(r); err != nil {
				return a.misuse("samerun replay", fmt.Errorf("standard output cannot be written: %w", err))
			}
		} else {
			x.screen.print(x.describe(r))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return status
}

// parseReplayFlags reads the command line. Flags may stand before, between and
// behind the files.
func parseReplayFlags(args []string) (opts *testOptions, pkg string, files []string, err error) {
	fs := flag.NewFlagSet("replay", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	opts = &testOptions{workers: 1}
	fs.StringVar(&pkg, "pkg", "", "")
	fs.BoolVar(&opts.json, "json", false, "")
	fs.BoolVar(&opts.race, "race", false, "")
	fs.StringVar(&opts.tags, "tags", "", "")
	fs.DurationVar(&opts.timeout, "timeout", 10*time.Minute, "")
	var run string
	fs.StringVar(&run, "exec", "", "")
	if files, err = parseMixed(fs, args); err != nil {
		return nil, "", nil, err
	}
	opts.exec = strings.Fields(run)
	if len(files) == 0 {
		return nil, "", nil, errors.New("no file was named; give the path of a replay file, such as testdata/replay/TestX-5c1e37d2.json")
	}
	return opts, pkg, files, opts.check()
}

// describe tells what came of a file.
func (x *replayer) describe(r *replayed) string {
	label, color := "FAIL", red
	switch r.Outcome {
	case replay.Fixed:
		label, color = "ok  ", green
	case notRunnable, interrupted:
		label, color = "?   ", plain
	}
	var b strings.Builder
	b.WriteString(x.screen.paint(color, label) + "  " + r.File + "\n")
	if r.Test != "" {
		b.WriteString("    " + strings.TrimSpace(r.arg+"  "+r.Test) + "\n")
	}
	b.WriteString(text.Indent(r.Words) + "\n")
	if r.Story != "" {
		b.WriteString("\n" + text.Indent(strings.Trim(r.Story, "\n")) + "\n")
	}
	return b.String()
}
