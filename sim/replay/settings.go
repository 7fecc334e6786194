package replay

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// World says what threads of control the test has. Files of versions 1 and 2 are of tasks.
type World string

// The worlds.
const (
	Tasks      World = "tasks"      // those of package sched: a simulation test
	Goroutines World = "goroutines" // ordinary Go, as samerun test runs it
)

// Settings are what decides a run of goroutines, beside the seed, the strategy and the
// deviations. They are those of the verbs test and run of the tool.
type Settings struct {
	Turn    time.Duration // virtual time of a turn
	Net     string        // "test" or "real"
	Date    string        // on which the clock of a test begins, such as 2000-01-01
	Run     string        // a regular expression for the tests of the process, if the test alone does not fail
	Skip    string        // a regular expression for those that are left out, if any
	Count   int           // how often each runs; 0 is once
	Short   bool          // as -short of go test
	Leaks   string        // "fail" if goroutines that wait for ever fail a test; or empty
	Race    bool          // built with the race detector
	Timeout string        // virtual time that each test has, as -timeout: such as 30s, or 0s for no limit; empty is ten minutes
	Go      string        // "late" as with -go; empty is any
	Tags    string        // build tags, separated by commas
	Args    []string      // for the tests themselves, or for the program
	Folder  string        // of a program (samerun run): the working folder, from the module's root, such as "."; of tests it is empty
	Stdin   string        // of a program: the file that it reads as standard input, from Folder, or an absolute path; empty for none
	// Scenario says that the test is one of package sim: the schedule is what its scenario
	// has injected, and else it is what the tool gave to the test.
	Scenario bool
}

// Program reports whether the settings are of a program, as samerun run runs it, and not of
// a test.
func (s *Settings) Program() bool { return s.Folder != "" }

func (s *Settings) equal(o *Settings) bool {
	return s.Turn == o.Turn && s.Net == o.Net && s.Date == o.Date && s.Run == o.Run && s.Skip == o.Skip && s.Timeout == o.Timeout && s.Go == o.Go && s.Count == o.Count &&
		s.Short == o.Short && s.Leaks == o.Leaks && s.Race == o.Race && s.Tags == o.Tags && s.Scenario == o.Scenario && slices.Equal(s.Args, o.Args) && s.Folder == o.Folder && s.Stdin == o.Stdin
}

// check refuses settings that no run could make sense of.
func (s *Settings) check() error {
	day, err := time.Parse(time.DateOnly, s.Date)
	switch {
	case s.Turn < 0:
		return fmt.Errorf("settings.turn is %v; it must not be negative", s.Turn)
	case s.Net != "test" && s.Net != "real":
		return fmt.Errorf("settings.net is %q; it is \"test\" or \"real\"", s.Net)
	case err != nil || day.Year() < 1970 || day.Year() >= 2200:
		return fmt.Errorf("settings.date is %q; it is a day from 1970 to 2199, such as \"2000-01-01\"", s.Date)
	case s.Leaks != "" && s.Leaks != "fail":
		return fmt.Errorf("settings.leaks is %q; it is \"fail\", or left out", s.Leaks)
	case s.Go != "" && s.Go != "late":
		return fmt.Errorf("settings.go is %q; it is \"late\", or left out", s.Go)
	case s.Count < 0:
		return fmt.Errorf("settings.count is %d; it must not be negative", s.Count)
	case path.IsAbs(s.Folder) || strings.ContainsRune(s.Folder, 0):
		return fmt.Errorf("settings.folder is %q; it is the working folder of a program, from the module's root, such as \".\"", s.Folder)
	case s.Stdin != "" && !s.Program() || strings.ContainsRune(s.Stdin, 0):
		return fmt.Errorf("settings.stdin is %q; it is a file that a program reads, from settings.folder", s.Stdin)
	case s.Program() && (s.Run != "" || s.Skip != "" || s.Count != 0 || s.Short || s.Leaks != ""):
		return fmt.Errorf("settings.folder says that it is of a program; run, skip, count, short and leaks are for tests")
	case strings.ContainsFunc(s.Tags, func(r rune) bool { return r <= ' ' }):
		return fmt.Errorf("settings.tags is %q; tags are separated by commas", s.Tags)
	}
	if d, err := time.ParseDuration(cmp.Or(s.Timeout, "0s")); err != nil || d < 0 {
		return fmt.Errorf("settings.timeout is %q; it is a time such as \"30s\", or \"0s\" for no limit", s.Timeout)
	}
	for _, re := range []string{s.Run, s.Skip} {
		if _, err := regexp.Compile(re); err != nil {
			return fmt.Errorf("settings: %q is not a regular expression: %w", re, err)
		}
	}
	for _, arg := range s.Args {
		if strings.ContainsRune(arg, 0) {
			return fmt.Errorf("settings.args has %q, which is no argument of a program", arg)
		}
	}
	return nil
}

// checkWorld refuses what goes with the other world only. A test of goroutines may be one of
// package sim, so that its file may have all that a file of tasks has.
func (p *File) checkWorld() error {
	switch p.World {
	case Tasks:
		if !p.Settings.equal(&Settings{}) {
			return fmt.Errorf("the field \"settings\" is for a file of goroutines, and this one is of tasks")
		}
		return nil
	case Goroutines:
		return p.Settings.check()
	}
	return fmt.Errorf("the field \"world\" is %q; it is \"tasks\" or \"goroutines\"", string(p.World))
}
