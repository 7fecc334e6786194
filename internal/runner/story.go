package runner

import (
	"fmt"
	"strings"
)

// SplitStory returns the line that heads a failure and the rest of its story. A
// story that begins with the reason, and often with more about it, is its own
// headline.
func SplitStory(f *Failure) (head, rest string) {
	story := CleanStory(f.Story)
	first, after, _ := strings.Cut(story, "\n")
	if f.Reason != "" && strings.Contains(first, f.Reason) {
		return strings.TrimSpace(first), strings.Trim(after, "\n")
	}
	return Headline(f), story
}

// Headline is the property and the reason of a failure in one line.
func Headline(f *Failure) string {
	switch {
	case f.Property == "":
		return f.Reason
	case strings.Contains(f.Reason, f.Property):
		return f.Reason
	case f.Reason == "":
		return fmt.Sprintf("property %q broken", f.Property)
	}
	return fmt.Sprintf("property %q: %s", f.Property, f.Reason)
}

// CleanStory takes blank ends, the common indentation and the test's own advice on
// one seed out of a story: the tool gives the command that works from the user's
// directory.
func CleanStory(story string) string {
	var lines []string
	margin := -1
	for line := range strings.Lines(story) {
		line = strings.TrimRight(line, " \t\r\n")
		text := strings.TrimLeft(line, " ")
		if strings.HasPrefix(text, "again: SAMERUN_") || strings.HasPrefix(text, "or: SAMERUN_") {
			continue
		}
		if blanks := len(line) - len(text); text != "" && (margin < 0 || blanks < margin) {
			margin = blanks
		}
		lines = append(lines, line)
	}
	for i, line := range lines {
		if line != "" {
			lines[i] = line[margin:]
		}
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
