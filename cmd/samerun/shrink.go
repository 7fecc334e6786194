package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/jsonout"
	"samerun/internal/runner"
	"samerun/internal/scratch"
	"samerun/internal/screen"
	"samerun/internal/text"
)

const shrinkIntro = `usage: samerun shrink [flags] FILE...

Makes saved failures smaller: removes faults, steps of workloads and scheduling
deviations, uses fewer nodes and a shorter time, and leaves less to chance, as long as
the same property fails. Writes the result beside the file, under a name of its own;
the file stays. Ctrl-C and the deadline keep the best result so far.

`

const shrinkOutro = `
example:
  samerun shrink examples/raft/testdata/replay/TestX-5c1e37d2.json

exit status: 0 all were minimised completely, 1 one was not (a deadline; or it no
longer fails), 2 misuse or no build, 130 interrupted
`

func shrinkVerb() verb {
	return verb{"shrink", "make saved failures smaller", shrinkHelp, runShrink}
}

func shrinkHelp() string { return shrinkIntro + newShrinkCommand().flags.help() + shrinkOutro }

func newShrinkCommand() *fileCommand {
	c := &fileCommand{flags: newFlags("shrink")}
	f := c.flags
	f.duration(&c.limit, "for", time.Minute, "real time for one file, such as 30s")
	f.number(&c.workers, "j", runtime.NumCPU(), "runs at a time (default: the number of CPUs)")
	f.text(&c.pkg, "pkg", "", "P", "the package, if it is not the one that has the file")
	f.yes(&c.json, "json", false, "one JSON object for each file on standard output")
	c.built.race(f)
	c.built.tags(f)
	c.built.vet(f)
	c.built.command(f)
	return c
}

// runShrink is the verb shrink from its arguments to its exit status.
func runShrink(ctx context.Context, a *app, args []string) int {
	c := newShrinkCommand()
	err := c.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, shrinkHelp())
		return exitOK
	}
	if err == nil && c.limit <= 0 {
		err = fmt.Errorf("-for %v: the time must be positive, such as 30s", c.limit)
	}
	if err != nil {
		return a.misuse("samerun shrink", err)
	}
	tmp, err := scratch.Make()
	if err != nil {
		return a.misuse("samerun shrink", fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer tmp.Remove()

	x := c.open(a, tmp.Path)
	status := exitOK
	for _, file := range c.files {
		one := x.shrink(ctx, file)
		if status != exitMisuse && one != exitOK {
			status = one
		}
		if ctx.Err() != nil {
			return exitInterrupted
		}
	}
	return status
}

// shrink minimises one file, tells what came of it, and returns the exit status.
func (x *files) shrink(ctx context.Context, file string) int {
	line := shrunk{Head: jsonout.New(), File: file}
	f, err := x.find(ctx, file)
	if f.File != nil {
		line.Test, line.Seed = f.Test, &f.Seed
	}
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return exitInterrupted
	case f.File != nil:
		return x.noShrink(line, exitMisuse, fmt.Errorf("%s: %w", file, err))
	default:
		return x.noShrink(line, exitMisuse, err)
	}
	line.Package = f.pkg.Path
	limited, cancel := context.WithTimeout(ctx, x.command.limit)
	defer cancel()
	var doing atomic.Value
	doing.Store("minimising")
	x.screen.Start(func() string { return doing.Load().(string) })
	s, err := f.by.Shrink(limited, f.pkg, f.path, func(text string) { doing.Store(text) })
	x.screen.Stop()
	x.screen.Again()
	if err != nil {
		return x.noShrink(line, exitFailure, fmt.Errorf("%s: %w", file, err))
	}
	saved := f.path
	var attached []string
	if !s.Unchanged {
		if saved, attached, err = f.by.Keep(s, filepath.Dir(f.path)); err != nil {
			return x.noShrink(line, exitMisuse, fmt.Errorf("the result cannot be written: %w", err))
		}
	}
	status := exitOK
	if !s.Minimal {
		status = exitFailure
	}
	again := x.app.ReplayCommand(&x.command.built.build, gocmd.PathFrom(x.app.Dir, saved))
	if x.command.json {
		line.Exit, line.Words, line.Minimal, line.Unchanged, line.Minimised = status, s.Words, s.Minimal, s.Unchanged, s.Numbers
		line.Replay, line.Command, line.Telling = gocmd.PathFrom(x.app.Dir, saved), again, jsonout.Tell(s.Story, s.Rows)
		for _, file := range attached {
			line.Attached = append(line.Attached, gocmd.PathFrom(x.app.Dir, file))
		}
		if err := jsonout.Write(x.app.stdout, line); err != nil {
			return x.app.misuse("samerun shrink", err)
		}
		return status
	}
	var b strings.Builder
	b.WriteString(x.screen.Paint(screen.Green, "ok  ") + "  " + text.Line(file) + "\n")
	b.WriteString(text.Indent(s.Words) + "\n\n" + x.screen.Story(text.Indent(s.Story)) + "\n\n")
	if s.Unchanged {
		b.WriteString("    it was as small as it can be; the file stays as it is\n")
	} else {
		b.WriteString("    saved: " + gocmd.PathFrom(x.app.Dir, saved) + "\n")
	}
	for _, file := range attached {
		b.WriteString("    beside it: " + gocmd.PathFrom(x.app.Dir, file) + "\n")
	}
	b.WriteString("    again: " + again + "\n")
	x.screen.Print(b.String())
	return status
}

// shrunk is what came of one file, as -json has it.
type shrunk struct {
	jsonout.Head
	File      string          `json:"file"`
	Package   string          `json:"package,omitempty"`
	Test      string          `json:"test,omitempty"`
	Seed      *uint64         `json:"seed,omitempty"`
	Exit      int             `json:"exit"` // as if it were the only file
	Words     string          `json:"words,omitempty"`
	Error     string          `json:"error,omitempty"` // why it could not be made smaller
	Minimal   bool            `json:"minimal"`         // nothing can be taken out
	Unchanged bool            `json:"unchanged"`       // the file was as small as that before
	Minimised *runner.Numbers `json:"minimised,omitempty"`
	Replay    string          `json:"replay,omitempty"` // the file of the smallest run
	Attached  []string        `json:"attached,omitempty"`
	Command   string          `json:"command,omitempty"`
	jsonout.Telling
}

// noShrink says why a file could not be made smaller, and returns the exit status.
func (x *files) noShrink(line shrunk, status int, err error) int {
	x.screen.Note("samerun shrink: " + err.Error())
	if x.command.json {
		line.Exit, line.Error = status, err.Error()
		if err := jsonout.Write(x.app.stdout, line); err != nil {
			return x.app.misuse("samerun shrink", err)
		}
	}
	return status
}
