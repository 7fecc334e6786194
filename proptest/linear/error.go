package linear

import (
	"fmt"
	"strings"
	"time"

	"samerun/internal/text"
)

// Error is a history that is not linearizable.
type Error struct {
	Key        string // the part that is not, if the model has keys
	Operations int    // in that part
	Explained  int    // answers before the first that no order explains
	// The first answer that no order explains.
	Client       int
	Answer       string // the operation with its answer
	Call, Return time.Duration
	// Context are the last operations up to it, in the order of their calls.
	Context []string
}

// contextLines is how many operations an error shows.
const contextLines = 10

func (e *Error) Error() string {
	part := "the history"
	if e.Key != "" {
		part = fmt.Sprintf("the history of %q", e.Key)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s is not linearizable: no order of its operations explains %s, which client %d was answered at %s (%d operations, %d answers before it agree)",
		part, e.Answer, e.Client, clockTime(e.Return), e.Operations, e.Explained)
	for _, line := range e.Context {
		b.WriteString("\n  " + line)
	}
	return b.String()
}

// Signature tells package proptest that all such errors are alike.
func (e *Error) Signature() string { return "not linearizable" }

func contextLine(mark string, client int, what, when string) string {
	return fmt.Sprintf("%s client %d: %s  (%s)", mark, client, what, when)
}

// UndecidedError is a search that was given up: too many operations overlap, or
// too many were never answered.
type UndecidedError struct {
	Key        string // the part, if the model has keys
	Operations int    // in that part
}

func (e *UndecidedError) Error() string {
	part := "the history"
	if e.Key != "" {
		part = fmt.Sprintf("the history of %q", e.Key)
	}
	return fmt.Sprintf("whether %s is linearizable is not known: its %d operations overlap too much; use fewer clients, more keys or shorter runs, and let clients wait for answers", part, e.Operations)
}

// Signature tells package proptest that all such errors are alike.
func (e *UndecidedError) Signature() string { return "linearizability undecided" }

// How many bytes of an operation and of a state are shown.
const (
	shortOperation = 160
	shortState     = 320
)

// short is a text of the program as a part of one line, without the middle if it is
// long.
func short(s string, most int) string {
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most/2], "") + " … " + strings.ToValidUTF8(s[len(s)-most/2:], "")
	}
	return text.Line(s)
}
