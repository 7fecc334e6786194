package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"samerun/internal/seeds"
)

// outcome is what became of one seed of one test. Its JSON form is the line that
// a simulation test writes when a run is finished; in the discovery pass the
// line has the name alone.
type outcome struct {
	Test      string `json:"test"`
	Seed      uint64 `json:"seed"`
	OK        bool   `json:"ok"`
	Digest    string `json:"digest"`
	VirtualNS int64  `json:"virtual_ns"`
	Events    int64  `json:"events"`
	WallNS    int64  `json:"wall_ns"`
	Property  string `json:"property"`  // of a failure; may be empty
	Error     string `json:"error"`     // of a failure: the reason, one line
	Signature string `json:"signature"` // of a failure: by which its error is known, if it says so
	Story     string `json:"story"`     // of a failure: all that the test printed
	Repeats   *bool  `json:"repeats"`   // of a failure: the immediate re-run had the same digest; nil if unknown
	Replay    string `json:"replay"`    // of a failure: the file it was saved in, if it was

	// What the replay of a saved failure came to; Unmet are the keys of its schedule
	// that were met when it was recorded and are not any more.
	Outcome string   `json:"outcome"`
	Words   string   `json:"words"`
	Unmet   []string `json:"unmet"`

	// What an exhaustive search has covered.
	Covered string `json:"covered"`

	// Sentences about what the runs of this process never reached, and those among
	// them that stopped being true; each is told once.
	Vacuous []string `json:"vacuous"`
	Reached []string `json:"reached"`

	timedOut bool
	failure  *failure // of an unmodified test that failed: told in full already
	// together is set when the failure shows only if these seeds run in one process.
	together seeds.Set
}

// readResults reads the lines that a test process left behind. A process may die
// at any moment, so there may be no file, and a last line without its newline
// does not count.
func readResults(file string) ([]outcome, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the results of a test process cannot be read: %w", err)
	}
	return parseResults(string(data))
}

// parseResults reads the lines of a results file.
func parseResults(text string) ([]outcome, error) {
	var results []outcome
	for line := range strings.Lines(text) {
		if !strings.HasSuffix(line, "\n") {
			break
		}
		var o outcome
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			return nil, fmt.Errorf("a test process wrote a result that is not understood (%w); the tool and package sim must be of one version: %q", err, excerptOf(line, 120))
		}
		results = append(results, o)
	}
	return results, nil
}

// excerptOf shortens a line for a message.
func excerptOf(line string, limit int) string {
	line = strings.TrimSpace(line)
	if len(line) <= limit {
		return line
	}
	return strings.ToValidUTF8(line[:limit], "") + "…"
}
