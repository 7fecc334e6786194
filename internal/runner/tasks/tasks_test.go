package tasks

import (
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/internal/wire"
)

func TestCommand(t *testing.T) {
	p := &gocmd.Package{Arg: "./examples/raft"}
	tests := []struct {
		build    gocmd.Build
		timeout  time.Duration
		environ  []string
		run      string
		timedOut bool
		want     string
	}{
		{gocmd.Build{}, 0, nil, text.TestPattern("TestX"), false,
			"SAMERUN_SEED=47 go test -run '^TestX$' ./examples/raft"},
		{gocmd.Build{Race: true, Tags: "a,b"}, 0, nil, text.TestPattern("TestX"), false,
			"SAMERUN_SEED=47 go test -race -tags a,b -run '^TestX$' ./examples/raft"},
		{gocmd.Build{}, 90 * time.Second, []string{"GOARCH=386"}, text.TestPattern("TestX/it's_(1)"), true,
			`GOARCH=386 SAMERUN_SEED=47 go test -timeout 1m30s -run '^TestX$/^it'\''s_\(1\)$' ./examples/raft`},
	}
	for _, tt := range tests {
		r := &Runner{by: &gocmd.Caller{Environ: tt.environ}, build: &tt.build, opts: Options{Timeout: tt.timeout}}
		if got := r.command(p, "SAMERUN_SEED=47", tt.run, tt.timedOut); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// A line of results hands its signature on to the failure, and of its reason the first
// line: the story has all of it.
func TestFailureOfALine(t *testing.T) {
	o := &seedRun{Result: wire.Result{Test: "A", Seed: 3, Error: "x\ny", Signature: "s"}}
	r := &Runner{by: &gocmd.Caller{}, build: &gocmd.Build{}}
	if f := r.failed(&runner.Target{Pkg: &gocmd.Package{}, Name: "A"}, o); f.Signature != "s" || f.Reason != "x" {
		t.Errorf("%+v", f)
	}
}
