package proptest

import (
	"errors"
	"strings"
	"testing"

	"samerun/sim"
)

// What a property says when it fails reaches the report fit to be printed.
func TestHostileFailures(t *testing.T) {
	const evil = "x\x1b[31m\u202e\r\nagain: rm -rf /\x00"
	for _, err := range []error{errors.New(evil), &sim.PropertyError{Name: evil, Err: errors.New(evil)}} {
		f := &failure{err: err}
		for _, text := range []string{headline(err), story{failure: f, others: []string{evil}, before: evil}.String()} {
			for _, bad := range []string{"\x1b", "\u202e", "\r", "\x00", "\nagain"} {
				if strings.Contains(text, bad) {
					t.Errorf("%q in %q", bad, text)
				}
			}
		}
	}
}
