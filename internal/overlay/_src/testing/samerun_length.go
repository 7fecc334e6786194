package testing

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	_ "unsafe" // for go:linkname
)

// How many choices a test is expected to have, or how many events its goroutines have, for
// the strategies that want to know (samerun/internal/pick), is found out by a calm run of it.
// The tool makes that run first, and names a file with a line for each test, such as
// "TestElection 4096" or "TestElection 4,11-k3f9a".

//go:linkname samerunExpect
func samerunExpect(choices uint64)

//go:linkname samerunExpectEvents
func samerunExpectEvents(text string) (ok bool)

//go:linkname samerunWantsEvents
func samerunWantsEvents() bool

// samerunLengths has the lines by the names of the tests, and samerunEventTexts those of
// events.
var (
	samerunLengths    map[string]uint64
	samerunEventTexts map[string]string
)

// samerunReadLengths reads the file that the environment names, if any.
func samerunReadLengths() {
	name := os.Getenv("SAMERUN_LENGTHS")
	if name == "" {
		return
	}
	data, err := os.ReadFile(name)
	if err != nil {
		samerunNoLengths(name, err)
	}
	samerunLengths, samerunEventTexts = make(map[string]uint64), make(map[string]string)
	for line := range strings.Lines(string(data)) {
		test, length, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if samerunWantsEvents() {
			if !samerunExpectEvents(length) {
				samerunNoLengths(name, fmt.Errorf("%q is no test with numbers of events", line))
			}
			samerunEventTexts[test] = length
			continue
		}
		n, err := strconv.ParseUint(length, 10, 31)
		if err != nil {
			samerunNoLengths(name, fmt.Errorf("%q is no test with a number of choices", line))
		}
		samerunLengths[test] = n
	}
}

func samerunNoLengths(name string, err error) {
	fmt.Fprintf(os.Stderr, "samerun: SAMERUN_LENGTHS=%s cannot be read: %v; unset it, samerun test sets it by itself\n", name, err)
	os.Exit(2)
}
