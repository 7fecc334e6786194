package doctor

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner/ordinary"
	"samerun/internal/screen"
	"samerun/internal/text"
)

// Options say what the doctor looks at.
type Options struct {
	ordinary.Options
	Seed     uint64
	Runs     int      // of all tests of a package, at least 2
	Choice   string   // which packages are ordinary Go: "auto" or "on"
	JSON     bool     // one object for each thing that is checked, instead of text
	Patterns []string // of the packages, for go list; at least one
}

// health is what the doctor comes to. Of several packages, the greatest counts.
type health int

const (
	equalRuns health = iota // all runs were the same, or there were none
	Different               // two runs of one seed differed, or a process died before its first test
	NotBuilt                // a package does not build
)

// doctor is one call of the verb.
type doctor struct {
	by     *gocmd.Caller
	build  *gocmd.Build
	opts   Options
	tmp    string
	screen *screen.Screen
	broken error            // why a line of -json could not be written
	u      *ordinary.Runner // once the overlay is made: runs tests, and knows their commands

	mu    sync.Mutex // guards what follows
	doing string     // for the line of progress
	since time.Time
}

// New returns a doctor who keeps files below tmp and tells on a screen.
func New(by *gocmd.Caller, b *gocmd.Build, opts Options, sc *screen.Screen, tmp string) *doctor {
	own := *b
	own.Debug = true // by which the variables of packages are found
	return &doctor{by: by, build: &own, opts: opts, screen: sc, tmp: tmp}
}

// Examine checks the toolchain and then the packages, one after another. The error
// means that nothing could be looked at.
func (d *doctor) Examine(ctx context.Context) (health, error) {
	d.screen.Start(d.status)
	defer d.screen.Stop()
	worst, err := d.examineAll(ctx)
	if ctx.Err() != nil {
		d.screen.Note("interrupted")
	}
	return worst, cmp.Or(err, d.broken)
}

func (d *doctor) examineAll(ctx context.Context) (health, error) {
	d.step("the toolchain")
	if err := d.checkToolchain(ctx); err != nil {
		return 0, err
	}
	d.step("listing the packages")
	list, err := d.by.List(ctx, d.build, d.opts.Patterns)
	if err != nil {
		return 0, err
	}
	mine := gocmd.Ordinary(list.Packages, d.opts.Choice)
	for _, arg := range list.Untested {
		d.say(screen.Faint, "none", arg, "no test files")
	}
	for _, sentence := range list.LeftOut {
		arg, rest, _ := strings.Cut(sentence, ": ")
		d.say(screen.Faint, "none", arg, rest)
	}
	worst := equalRuns
	for i, pkg := range list.Packages {
		if !slices.Contains(mine, pkg) {
			d.say(screen.Faint, "sim", pkg.Arg, "its tests use samerun/sim and run on the stock toolchain; -overlay on looks at them nevertheless")
			continue
		}
		p := &patient{doctor: d, pkg: pkg, tmp: filepath.Join(d.tmp, "p"+strconv.Itoa(i))}
		is, err := p.examine(ctx)
		if err != nil {
			return 0, err
		}
		worst = max(worst, is)
	}
	return worst, nil
}

// step tells the line of progress what is being done from now on.
func (d *doctor) step(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.doing, d.since = what, time.Now()
}

// status is the line of progress. It changes with the seconds only where it is redrawn.
func (d *doctor) status() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.doing == "" || !d.screen.Redraws() {
		return d.doing
	}
	return text.Cut(d.doing, screen.Width-8) + "  " + strconv.Itoa(int(time.Since(d.since)/time.Second)) + "s"
}

// say prints a line of results: a word on how it is, what it is about, and the rest.
func (d *doctor) say(color, word, name, rest string) {
	if d.opts.JSON {
		d.write(checkedAs(word, name, rest))
		return
	}
	d.sayText(color, word, name, rest)
}

// sayText is say without -json, and prints nothing with it.
func (d *doctor) sayText(color, word, name, rest string) {
	pad := strings.Repeat(" ", max(0, 6-len(word)))
	d.print(d.screen.Paint(color, word) + pad + name + "  " + d.screen.Paint(screen.Faint, rest) + "\n")
}
