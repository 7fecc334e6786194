package sim

import (
	"encoding/json"
	"fmt"
	"os"

	"samerun/internal/seeds"
)

// environment is what the environment variables ask of Test.
type environment struct {
	seeds   seeds.Set
	list    bool
	results results
}

// ownSeeds are run when nothing is asked for: the calm one and a few others.
const ownSeeds = "0-9"

func readEnv() (*environment, error) {
	e := &environment{list: os.Getenv("SAMERUN_LIST") != "", results: results(os.Getenv("SAMERUN_RESULTS"))}
	name, text := "SAMERUN_SEED", os.Getenv("SAMERUN_SEED")
	if many := os.Getenv("SAMERUN_SEEDS"); text == "" && many != "" {
		name, text = "SAMERUN_SEEDS", many
	}
	if text == "" {
		name, text = "the default", ownSeeds
	}
	set, err := seeds.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if name == "SAMERUN_SEED" && set.Len() != 1 {
		return nil, fmt.Errorf("SAMERUN_SEED is %q; it takes one seed (SAMERUN_SEEDS takes many)", text)
	}
	e.seeds = set
	return e, e.results.check()
}

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
	Story     string `json:"story,omitempty"`
	Repeats   *bool  `json:"repeats,omitempty"` // of a failure that was run again
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
