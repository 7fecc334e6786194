package main

import (
	"fmt"
	"strings"
)

// splitStory returns the line that heads a failure and the rest of its story. A
// story that begins with the reason, and often with more about it, is its own
// headline.
func splitStory(f *failure) (head, rest string) {
	story := cleanStory(f.story)
	first, after, _ := strings.Cut(story, "\n")
	if f.reason != "" && strings.Contains(first, f.reason) {
		return strings.TrimSpace(first), strings.Trim(after, "\n")
	}
	return headline(f), story
}

// headline is the property and the reason of a failure in one line.
func headline(f *failure) string {
	switch {
	case f.property == "":
		return f.reason
	case strings.Contains(f.reason, f.property):
		return f.reason
	case f.reason == "":
		return fmt.Sprintf("property %q broken", f.property)
	}
	return fmt.Sprintf("property %q: %s", f.property, f.reason)
}

// cleanStory takes blank ends, the common indentation and the test's own advice on
// one seed out of a story: the tool gives the command that works from the user's
// directory.
func cleanStory(story string) string {
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
