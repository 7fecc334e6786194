package testproc

import (
	"errors"
	"strings"
)

// unwritable is what a process says of a file that it should write for the tool.
var unwritable = []string{"samerun: the record cannot be written", "samerun: the result cannot be written", "samerun: the result of seed "}

// Unwritten finds in what a process printed that it could not write for the tool, on a full
// disk perhaps: that is an error of the tool's, and no failure of a test.
func (e *Ending) Unwritten() error {
	if !strings.Contains(e.Output, "samerun: the re") {
		return nil
	}
	for line := range strings.Lines(e.Output) {
		for _, what := range unwritable {
			if strings.HasPrefix(line, what) {
				return errors.New(strings.TrimSpace(strings.TrimPrefix(line, "samerun: ")))
			}
		}
	}
	return nil
}
