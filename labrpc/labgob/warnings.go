package labgob

import (
	"fmt"
	"os"
	"reflect"
	"sync/atomic"
)

// warnings counts mistakes in the code under test. No run reads it, so that runs cannot see each other through it.
//
//samerun:allow global: the course's library counts per process, and its tests read the count
var warnings atomic.Int64

//samerun:allow global: the warning about stale values is printed once per process, as the course's library does
var warnedStale atomic.Bool

// Warnings returns how many mistakes this process has made so far: fields that do not begin with a capital letter, each once, and
// fields that were not zero when a value was decoded into them, each time.
func Warnings() int { return int(warnings.Load()) }

// warnf counts a mistake and prints a line to standard output, where go test shows it beside the test's own.
func warnf(format string, args ...any) {
	warnings.Add(1)
	fmt.Fprintf(os.Stdout, format, args...)
}

func warnStale(t reflect.Type, name string) {
	if warnedStale.Swap(true) {
		warnings.Add(1)
		return
	}
	warnf("labgob warning: decoding into a %s that is not zero (%s): what the sender left at zero keeps its old value; "+
		"decode into a new variable\n", t.Elem(), name)
}
