package sim

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// errTestFailed is the failure of a run in which only the test itself spoke (t.Error,
// t.Fatal).
var errTestFailed = errors.New("the scenario marked the test as failed")

// markedError is errTestFailed with what the run wrote into the test's log.
type markedError struct {
	at    time.Duration // of a t.Fatal; 0 if it was none
	fatal bool
	said  []string // the entries of the log, oldest first; nil if they are not known
}

func (e *markedError) Unwrap() error { return errTestFailed }

// mostSaid is how many entries of the log an error has.
const mostSaid = 12

func (e *markedError) Error() string {
	text := errTestFailed.Error()
	if e.fatal {
		text += fmt.Sprintf(" at %v", e.at)
	}
	said := e.said
	switch {
	case len(said) == 0:
		return text + " (the test's own output says why)"
	case e.fatal || len(said) == 1:
		// The last words of t.Fatal are those that matter.
		text += ", and said: " + said[len(said)-1]
		if said = said[:len(said)-1]; len(said) > 0 {
			text += "\nbefore that it said:"
		}
	default:
		text += ", and said:"
	}
	if over := len(said) - mostSaid; over > 0 {
		text += fmt.Sprintf("\n  … %d entries before, and", over)
		said = said[over:]
	}
	for _, entry := range said {
		text += "\n  " + strings.ReplaceAll(entry, "\n", "\n  ")
	}
	return text
}

// logOf is the log of a test as package testing keeps it until the test ends. It is
// false for other kinds of tests, and after -v, when each entry is printed at once.
//
// There is no other way to learn what a scenario has said to t.Fatal: a story without
// it tells how a run went and not what was wrong with it.
func logOf(t TB) (log reflect.Value, ok bool) {
	v := reflect.ValueOf(t)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return log, false
	}
	common := v.Elem().FieldByName("common")
	if !common.IsValid() || common.Kind() != reflect.Struct || common.Type().PkgPath() != "testing" {
		return log, false
	}
	log = common.FieldByName("output")
	return log, log.IsValid() && log.Type() == reflect.TypeFor[[]byte]()
}

// logged is how long the log is, in bytes.
func logged(t TB) int {
	if log, ok := logOf(t); ok {
		return log.Len()
	}
	return 0
}

// saidSince returns the entries of the log from a length of it on.
func saidSince(t TB, from int) (entries []string) {
	log, ok := logOf(t)
	if !ok || log.Len() < from {
		return nil
	}
	for line := range strings.Lines(string(log.Bytes()[from:])) {
		// Package testing sets entries four columns in, and their further lines eight.
		line = strings.TrimPrefix(strings.TrimRight(line, "\n"), "    ")
		more, is := strings.CutPrefix(line, "    ")
		if n := len(entries); is && n > 0 {
			entries[n-1] += "\n  " + more
			continue
		}
		entries = append(entries, line)
	}
	return entries
}
