package sim

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"samerun/internal/wire"
)

// A process that serves answers each request in turn, and says when it cannot.
func TestServe(t *testing.T) {
	r := failing(t, 1, lossy)[0]
	p := saved("TestLossy", Config{Seed: r.Seed}, r, r.Err)
	good, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	q := *p
	q.Seed, q.Schedule, q.Idle, q.Calm = 0, nil, nil, NoMishaps
	fixed, _ := q.Marshal()
	q.Test = "TestElse"
	elsewhere, _ := q.Marshal()

	var in, out bytes.Buffer
	for _, request := range []wire.Request{
		{Replay: good, Probe: true}, {Replay: fixed}, {Replay: elsewhere}, {Replay: []byte(`{"samerun":"x"}`)}, {Replay: good, Save: t.TempDir()},
	} {
		if err := request.Write(&in); err != nil {
			t.Fatal(err)
		}
	}
	x := &tester{t: &fakeT{name: "TestLossy"}, env: &environment{}, exec: func(cfg Config) (Config, *Report) {
		fmt.Fprint(&out, "a test prints what it likes")
		return cfg, Run(cfg, lossy)
	}}
	x.serve(&in, &out)

	lines, printed := wire.Lines(&out), 0
	next := func() *wire.Answer {
		t.Helper()
		a, err := wire.ReadAnswer(lines, func(line []byte) {
			if len(line) > 0 {
				printed++
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := next(); a.Outcome != "same" || a.Digest != r.Digest || a.Probe == nil || len(a.Probe.Steps) != len(r.Steps) || len(a.Probe.Nodes) < 2 || a.Events != r.Events {
		t.Errorf("%+v", a)
	}
	if a := next(); a.Outcome != "fixed" || a.Probe != nil || a.Error != "" {
		t.Errorf("%+v", a)
	}
	for _, want := range []string{"the replay is of the test TestElse", "no replay file"} {
		if a := next(); a.Outcome != "" || !strings.Contains(a.Problem, want) {
			t.Errorf("%+v", a)
		}
	}
	if a := next(); a.Outcome != "same" || !a.Repeats || a.Property != "nothing is lost" || !a.Story.Run.Repeats || !strings.HasSuffix(a.Saved, ".json") {
		t.Errorf("%+v", a)
	}
	if printed == 0 {
		t.Error("what the test printed was lost")
	}
}

// A test that marks itself as failed can serve no more.
func TestServeEndsWithAMark(t *testing.T) {
	f := &fakeT{name: "TestFake"}
	r := mustRun(t, Config{}, func(*World) {})
	p := saved("TestFake", Config{}, r, errTestFailed)
	data, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var in, out bytes.Buffer
	for range 2 {
		_ = (&wire.Request{Replay: data}).Write(&in)
	}
	x := &tester{t: f, env: &environment{}, exec: func(cfg Config) (Config, *Report) {
		f.failed = true
		return cfg, Run(cfg, func(*World) {})
	}}
	x.serve(&in, &out)
	lines := wire.Lines(&out)
	a, err := wire.ReadAnswer(lines, func([]byte) {})
	if err != nil || !a.Dirty || a.Outcome != "same" {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := wire.ReadAnswer(lines, func([]byte) {}); err == nil {
		t.Error("it serves on")
	}
}
