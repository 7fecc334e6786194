package gocmd

import (
	"slices"
	"strings"
)

// LookupEnv finds a variable in a list such as os.Environ; the last one counts.
func LookupEnv(environ []string, name string) (value string, ok bool) {
	for _, entry := range slices.Backward(environ) {
		if v, found := strings.CutPrefix(entry, name+"="); found {
			return v, true
		}
	}
	return "", false
}

// ChildEnviron is the environment of a test process: the user's own, without the
// settings that would pick other runs than the ones asked for, and with extra.
func ChildEnviron(environ []string, extra ...string) []string {
	var env []string
	// A process with the race detector sleeps for a second before it exits, unless
	// it is told not to: longer than most chunks of seeds take.
	race, _ := LookupEnv(environ, "GORACE")
	if !strings.Contains(race, "atexit_sleep_ms") {
		extra = append(extra, "GORACE="+strings.TrimSpace(race+" atexit_sleep_ms=0"))
	}
	for _, entry := range environ {
		if !isSetting(entry) {
			env = append(env, entry)
		}
	}
	// The tool minimises by itself, with as many processes as it has.
	return append(append(env, "SAMERUN_SHRINK=0"), extra...)
}
