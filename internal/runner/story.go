package runner

import (
	"fmt"
	"strings"

	"samerun/internal/story"
)

// StoryText is a story without a margin, and without the commands that the test
// would print: the tool has its own. It is empty for none.
func StoryText(s *story.Story) string {
	if s == nil {
		return ""
	}
	return strings.TrimRight(s.Head()+"\n"+s.Rest(), "\n")
}

// Story is all that there is to tell of a failure, as text.
func (f *Failure) Story() string {
	if f.Told == nil {
		return f.Output
	}
	return StoryText(f.Told)
}

// Rows are those of the story's diagram.
func (f *Failure) Rows() []story.Row {
	if f.Told == nil {
		return f.Drawn
	}
	return f.Told.Ending.Rows
}

// RowsOf are the rows of a story's diagram; there are none of nil.
func RowsOf(s *story.Story) []story.Row {
	if s == nil {
		return nil
	}
	return s.Ending.Rows
}

// HeadAndRest returns the line that heads a failure, and all else that there is to
// tell. What a process printed may begin with the reason, and often with more about
// it: then it is its own headline.
func (f *Failure) HeadAndRest() (head, rest string) {
	if f.Told != nil {
		return f.Told.Head(), f.Told.Rest()
	}
	rest = strings.Trim(f.Output, "\n")
	first, after, _ := strings.Cut(rest, "\n")
	if f.Reason != "" && strings.Contains(first, f.Reason) {
		return strings.TrimSpace(first), strings.Trim(after, "\n")
	}
	return f.Headline(), rest
}

// Headline is the property and the reason of a failure in one line.
func (f *Failure) Headline() string {
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
