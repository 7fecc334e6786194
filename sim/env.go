package sim

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"samerun/internal/seeds"
	"samerun/internal/trial"
)

// environment is what the environment variables ask of Test.
type environment struct {
	seeds   seeds.Set
	plain   bool // nobody asked for seeds: saved failures are run first
	list    bool
	strict  bool
	out     string     // folder for replay files; empty is the package's own
	replay  *savedFile // if set, all there is to run
	trials  bool       // serve the tool's trials
	shrink  time.Duration
	order   string // the strategy
	results results
}

// ownSeeds are run when nothing is asked for: the calm one and a few others.
const ownSeeds = "0-9"

func readEnv() (*environment, error) {
	e := &environment{
		list: os.Getenv("SAMERUN_LIST") != "", strict: isOn(os.Getenv("SAMERUN_STRICT")),
		out: os.Getenv("SAMERUN_OUT"), results: results(os.Getenv("SAMERUN_RESULTS")),
	}
	if err := e.results.check(); err != nil {
		return nil, err
	}
	if err := e.readSettings(); err != nil {
		return nil, err
	}
	if e.trials {
		return e, nil
	}
	if path := os.Getenv("SAMERUN_REPLAY"); path != "" && !e.list {
		var err error
		e.replay, err = findReplay(path)
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
	e.trials = os.Getenv(trial.Variable) != ""
	e.shrink = defaultShrink
	if text := os.Getenv("SAMERUN_SHRINK"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return fmt.Errorf("SAMERUN_SHRINK is %q; it takes the real time for minimising a failure, such as 30s, or 0 for none", text)
		}
		e.shrink = d
	}
	e.order = os.Getenv("SAMERUN_STRATEGY")
	if _, err := parseOrder(e.order); err != nil {
		return fmt.Errorf("SAMERUN_STRATEGY: %w", err)
	}
	return nil
}

// isOn reads a switch: SAMERUN_STRICT=0 is off, as people expect.
func isOn(value string) bool { return value != "" && value != "0" && value != "false" }

// result is one line of the file that SAMERUN_RESULTS names: how the command
// samerun learns what a test process found.
type result struct {
	Test      string `json:"test"`
	Seed      uint64 `json:"seed"`
	OK        bool   `json:"ok"`
	Digest    string `json:"digest,omitempty"`
	VirtualNS int64  `json:"virtual_ns"`
	Events    uint64 `json:"events"`
	WallNS    int64  `json:"wall_ns"`
	Property  string `json:"property,omitempty"`
	Error     string `json:"error,omitempty"`
	Signature string `json:"signature,omitempty"` // of a failure whose error has one of its own
	Story     string `json:"story,omitempty"`
	Repeats   *bool  `json:"repeats,omitempty"` // of a failure that was run again
	Replay    string `json:"replay,omitempty"`  // file in which a failure was saved
	// Outcome, the Words for it and Unmet, the keys that were not met any more, are
	// of a replay.
	Outcome outcome  `json:"outcome,omitempty"`
	Words   string   `json:"words,omitempty"`
	Unmet   []string `json:"unmet,omitempty"`
	// Covered says what an exhaustive search has covered.
	Covered string `json:"covered,omitempty"`
	// Vacuous has sentences that were true of all runs in this process up to this
	// one, Reached those that stopped being so; each is told once.
	Vacuous []string `json:"vacuous,omitempty"`
	Reached []string `json:"reached,omitempty"`
}

// results is the path of that file, empty if nobody asked. Each line is written
// at once, so that it is there even if the process dies in the next run.
type results string

// check says early, before hours are spent, that nothing can be written there.
func (path results) check() error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(string(path), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("SAMERUN_RESULTS is %q, a file that cannot be written (%w); name one in a folder that exists", string(path), err)
	}
	return f.Close()
}

func (path results) write(r result) {
	if path == "" {
		return
	}
	line, err := json.Marshal(r)
	if err == nil {
		var f *os.File
		if f, err = os.OpenFile(string(path), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err == nil {
			_, err = f.Write(append(line, '\n'))
			if closing := f.Close(); err == nil {
				err = closing
			}
		}
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "samerun: the result of seed %d could not be written (SAMERUN_RESULTS=%s): %v\n", r.Seed, string(path), err)
	}
}
