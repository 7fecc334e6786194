package main

import (
	"strings"

	"samerun/internal/seeds"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// outcome is what became of one seed of one test: the line that its process wrote
// or, if it wrote none, what the tool knows instead.
type outcome struct {
	wire.Result
	output   string // of a process that died, as far as it matters
	timedOut bool
	failure  *failure // of an unmodified test that failed: told in full already
	// together is set when the failure shows only if these seeds run in one process.
	together seeds.Set
}

// readResults reads the lines that a test process left behind.
func readResults(file string) ([]outcome, error) {
	lines, err := wire.ReadFile(file)
	all := make([]outcome, len(lines))
	for i, l := range lines {
		all[i].Result = l
	}
	return all, err
}

// excerptOf shortens a line for a message.
func excerptOf(line string, limit int) string { return text.Cut(strings.TrimSpace(line), limit) }
