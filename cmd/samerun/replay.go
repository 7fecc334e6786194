package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/jsonout"
	"samerun/internal/records"
	"samerun/internal/runner"
	"samerun/internal/runner/ordinary"
	"samerun/internal/runner/tasks"
	"samerun/internal/scratch"
	"samerun/internal/screen"
	"samerun/internal/text"
	"samerun/sim/replay"
)

const replayIntro = `usage: samerun replay [flags] FILE...

Runs saved failures again: builds the test of each file, runs it with the seed and
the schedule in the file, and says what became of the failure. The package is the one
above testdata/replay, if the file is there, or else the one that the file names.

`

const replayOutro = `
examples:
  samerun replay examples/raft/testdata/replay/TestX-5c1e37d2.json
  samerun replay -until 120 examples/raft/testdata/replay/TestX-5c1e37d2.json

exit status (with several files, the one that comes first in this list):
  2    cannot be run: the file is corrupt or of a newer version, the package does
       not build, the test no longer exists; or misuse
  4    a different failure
  1    the same run to the bit
  3    the same failure by a different run: the code has changed
  5    no failure, but some keys of the schedule were not met: proves nothing
  0    no failure, and every key was met: fixed
  130  interrupted
"go run" turns every status except 0 into 1. Build the tool to see them.
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

// What became of a file that was not run to an end.
const (
	notRunnable replay.Outcome = "not runnable"
	interrupted replay.Outcome = "interrupted"
)

func replayVerb() verb {
	return verb{"replay", "run saved failures again", replayHelp, runReplay}
}

// replayed is what came of one file: the JSON object, and what people read.
type replayed struct {
	jsonout.Head
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
	jsonout.Telling

	arg     string // the package as people name it
	program bool   // it is one, and Test its name
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

// fileCommand is the command line of the verbs that are about files of saved failures.
type fileCommand struct {
	flags   *flags
	pkg     string // pattern of the package, or empty
	json    bool
	timeout time.Duration
	limit   time.Duration // of shrink
	workers int
	built   buildFlags
	stop    stopFlags
	files   []string // at least one
}

func replayHelp() string { return replayIntro + newReplayCommand().flags.help() + replayOutro }

func newReplayCommand() *fileCommand {
	c := &fileCommand{flags: newFlags("replay"), workers: 1}
	f := c.flags
	f.text(&c.pkg, "pkg", "", "P", "the package, if it is neither of these")
	f.yes(&c.json, "json", false, "one JSON object for each file on standard output")
	c.registerStop()
	c.built.race(f)
	c.built.tags(f)
	c.built.vet(f)
	f.duration(&c.timeout, "timeout", 10*time.Minute, "real time for one file, such as 90s; 0 for none")
	c.built.command(f)
	return c
}

// parse reads the command line. Flags may stand before, between and behind the files.
func (c *fileCommand) parse(args []string) (err error) {
	if c.files, err = c.flags.parse(args); err != nil {
		return err
	}
	c.built.finish()
	if len(c.files) == 0 {
		return errors.New("no file was named; give the path of a replay file, such as testdata/replay/TestX-5c1e37d2.json")
	}
	return cmp.Or(checkWorkers(c.workers), checkRun("", "", c.timeout), c.checkStop())
}

// files runs the files of one call of a verb.
type files struct {
	app     *app
	command *fileCommand
	tmp     string
	screen  *screen.Screen
	builds  map[string]*builtFor
}

// builtFor is what runs files of one world, and of one way to build their tests.
type builtFor struct {
	locator gocmd.Locator
	runner  runner.Replayer
}

// open begins with the files of a command.
func (c *fileCommand) open(a *app, tmp string) *files {
	return &files{a, c, tmp, a.screen(), make(map[string]*builtFor)}
}

// saved is a file that the user named, with what runs it.
type saved struct {
	path string
	*replay.File
	pkg *gocmd.Package
	by  runner.Replayer
}

// find reads a file that the user named, and finds its package. The error names the
// file as the user does; the result has the File as soon as that is read.
func (x *files) find(ctx context.Context, file string) (s saved, err error) {
	s.path = x.app.Abs(file)
	if s.File, err = replay.Read(s.path); err != nil {
		if command := recordCommand(x.app, s.path, file); command != "" {
			return s, fmt.Errorf("%s is a record of the turns and draws of a run, not a saved failure; %s takes them again", file, command)
		}
		return s, fmt.Errorf("%s", strings.ReplaceAll(err.Error(), s.path, file))
	}
	b, err := x.buildFor(ctx, s.File)
	if err != nil {
		return s, err
	}
	s.by = b.runner
	s.pkg, err = b.locator.PackageOf(ctx, s.path, s.Package)
	return s, err
}

// recordCommand is the command that takes the turns of a file, if that is a record.
func recordCommand(a *app, path, typed string) string {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	d, err := records.ReadDeviations(path)
	if err != nil {
		return ""
	}
	tests, seed, ok := d.Tests()
	if !ok {
		return ""
	}
	words := fmt.Sprintf("%s test -seeds %d -picks %s", a.Self, seed, text.ShellQuote(typed))
	if len(tests) == 1 {
		words += " -run " + text.ShellQuote(text.TestPattern(tests[0]))
	}
	return words + " PACKAGE"
}

// buildFor returns what runs a file: a simulation test is built as it is, an ordinary one
// with the overlay and as its settings say.
func (x *files) buildFor(ctx context.Context, p *replay.File) (*builtFor, error) {
	build, caller := x.command.built.build, &x.app.Caller
	build.Race = build.Race || p.Settings.Race
	build.Tags = cmp.Or(build.Tags, p.Settings.Tags)
	key := fmt.Sprint(p.World, p.Settings.Program(), build.Race, build.Tags)
	if b := x.builds[key]; b != nil {
		return b, nil
	}
	tmp := filepath.Join(x.tmp, "build"+strconv.Itoa(len(x.builds)))
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return nil, err
	}
	if p.World == replay.Goroutines {
		with, err := caller.Overlay(ctx)
		if err != nil {
			return nil, err
		}
		caller, build.Overlay = with.Caller, with.File
	}
	b := &builtFor{locator: gocmd.Locator{Caller: caller, Build: &build, Pattern: x.command.pkg, Program: p.Settings.Program(), Tmp: tmp}}
	if p.World == replay.Goroutines {
		o := ordinary.Options{Timeout: x.command.timeout, Workers: x.command.workers}
		o.Watchdog, o.Limit, o.Go = ordinary.DefaultWatchdog, ordinary.DefaultLimit, "any"
		b.runner = ordinary.New(caller, &build, o, tmp)
	} else {
		b.runner = tasks.New(caller, &build, tasks.Options{Timeout: x.command.timeout, Workers: x.command.workers}, tmp)
	}
	x.builds[key] = b
	return b, nil
}

// runReplay is the verb replay from its arguments to its exit status.
func runReplay(ctx context.Context, a *app, args []string) int {
	c := newReplayCommand()
	err := c.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, replayHelp())
		return exitOK
	}
	if err != nil {
		return a.misuse("samerun replay", err)
	}
	tmp, err := scratch.Make()
	if err != nil {
		return a.misuse("samerun replay", fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer tmp.Remove()

	if c.stop.until != "" {
		return c.runUntil(ctx, a, tmp.Path)
	}
	x := c.open(a, tmp.Path)
	status := exitOK
	for _, file := range c.files {
		r := x.replay(ctx, file)
		if slices.Index(replayStatuses(), r.Exit) < slices.Index(replayStatuses(), status) {
			status = r.Exit
		}
		if c.json {
			if err := jsonout.Write(a.stdout, r); err != nil {
				return a.misuse("samerun replay", err)
			}
		} else {
			x.screen.Print(x.describe(r))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return status
}

// replay runs one file.
func (x *files) replay(ctx context.Context, file string) *replayed {
	r := &replayed{Head: jsonout.New(), File: file}
	if err := x.run(ctx, r); err != nil {
		r.set(notRunnable, "not runnable: "+err.Error())
	}
	if ctx.Err() != nil {
		r.set(interrupted, "interrupted")
	}
	return r
}

// run does the work of replay. The error says why the file cannot be run.
func (x *files) run(ctx context.Context, r *replayed) error {
	s, err := x.find(ctx, r.File)
	if s.File != nil {
		r.Test, r.Seed, r.Recorded = s.Test, &s.Seed, s.Digest
	}
	if err != nil {
		return err
	}
	r.Package, r.arg, r.program = s.pkg.Path, s.pkg.Arg, s.pkg.Program
	v, err := s.by.Replay(ctx, s.pkg, s.path)
	if err != nil {
		return err
	}
	r.set(v.Outcome, v.Words)
	r.Digest, r.Property, r.Error, r.Unmet = v.Digest, v.Property, v.Error, v.Unmet
	r.Telling = jsonout.Tell(v.Story, v.Rows)
	return nil
}

// describe tells what came of a file.
func (x *files) describe(r *replayed) string {
	label, color := "FAIL", screen.Red
	switch r.Outcome {
	case replay.Fixed:
		label, color = "ok  ", screen.Green
	case notRunnable, interrupted:
		label, color = "?   ", screen.Plain
	}
	var b strings.Builder
	b.WriteString(x.screen.Paint(color, label) + "  " + text.Line(r.File) + "\n")
	if r.Test != "" {
		name := r.arg
		if !r.program {
			name = strings.TrimSpace(name + "  " + r.Test)
		}
		b.WriteString("    " + text.Line(name) + "\n")
	}
	b.WriteString(text.Indent(r.Words) + "\n")
	if r.Story != "" {
		b.WriteString("\n" + x.screen.Story(text.Indent(strings.Trim(r.Story, "\n"))) + "\n")
	}
	return b.String()
}
