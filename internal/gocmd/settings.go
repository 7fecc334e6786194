package gocmd

import (
	"fmt"
	"strings"
)

// The variables SAMERUN_* are settings of go test. Samerun test has flags in their
// place, so that the command that repeats a failure says everything: what it prints
// must not depend on the environment in which it is typed later. A few variables give
// the defaults of flags, and then stand in that command. All others are refused,
// because nobody would notice that they do nothing.

// reading says what becomes of a variable that is set when samerun test runs.
type reading struct {
	name    string
	allowed bool   // it is the default of a flag
	instead string // what to say in its place; of the others
}

// readings are all variables that there are, sorted by what they are for. docs/samerun-test.md
// has the same list.
var readings = []reading{
	{name: "SAMERUN_SEED", allowed: true},
	{name: "SAMERUN_SEEDS", allowed: true},
	{name: "SAMERUN_STRATEGY", allowed: true},
	{name: "SAMERUN_STRICT", allowed: true},
	{name: "SAMERUN_OVERLAY", allowed: true},
	{name: "SAMERUN_REPLAY", allowed: true}, // refused with the seeds
	{name: "SAMERUN_SHRINK", allowed: true}, // of go test alone; no run depends on it

	{name: "SAMERUN_TURN_NS", instead: "say -turn"},
	{name: "SAMERUN_NET", instead: "say -net"},
	{name: "SAMERUN_DATE", instead: "say -date"},
	{name: "SAMERUN_GO", instead: "say -go"},
	{name: "SAMERUN_LIMIT", instead: "say -timeout"},
	{name: "SAMERUN_WATCHDOG", instead: "say -watchdog"},
	{name: "SAMERUN_LEAKS", instead: "say -leaks"},
	{name: "SAMERUN_FAULTS", instead: "say -faults"},
	{name: "SAMERUN_RECORD", instead: "say -record"},
	{name: "SAMERUN_PICKS", instead: "say -picks"},
	{name: "SAMERUN_LENGTHS", instead: "say how many choices a run has in the strategy, as in -strategy pct:3:4096"},
	{name: "SAMERUN_COUNT", instead: "samerun test sets it for the calm run that it makes for the strategies urw and surw"},
	{name: "SAMERUN_FORKS", instead: "samerun test -guided sets it, and replay files have forks"},
	{name: "SAMERUN_SAW", instead: "say -guided or -report"},
	{name: "SAMERUN_PCT_TURNS", instead: "say how many choices a run has in the strategy, as in -strategy pct:3:4096"},
	{name: "SAMERUN_OUT", instead: "failures are saved in testdata/replay of their package"},

	{name: "SAMERUN_PROGRAM", allowed: true}, // samerun run sets it, and the processes that a program starts have it; so the next two
	{name: "SAMERUN_ALARM", allowed: true},
	{name: "SAMERUN_INSIDE", allowed: true}, // tests set it for the processes that they start; those of the tool do not get it
	{name: "SAMERUN_CHILD", allowed: true},  // a test of sim.Goroutines sets it for the tool that it starts; see package rerun
	{name: "SAMERUN_AGAIN", instead: toChildren},
	{name: "SAMERUN_TRACE", instead: "say samerun trace"},
	{name: "SAMERUN_STOP", instead: "say samerun replay -until"},
	{name: "SAMERUN_STOPPED", instead: "say samerun replay -until"},
	{name: "SAMERUN_TRACK", instead: "samerun test sets it for the runs that it makes for a report"},
	{name: "SAMERUN_SHARED", instead: "samerun doctor sets it for a run that looks for variables which nodes share"},
	{name: "SAMERUN_LIST", instead: toChildren},
	{name: "SAMERUN_RESULTS", instead: toChildren},
	{name: "SAMERUN_TRIALS", instead: toChildren},
}

const toChildren = "samerun test sets it for the tests that it starts"

// CheckEnviron refuses a variable of samerun's that is set and that a command which
// runs seeds does not read. who is the command, such as "samerun test".
func CheckEnviron(environ []string, who string) error {
	for _, r := range readings {
		if value, ok := LookupEnv(environ, r.name); ok && value != "" && !r.allowed {
			return fmt.Errorf("the environment variable %s is set (%q), and %s does not read it: unset it; %s", r.name, value, who, r.instead)
		}
	}
	return nil
}

// isSetting reports whether an entry of an environment is a setting of a run, which the
// tool makes itself for each process that it starts.
func isSetting(entry string) bool {
	name, _, _ := strings.Cut(entry, "=")
	for _, r := range readings {
		if r.name == name && name != "SAMERUN_OVERLAY" && name != "SAMERUN_CHILD" {
			return true
		}
	}
	return false
}
