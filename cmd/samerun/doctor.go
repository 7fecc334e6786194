package main

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// doctorOptions say what the doctor looks at.
type doctorOptions struct {
	ordinaryOptions
	seed     uint64
	runs     int      // of all tests of a package, at least 2
	choice   string   // which packages are ordinary Go: "auto" or "on"
	patterns []string // of the packages, for go list; at least one
}

// health is what the doctor comes to. Of several packages, the greatest counts.
type health int

const (
	equalRuns     health = iota // all runs were the same, or there were none
	differentRuns               // two runs of one seed differed, or a process died before its first test
	notBuilt                    // a package does not build
)

// doctor is one call of the verb.
type doctor struct {
	by     *caller
	build  *build
	opts   doctorOptions
	tmp    string
	screen *screen
	u      *ordinaryRunner // once the overlay is made: runs tests, and knows their commands

	mu    sync.Mutex // guards what follows
	doing string     // for the line of progress
	since time.Time
}

// newDoctor returns a doctor who keeps files below tmp and tells on a screen.
func newDoctor(by *caller, b *build, opts doctorOptions, sc *screen, tmp string) *doctor {
	return &doctor{by: by, build: b, opts: opts, screen: sc, tmp: tmp}
}

// examine checks the toolchain and then the packages, one after another. The error
// means that nothing could be looked at.
func (d *doctor) examine(ctx context.Context) (health, error) {
	d.screen.start(d.status)
	defer d.screen.stop()
	worst, err := d.examineAll(ctx)
	if ctx.Err() != nil {
		d.screen.note("interrupted")
	}
	return worst, err
}

func (d *doctor) examineAll(ctx context.Context) (health, error) {
	d.step("the toolchain")
	if err := d.checkToolchain(ctx); err != nil {
		return 0, err
	}
	d.step("listing the packages")
	pkgs, untested, err := d.by.listPackages(ctx, d.build, d.opts.patterns)
	if err != nil {
		return 0, err
	}
	mine, err := d.by.ordinaryPackages(ctx, d.build, d.opts.choice, d.opts.patterns)
	if err != nil {
		return 0, err
	}
	for _, arg := range untested {
		d.say(faint, "none", arg, "no test files")
	}
	worst := equalRuns
	for i, pkg := range pkgs {
		if !slices.Contains(mine, pkg.path) {
			d.say(faint, "sim", pkg.arg, "its tests use samerun/sim and run on the stock toolchain; -overlay on looks at them nevertheless")
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
	if d.doing == "" || !d.screen.redraws() {
		return d.doing
	}
	return excerptOf(d.doing, screenWidth-8) + "  " + strconv.Itoa(int(time.Since(d.since)/time.Second)) + "s"
}

// say prints a line of results: a word on how it is, what it is about, and the rest.
func (d *doctor) say(color, word, name, rest string) {
	pad := strings.Repeat(" ", max(0, 6-len(word)))
	d.screen.print(d.screen.paint(color, word) + pad + name + "  " + d.screen.paint(faint, rest) + "\n")
}
