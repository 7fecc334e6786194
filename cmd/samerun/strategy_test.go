package main

import (
	"regexp"
	"strings"
	"testing"
)

// What a world lacks, or what no strategy is, is said before anything is built.
func TestStrategiesAreReadInOnePlace(t *testing.T) {
	for strategy, want := range map[string]string{
		"exhaustive":   "-strategy exhaustive is not for tests of ordinary Go: exhaustive is a search over many runs in one process",
		"exhaustive:2": "; choose fifo, random, walk, pct:DEPTH[:LENGTH], pos, delay:DELAYS[:LENGTH], urw or surw (the tests of unmodified/calm do not use samerun/sim)",
		"pct:0":        `-strategy: strategy "pct:0": the depth is a whole number from 1 to 1000; choose fifo`,
		"pct:3:":       "the length is a whole number of choices from 1 to 1073741824",
		"lucky":        "there is no such strategy",
	} {
		a := runUnmodifiedTool(t, "test -strategy "+strategy+" ./calm")
		a.want(t, exitMisuse, a.stderr, want)
		if strings.Contains(a.stderr, "building") {
			t.Errorf("%s: it is built first:\n%s", strategy, a.stderr)
		}
		a = runUnmodifiedTool(t, "doctor -strategy "+strategy+" ./calm")
		a.want(t, exitMisuse, a.stderr, strings.TrimSuffix(want, " (the tests of unmodified/calm do not use samerun/sim)"))
	}
}

// Every strategy runs ordinary tests; the length is found out, and then it stands in
// the command, which makes the same run whichever tests run beside it.
func TestStrategiesOfOrdinaryTests(t *testing.T) {
	takesLong(t)
	for _, strategy := range []string{"walk", "random", "pos", "pct:2", "pct:3:4096", "delay:5", "urw", "surw"} {
		a := runUnmodifiedTool(t, "test -json -shrink 0 -seeds 1-60 -strategy "+strategy+" ./bank")
		want := regexp.QuoteMeta(strategy)
		switch strategy {
		case "pct:2", "delay:5":
			want += `:\d+`
		case "urw", "surw":
			want += `:[0-9a-v,-]+`
		}
		m := regexp.MustCompile(`"command":"samerun (test -seeds \d+ -strategy ` + want + ` -run '\^TestMoves\$' \./bank)"`).FindStringSubmatch(a.stdout)
		if a.code != exitFailure || m == nil {
			t.Fatalf("%s: exit status %d, no command with the strategy %s:\n%s%s", strategy, a.code, want, a.stdout, a.stderr)
		}
		story := func(a answer) string {
			return regexp.MustCompile(`the bank has \d+`).FindString(a.stdout)
		}
		if again := runUnmodifiedTool(t, m[1]+" -shrink 0"); again.code != exitFailure || story(again) != story(a) {
			t.Errorf("%s gives\n%s\nwant\n%s", m[1], again.stdout, a.stdout)
		}
	}
}

// A setting of go test that the tool does not read is refused.
func TestEnvironmentIsChecked(t *testing.T) {
	for _, variable := range []string{"SAMERUN_TURN_NS=1", "SAMERUN_NET=real", "SAMERUN_DATE=2026-11-29", "SAMERUN_WATCHDOG=0", "SAMERUN_PCT_TURNS=100", "SAMERUN_TRACK=1", "SAMERUN_COUNT=1", "SAMERUN_LIST=0", "SAMERUN_TRIALS=1", "SAMERUN_RESULTS=x"} {
		name, _, _ := strings.Cut(variable, "=")
		for _, verb := range []string{"test", "doctor"} {
			a := runUnmodifiedTool(t, verb+" ./calm", variable)
			a.want(t, exitMisuse, a.stderr, "samerun "+verb+": the environment variable "+name+" is set (", "unset it; ")
		}
	}
	// What it reads stands in the command.
	a := runUnmodifiedTool(t, "test -json -shrink 0 ./bank", "SAMERUN_SEEDS=1-60", "SAMERUN_STRATEGY=pct:2:64", "SAMERUN_OVERLAY=on")
	if !regexp.MustCompile(`"command":"samerun test -seeds \d+ -overlay on -strategy pct:2:64 -run `).MatchString(a.stdout) {
		t.Errorf("no command with what the environment has:\n%s", a.stdout)
	}
}
