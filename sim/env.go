package sim

import (
	"fmt"
	"os"
	"time"

	"samerun/internal/seeds"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sched"
	"samerun/sim/replay"
)

// environment is what the environment variables ask of Test.
type environment struct {
	seeds    seeds.Set
	plain    bool // nobody asked for seeds: saved failures are run first
	list     bool
	strict   bool
	out      string     // folder for replay files; empty is the package's own
	replay   *savedFile // if set, all there is to run
	trials   bool       // serve the tool's trials
	shrink   time.Duration
	strategy string
	results  wire.Results
	trace    string // file for the trace of a run, empty for none
}

// ownSeeds are run when nothing is asked for: the calm one and a few others.
const ownSeeds = "0-9"

// readEnv reads them for a test whose failures are those of a world.
func readEnv(world replay.World) (*environment, error) {
	e := &environment{
		out: os.Getenv("SAMERUN_OUT"), results: wire.Results(os.Getenv(wire.ResultsVariable)), trace: os.Getenv(traceVariable),
	}
	if err := e.results.Check(); err != nil {
		return nil, err
	}
	var err error
	if e.list, err = wire.CheckToken(wire.List, os.Getenv(wire.List)); err != nil {
		return nil, err
	}
	if err := e.readSettings(); err != nil {
		return nil, err
	}
	if e.trials {
		return e, nil
	}
	if path := os.Getenv("SAMERUN_REPLAY"); path != "" && !e.list {
		e.replay, err = findReplay(path, world)
		return e, err
	}
	name, text := "SAMERUN_SEED", os.Getenv("SAMERUN_SEED")
	if many := os.Getenv("SAMERUN_SEEDS"); text == "" && many != "" {
		name, text = "SAMERUN_SEEDS", many
	}
	if text == "" {
		name, text, e.plain = "the default", ownSeeds, true
	}
	set, err := seeds.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if name == "SAMERUN_SEED" && set.Len() != 1 {
		return nil, fmt.Errorf("SAMERUN_SEED is %q; it takes one seed (SAMERUN_SEEDS takes many)", text)
	}
	e.seeds = set
	return e, nil
}

// readSettings reads the variables that say how runs are made.
func (e *environment) readSettings() error {
	var err error
	if e.trials, err = wire.CheckToken(wire.Trials, os.Getenv(wire.Trials)); err != nil {
		return err
	}
	strict := os.Getenv("SAMERUN_STRICT")
	var ok bool
	if e.strict, ok = text.Switch(strict); !ok {
		return fmt.Errorf("SAMERUN_STRICT is %s; it takes 1 for on, or 0 for off", text.Clip(strict))
	}
	e.shrink = defaultShrink
	if value := os.Getenv("SAMERUN_SHRINK"); value != "" {
		d, err := time.ParseDuration(value)
		if err != nil || d < 0 {
			return fmt.Errorf("SAMERUN_SHRINK is %q; it takes the real time for minimising a failure, such as 30s, or 0 for none", value)
		}
		e.shrink = d
	}
	e.strategy = os.Getenv("SAMERUN_STRATEGY")
	if _, err := sched.ParseStrategy(e.strategy); err != nil {
		return fmt.Errorf("SAMERUN_STRATEGY: %w", err)
	}
	return nil
}

// note writes a result line, if somebody asked for those.
func (e *environment) note(r *wire.Result) {
	if err := e.results.Append(r); err != nil {
		fmt.Fprintf(os.Stderr, "samerun: the result of seed %d could not be written (%s=%s): %v\n", r.Seed, wire.ResultsVariable, string(e.results), err)
	}
}
