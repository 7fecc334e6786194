package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"samerun/internal/text"
	"samerun/sim/replay"
)

const shrinkUsage = `usage: samerun shrink [flags] FILE...

Makes saved failures smaller: takes out faults, steps of workloads and scheduling
deviations, uses fewer nodes, a shorter time, and leaves less to chance, as long as
the same property breaks. Writes the result beside the file, under a name of its
own; the file stays. Ctrl-C and the deadline keep the best that was found so far.

  -for D        real time for one file, such as 30s (default 1m)
  -j N          runs at a time (default: the number of CPUs)
  -pkg P        the package, if it is not the one where the file lies
  -race         build with the race detector
  -tags T       build tags, separated by commas
  -exec CMD     run test binaries by this command, as in go test

example:
  samerun shrink examples/raft/testdata/replay/TestX-5c1e37d2.json

exit status: 0 all were minimised to the end, 1 one was not (a deadline; or it does
not fail any more), 2 misuse or no build, 130 interrupted
`

func shrinkVerb() verb {
	return verb{"shrink", "make saved failures smaller", shrinkUsage, runShrink}
}

// runShrink is the verb shrink from its arguments to its exit status.
func runShrink(ctx context.Context, a *app, args []string) int {
	opts, pkg, files, err := parseShrinkFlags(args)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, shrinkUsage)
		return exitOK
	}
	if err != nil {
		return a.misuse("samerun shrink", err)
	}
	tmp, err := os.MkdirTemp("", "samerun-")
	if err != nil {
		return a.misuse("samerun shrink", fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer os.RemoveAll(tmp)

	x := &replayer{app: a, opts: opts, pkg: pkg, tmp: tmp, screen: newScreen(a)}
	status := exitOK
	for _, file := range files {
		one := x.shrinkFile(ctx, file)
		if status != exitMisuse && one != exitOK {
			status = one
		}
		if ctx.Err() != nil {
			return exitInterrupted
		}
	}
	return status
}

// shrinkFile minimises one file, tells what came of it, and returns the exit status.
func (x *replayer) shrinkFile(ctx context.Context, file string) int {
	path := file
	if !filepath.IsAbs(path) {
		path = filepath.Join(x.app.dir, path)
	}
	p, err := replay.Read(path)
	if err != nil {
		return x.app.misuse("samerun shrink", fmt.Errorf("%s", strings.ReplaceAll(err.Error(), path, file)))
	}
	pkg, err := x.packageOf(ctx, path, p)
	if err != nil {
		if ctx.Err() != nil {
			return exitInterrupted
		}
		return x.app.misuse("samerun shrink", fmt.Errorf("%s: %w", file, err))
	}
	m := &minimiser{app: x.app, opts: x.opts, pkg: pkg, tmp: x.tmp, workers: x.opts.workers}
	limited, cancel := context.WithTimeout(ctx, x.opts.shrink)
	defer cancel()
	x.screen.start(m.status)
	// What a run of the failure takes is not known here: as long as a patient person
	// waits for one.
	s, err := m.minimise(limited, p, time.Second)
	x.screen.stop()
	x.screen.again()
	if err != nil {
		x.screen.note("samerun shrink: " + file + ": " + err.Error())
		return exitFailure
	}
	saved, same := path, false
	var attached []string
	if q, e := replay.Read(s.path); e == nil && q.SameRun(p) {
		same = true
	} else {
		saved, attached, err = saveReplay(s.path, filepath.Dir(path))
	}
	if err != nil {
		return x.app.misuse("samerun shrink", fmt.Errorf("the result cannot be written: %w", err))
	}
	var b strings.Builder
	b.WriteString(x.screen.paint(green, "ok  ") + "  " + file + "\n")
	b.WriteString("    " + s.words + "\n\n" + text.Indent(storyText(s.answer.Story)) + "\n\n")
	if same {
		b.WriteString("    it was as small as it can be; the file stays as it is\n")
	} else {
		b.WriteString("    saved: " + pathFrom(x.app.dir, saved) + "\n")
	}
	for _, file := range attached {
		b.WriteString("    beside it: " + pathFrom(x.app.dir, file) + "\n")
	}
	b.WriteString("    again: " + x.app.replayCommand(x.opts, pathFrom(x.app.dir, saved)) + "\n")
	x.screen.print(b.String())
	if !s.result.Minimal {
		return exitFailure
	}
	return exitOK
}

// parseShrinkFlags reads the command line. Flags may stand before, between and
// behind the files.
func parseShrinkFlags(args []string) (opts *testOptions, pkg string, files []string, err error) {
	fs := flag.NewFlagSet("shrink", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	opts = &testOptions{}
	var run string
	fs.StringVar(&pkg, "pkg", "", "")
	fs.DurationVar(&opts.shrink, "for", time.Minute, "")
	fs.IntVar(&opts.workers, "j", runtime.NumCPU(), "")
	fs.BoolVar(&opts.race, "race", false, "")
	fs.StringVar(&opts.tags, "tags", "", "")
	fs.StringVar(&run, "exec", "", "")
	if files, err = parseMixed(fs, args); err != nil {
		return nil, "", nil, err
	}
	opts.exec = strings.Fields(run)
	switch {
	case len(files) == 0:
		return nil, "", nil, errors.New("no file was named; give the path of a replay file, such as testdata/replay/TestX-5c1e37d2.json")
	case opts.shrink <= 0:
		return nil, "", nil, fmt.Errorf("-for %v: the time must be positive, such as 30s", opts.shrink)
	}
	return opts, pkg, files, opts.check()
}
