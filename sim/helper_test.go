package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const ms = time.Millisecond

// fixed is a link on which every message takes d and nothing goes wrong.
func fixed(d time.Duration) LinkConfig { return LinkConfig{Latency: Durations{Min: d, Max: d}} }

// mustRun runs a scenario that must come to a good end.
func mustRun(t testing.TB, cfg Config, fn func(w *World)) *Report {
	t.Helper()
	r := Run(cfg, fn)
	if r.Err != nil {
		t.Fatalf("the run failed: %v", r.Err)
	}
	return r
}

// fails runs a scenario that must end with an error of type E.
func fails[E error](t testing.TB, cfg Config, fn func(w *World)) E {
	t.Helper()
	r := Run(cfg, fn)
	var e E
	if !errors.As(r.Err, &e) {
		t.Fatalf("the run ended with %T %v, want a %T", r.Err, r.Err, e)
	}
	return e
}

// says runs a scenario that must fail with a text that has all these parts.
func says(t testing.TB, cfg Config, fn func(w *World), parts ...string) {
	t.Helper()
	r := Run(cfg, fn)
	if r.Err == nil {
		t.Errorf("the run came to a good end, want an error with %q", parts)
		return
	}
	wantIn(t, r.Err.Error(), parts...)
}

func wantIn(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("the text lacks %q:\n%s", p, text)
		}
	}
}

func want[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// box is a receiver that writes down what it is told.
type box struct {
	log []string
	got int
}

func (b *box) Deliver(m *Message) {
	b.got++
	b.add(m, Delivered)
}

func (b *box) Drop(m *Message, why Fate) { b.add(m, why) }

func (b *box) add(m *Message, f Fate) {
	b.log = append(b.log, fmt.Sprintf("#%d %v %v", m.Nth, f, m.Link().w.Elapsed()))
}

func (b *box) String() string { return strings.Join(b.log, ", ") }

// count is a receiver for many messages.
type count struct{ delivered, dropped int }

func (c *count) Deliver(*Message)    { c.delivered++ }
func (c *count) Drop(*Message, Fate) { c.dropped++ }

// traced runs a scenario and returns every record as a line with its numbers.
func traced(cfg Config, fn func(w *World)) ([]string, *Report) {
	var lines []string
	cfg.Trace = func(r Record) { lines = append(lines, fmt.Sprintf("%d<%d %v", r.Seq, r.Cause, r)) }
	r := Run(cfg, fn)
	return lines, r
}

// script runs steps at their instants, in the order of time.
type script []step

type step struct {
	at time.Duration
	do func()
}

func (s script) play(w *World) {
	for _, x := range slices.SortedStableFunc(slices.Values(s), func(a, b step) int { return int(a.at/ms - b.at/ms) }) {
		if d := x.at - w.Elapsed(); d > 0 {
			w.Sleep(d)
		}
		x.do()
	}
}
