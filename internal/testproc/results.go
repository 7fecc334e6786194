package testproc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"samerun/internal/format"
)

// Result is what became of one seed of one test. Its JSON form is the line that
// a test process writes when a run is finished; in the discovery pass of simulation
// tests the line has the name alone.
type Result struct {
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
}

// ReadResults reads the lines that a process of simulation tests left behind.
func ReadResults(file string) ([]Result, error) { return ReadLines[Result](file) }

// ReadLines reads the JSON objects, one a line, that a test process left behind. A
// process may die at any moment, so there may be no file, and a last line without its
// newline does not count.
func ReadLines[T any](file string) ([]T, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the results of a test process cannot be read: %w", err)
	}
	return ParseLines[T](string(data))
}

// ParseLines reads the text of such a file.
func ParseLines[T any](text string) ([]T, error) {
	var results []T
	for line := range strings.Lines(text) {
		if !strings.HasSuffix(line, "\n") {
			break
		}
		var o T
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			return nil, fmt.Errorf("a test process wrote a result that is not understood (%w); the tool and what its tests are built with must be of one version: %q", err, format.Clip(line, 120))
		}
		results = append(results, o)
	}
	return results, nil
}
