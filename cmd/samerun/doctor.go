package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"time"

	"samerun/internal/doctor"
	"samerun/internal/gocmd"
	"samerun/internal/runner/ordinary"
	"samerun/internal/scratch"
	"samerun/internal/seeds"
	"samerun/sched"
)

const doctorIntro = `usage: samerun doctor [flags] [packages]

Checks whether unmodified Go runs exactly here: that the toolchain can be used, and
that the tests of the packages (default: the one in this directory) do the same each
time they run on one seed, turn by turn and draw by draw.

All tests of a package run on the seed several times, under conditions that must not
matter: a different number of processors, a different pace of the collector, busy
processors, a different folder for temporary files. Then each test runs by itself.
Where two runs diverge, doctor shows both sides with their stacks, and the likely
cause: real input or output, addresses that decide an order, C code, a variable left
from an earlier test, and so on.

`

const doctorOutro = `
example:
  samerun doctor ./raft

exit status: 0 equal runs, 1 runs that differ, 2 misuse, no build, or a toolchain that
cannot be used, 130 interrupted
`

func doctorVerb() verb {
	return verb{"doctor", "check that unmodified tests run exactly here", doctorHelp, runDoctor}
}

func doctorHelp() string { return doctorIntro + newDoctorCommand(nil).flags.help() + doctorOutro }

// doctorCommand is the command line of the verb doctor.
type doctorCommand struct {
	flags  *flags
	seed   string
	opts   doctor.Options
	built  buildFlags
	faults faultFlags
}

// newDoctorCommand registers the flags. The environment has defaults of some.
func newDoctorCommand(environ []string) *doctorCommand {
	c := &doctorCommand{flags: newFlags("doctor")}
	f, o := c.flags, &c.opts
	o.Workers, o.Count = runtime.NumCPU(), 1
	f.text(&c.seed, "seed", "1", "N", "the seed")
	f.number(&o.Runs, "runs", 3, "runs of all tests, at least 2")
	f.text(&o.Run, "run", "", "RE", "only tests that match, as in go test")
	f.yes(&o.JSON, "json", false, "one JSON object for each thing that is checked on standard output")
	c.built.race(f)
	c.built.tags(f)
	c.built.vet(f)
	f.duration(&o.Timeout, "timeout", 10*time.Minute, "real time for one process, and virtual time for each test of ordinary Go, such as 90s; 0 for none")
	c.built.command(f)
	strategy, _ := gocmd.LookupEnv(environ, "SAMERUN_STRATEGY")
	f.text(&o.Strategy, "strategy", strategy, "S", "who runs next: fifo, random, walk, pct:D, pos, delay:D, urw or surw (default: SAMERUN_STRATEGY, else fifo at seed 0 and walk otherwise)")
	choice, _ := gocmd.LookupEnv(environ, "SAMERUN_OVERLAY")
	if choice == "" {
		choice = "auto"
	}
	f.text(&o.Choice, "overlay", choice, "W", "on: also check packages whose tests use samerun/sim (default: SAMERUN_OVERLAY if set, else auto)")
	registerApart(f, &o.Options)
	c.faults.register(f)
	registerRun(f, &o.RunOptions)
	return c
}

// parse reads the command line.
func (c *doctorCommand) parse(args, environ []string) (err error) {
	if err := gocmd.CheckEnviron(environ, "samerun doctor"); err != nil {
		return err
	}
	o := &c.opts
	if o.Patterns, err = c.flags.parse(args); err != nil {
		return err
	}
	if len(o.Patterns) == 0 {
		o.Patterns = []string{"."}
	}
	c.built.finish()
	if o.Seed, err = seeds.ParseSeed(c.seed); err != nil {
		return fmt.Errorf("-seed: %w", err)
	}
	if o.Runs < 2 {
		return fmt.Errorf("-runs %d: at least 2 runs can be compared", o.Runs)
	}
	spec, err := ordinary.ReadStrategy(o.Strategy)
	if err != nil {
		return err
	}
	// The commands that are printed make the runs that were compared.
	o.Strategy = spec.WithLength(sched.DefaultLength).String()
	if o.Choice == "off" {
		return errors.New("-overlay off: the doctor is for tests that run on the overlay; say auto or on")
	}
	if err := checkChoice(o.Choice); err != nil {
		return err
	}
	o.Forced = o.Choice == "on"
	o.Limit = o.Timeout
	if err := o.Check(); err != nil {
		return err
	}
	return cmp.Or(checkRun(o.Run, o.Strategy, o.Timeout), checkPackages(o.Patterns))
}

// runDoctor is the verb doctor from its arguments to its exit status.
func runDoctor(ctx context.Context, a *app, args []string) int {
	c := newDoctorCommand(a.Environ)
	err := c.parse(args, a.Environ)
	if errors.Is(err, flag.ErrHelp) {
		io.WriteString(a.stdout, doctorHelp())
		return exitOK
	}
	if err != nil {
		return a.misuse("samerun doctor", err)
	}
	if c.opts.Patterns, err = a.EnterModule(c.opts.Patterns); err != nil {
		return a.misuse("samerun doctor", err)
	}
	if c.opts.Faults, err = c.faults.read(c.flags, c.opts.Net, a.Abs); err != nil {
		return a.misuse("samerun doctor", err)
	}
	tmp, err := scratch.Make()
	if err != nil {
		return a.misuse("samerun doctor", fmt.Errorf("no place for the test binaries: %w", err))
	}
	defer tmp.Remove()

	is, err := doctor.New(&a.Caller, &c.built.build, c.opts, a.screen(), tmp.Path).Examine(ctx)
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case err != nil:
		return a.misuse("samerun doctor", err)
	case is == doctor.NotBuilt:
		return exitMisuse
	case is == doctor.Different:
		return exitFailure
	}
	return exitOK
}
