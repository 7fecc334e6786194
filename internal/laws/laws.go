// Package laws makes the property tests of this repository repeat themselves: a package
// whose tests use rapid, directly or through proptest, imports it for its effect alone,
//
//	import _ "samerun/internal/laws"
//
// in a file rapid_test.go. Then a test draws the same values in every run and on every
// machine, so that a law that is false for one draw in a million turns nobody's
// go test ./... red by chance; and a law that fails writes no fail file, which would
// stay in the tree and keep later runs red. A test in this package holds every
// package to it.
//
// Flags and rapid's own variables still have the last word:
//
//	go test ./clock -rapid.seed=0              values that differ from run to run
//	go test ./clock -rapid.seed=47             those of one seed
//	go test ./clock -rapid.nofailfile=false    with rapid's fail file
//
// # The search
//
// New values are drawn by .ci/laws, which runs every law under fresh seeds until its
// time is over, and is a step of .ci/run. When it finds something it prints the command
// that shows it again, such as
//
//	go test ./internal/gobwire -run '^TestCorrupted$' -rapid.seed=14461494369748795650
//
// # A find becomes a fixed case
//
// rapid's seed is no lasting record: the next change of what a test draws gives it another
// meaning. So the drawn values, which rapid prints once they are small, are kept. Let
// the law be a function of them, have rapid call it with what it draws, and call it
// with the values that were found, in a table beside it. TestCorrupted in
// internal/gobwire is written like this. For a fault schedule or a workload the replay
// file in testdata/replay is the fixed case; for a fuzz target, the file that go test
// -fuzz leaves below testdata/fuzz.
package laws

import (
	"flag"
	"os"

	_ "pgregory.net/rapid" // has the flags
)

// Seed is the rapid seed of a test that is run without another.
const Seed = "1"

// Flags that are set before the command line is read are its defaults.
func init() {
	for _, d := range []struct{ name, value, variable string }{
		{"rapid.seed", Seed, "RAPID_SEED"},
		{"rapid.nofailfile", "true", "RAPID_NOFAILFILE"},
	} {
		if _, given := os.LookupEnv(d.variable); given {
			continue
		}
		if err := flag.Set(d.name, d.value); err != nil {
			panic("internal/laws: rapid has no flag -" + d.name + " any more: " + err.Error())
		}
	}
}
