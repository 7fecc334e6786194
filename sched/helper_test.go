package sched

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// tb is a *testing.T, a *testing.B or a *rapid.T.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// run runs fn as the main task of a new run and returns the run and its error.
func run(t tb, cfg Config, fn func(s *Scheduler)) (*Scheduler, error) {
	t.Helper()
	if cfg.Stall == 0 {
		cfg.Stall = time.Hour // a goroutine that gets no processor for seconds is no stall
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s, s.Run(func() { fn(s) })
}

// mustRun is run for programs that must come to a good end.
func mustRun(t tb, cfg Config, fn func(s *Scheduler)) *Scheduler {
	t.Helper()
	s, err := run(t, cfg, fn)
	if err != nil {
		t.Fatalf("the run failed: %v", err)
	}
	return s
}

// fails runs fn and returns its error as an E.
func fails[E error](t tb, cfg Config, fn func(s *Scheduler)) E {
	t.Helper()
	_, err := run(t, cfg, fn)
	var e E
	if !errors.As(err, &e) {
		t.Fatalf("the run ended with %T %v, want a %T", err, err, e)
	}
	return e
}

// leaks returns a function that reports goroutines started since and not gone.
// They are given a moment, because a goroutine is counted until it has left.
func leaks(t tb) func() {
	before := runtime.NumGoroutine()
	return func() {
		t.Helper()
		for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
			after := runtime.NumGoroutine()
			if after <= before {
				return
			}
			if time.Now().After(end) {
				t.Errorf("%d goroutines before the run, %d after it", before, after)
				return
			}
		}
	}
}

// line returns "file.go:12" of the line that lies skip lines below the caller's.
func line(below int) string {
	_, file, n, _ := runtime.Caller(1)
	return base(file) + ":" + strconv.Itoa(n+below)
}

func wantIn(t tb, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("the text lacks %q:\n%s", p, text)
		}
	}
}
