package bugs

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Row is one line of the page: a kernel and what was found.
type Row struct {
	Kernel
	Found
	Problem error // why it was not looked for
}

// seed says which seed shows the bug, or why none does.
func (r Row) seed() string {
	switch {
	case r.Problem != nil:
		first, _, _ := strings.Cut(r.Problem.Error(), "\n")
		return "not looked for: " + first
	case r.Found.Seed == 0 && r.Missed != "":
		return "none: " + r.Missed
	case r.Found.Seed == 0:
		return "none"
	case r.Found.Verdict != r.Kernel.Verdict:
		return fmt.Sprintf("%d, but it %s: %s", r.Found.Seed, r.Found.Verdict, r.Missed)
	}
	return fmt.Sprint(r.Found.Seed)
}

// Says returns the first line of a story that tells what went wrong: that of the test, of
// the runtime, or of the race detector.
func (f Found) Says() string {
	for line := range strings.Lines(f.Story) {
		line = strings.TrimSpace(line)
		switch {
		case line == "", strings.HasPrefix(line, "--- FAIL"), strings.HasPrefix(line, "==="):
		default:
			return line
		}
	}
	return f.Error
}

var deviationLine = regexp.MustCompile(`^(at \S+, )?turn \d+: `)

// Left returns the deviations from the calm run that the smallest run has.
func (f Found) Left() []string {
	var left []string
	for line := range strings.Lines(f.Story) {
		line = strings.TrimSpace(line)
		if deviationLine.MatchString(line) {
			left = append(left, line)
		}
	}
	return left
}

// WriteTable writes the rows as a table of Markdown, and a list of what is left of each
// failure.
func WriteTable(w io.Writer, rows []Row) error {
	var b strings.Builder
	b.WriteString("| test | kind | verdict | first seed | deviations | the report begins |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		deviations, says := "", ""
		if r.Found.Verdict == r.Kernel.Verdict && r.Found.Seed > 0 {
			deviations = fmt.Sprintf("%d → %d", r.Deviations[0], r.Deviations[1])
			says = strings.ReplaceAll(r.Says(), "|", `\|`)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", strings.TrimPrefix(r.Test, "Test"), r.Kind, r.Kernel.Verdict, r.seed(), deviations, says)
	}
	b.WriteString("\n## What is left\n\nThese deviations from the calm run are enough to show the bug. Without any one of them it does not show.\n\n")
	for _, r := range rows {
		if r.Found.Seed == 0 || r.Found.Verdict != r.Kernel.Verdict {
			continue
		}
		fmt.Fprintf(&b, "- **%s**: ", strings.TrimPrefix(r.Test, "Test"))
		if left := r.Left(); len(left) > 0 {
			fmt.Fprintf(&b, "`%s`\n", strings.Join(left, "`; `"))
		} else {
			b.WriteString("the calm run shows the bug\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
