package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner/tasks"
	"samerun/internal/seeds"
	"samerun/internal/sweep"
)

func TestGoodSeeds(t *testing.T) {
	t.Parallel()
	a := runTool(t, "test -seeds 1-300 -run TestGood|TestNested ./zoo ./plain ./untested")
	a.want(t, exitOK, a.stdout,
		"ok    ./zoo  TestGood        300 seeds\n",
		"ok    ./zoo  TestNested/a_b  300 seeds\n",
		"ok    ./zoo  TestNested/c/d  300 seeds\n",
		"ok    ./plain                ordinary tests only\n",
		"ok: 3 tests, 900 seeds, no failure, prepared in ")
	a.want(t, exitOK, a.stderr, "skipped, no test files: ./untested\n")
}

func TestFirstFailure(t *testing.T) {
	t.Parallel()
	a := runTool(t, "test -j 4 -seeds 1-1000 -run TestBad ./zoo")
	a.want(t, exitFailure, a.stdout,
		"FAIL  ./zoo  TestBad\n",
		"    property \"one leader\" broken at 0s: n2 and n3 lead term 47\n",
		"    seed 47 of 1-1000\n",
		"\n      the story of seed 47\n        n0 -> n1\n",
		"\n    again: SAMERUN_SEED=47 go test -run '^TestBad$' ./zoo\n",
		"FAIL: stopped at the first failure")
	if strings.Count(a.stdout, "again:") != 1 || strings.Contains(a.stdout, "not deterministic") {
		t.Errorf("one command, and seed 47 repeats:\n%s", a.stdout)
	}
	// The command works on cut and paste, and fails.
	_, command, _ := strings.Cut(a.stdout, "again: ")
	command, _, _ = strings.Cut(command, "\n")
	sh := exec.Command("sh", "-c", command)
	sh.Dir, _ = fixtureDir()
	out, err := sh.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "the story of seed 47") {
		t.Errorf("%s: %v\n%s", command, err, out)
	}
}

func TestKeepGoing(t *testing.T) {
	t.Parallel()
	a := runTool(t, "test -keep-going -seeds 1-200 -run TestBad|TestCrash ./zoo")
	a.want(t, exitFailure, a.stdout,
		"FAIL  ./zoo  TestBad\n",
		"n2 and n3 lead term 47\n",
		"first at seed 47; 4 of 200 seeds fail like this\n",
		"again: SAMERUN_SEED=47 go test",
		"nobody leads\n",
		"first at seed 60; 3 of 200 seeds fail like this\n",
		"not deterministic",
		"FAIL  ./zoo  TestCrash\n",
		"    panic: assignment to entry in nil map",
		"first at seed 5; 10 of 200 seeds fail like this\n",
		"zoo_test.go",
		"again: SAMERUN_SEED=5 go test -run '^TestCrash$' ./zoo\n",
		"FAIL: 3 distinct failures, 2 tests, 400 seeds, prepared in ")
	a.want(t, exitFailure, a.stderr, "FAIL  TestBad  seed ")
}

// Two outputs with different numbers of processes are equal but for wall times.
func TestJSON(t *testing.T) {
	t.Parallel()
	wall := regexp.MustCompile(`"wall_ns":\d+`)
	for _, flags := range []string{"", "-keep-going"} {
		var first string
		for _, j := range []int{1, 4} {
			a := runTool(t, fmt.Sprintf("test -json %s -j %d -seeds 40-120 -run TestBad|TestGood|TestSim|TestArithmetic ./zoo", flags, j))
			lines := strings.Split(strings.TrimSpace(a.stdout), "\n")
			for _, line := range lines {
				var l sweep.Line
				if err := json.Unmarshal([]byte(line), &l); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
			}
			wantLines := 8
			if flags != "" {
				wantLines = 162
			}
			if a.code != exitFailure || len(lines) != wantLines {
				t.Fatalf("exit status %d, %d lines, want %d:\n%s\n%s", a.code, len(lines), wantLines, a.stdout, a.stderr)
			}
			out := wall.ReplaceAllString(a.stdout, "")
			if first == "" {
				first = out
			} else if out != first {
				t.Errorf("%q: -j %d differs from -j 1:\n%s\n%s", flags, j, out, first)
			}
		}
		for _, want := range []string{
			`{"schema":1,"package":"fixture/zoo","test":"TestBad","seed":40,"ok":true,"digest":"0000000000000640","virtual_ns":10,"events":40,}`,
			`"seed":47,"ok":false,`, `"property":"one leader","error":"n2 and n3 lead term 47","repeats":true,"command":"SAMERUN_SEED=47 go test -run '^TestBad$' ./zoo","story":"property \"one leader\" broken at 0s: n2 and n3 lead term 47\n  the story of seed 47\n    n0 -> n1\n`,
		} {
			if !strings.Contains(first, want) {
				t.Errorf("%s is missing in\n%s", want, first)
			}
		}
	}
}

func TestProcessEnds(t *testing.T) {
	t.Parallel()
	a := runTool(t, "test -keep-going -seeds 1-12 -timeout 3s -run TestExit|TestHang|TestAround ./zoo")
	a.want(t, exitFailure, a.stdout,
		"FAIL  ./zoo  TestAround\n",
		"the run was good, but the test failed around it\n",
		"first at seed 9; 1 of 12 seeds",
		"the check behind the run",
		"again: SAMERUN_SEED=9 go test -run '^TestAround$' ./zoo\n",
		"FAIL  ./zoo  TestExit\n",
		"the process ended with exit status 3\n",
		"first at seed 4;",
		"last words",
		"FAIL  ./zoo  TestHang\n",
		"still running after 3s, the limit of -timeout, so the tool ended it\n",
		"first at seed 3;",
		"select (no cases)",
		"again: SAMERUN_SEED=3 go test -timeout 3s -run '^TestHang$' ./zoo\n",
		"3 tests, 36 seeds")
}

// A failure that no seed has alone is blamed on the smallest set found, and the
// command runs that set.
func TestBlameOfSeveralSeeds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and runs test binaries")
	}
	dir, err := fixtureDir()
	if err != nil {
		t.Fatal(err)
	}
	a := &app{io.Discard, io.Discard, gocmd.Caller{Dir: dir, Environ: gocmd.ChildEnviron(os.Environ())}}
	list, err := a.List(t.Context(), &gocmd.Build{}, []string{"./zoo"})
	if err != nil {
		t.Fatal(err)
	}
	tasks := tasks.New(&a.Caller, &gocmd.Build{}, tasks.Options{Run: "TestCrowd", Timeout: time.Minute, Workers: 2}, t.TempDir())
	found, err := tasks.Prepare(t.Context(), list.Packages, func(string, int) func() { return func() {} })
	if err != nil {
		t.Fatal(err)
	}
	set, err := seeds.Parse("1-7")
	if err != nil {
		t.Fatal(err)
	}
	r, err := tasks.Run(t.Context(), &found.Targets[len(found.Targets)-1], set)
	bad := r.Failed()
	if err != nil || bad == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	f := bad.Failure
	const why = "the run was good, but the test failed around it (only when the seeds 2-3 run in one process)"
	if len(r.Outcomes) != 3 || bad.Seed != 3 || r.Rest.String() != "4-7" || f.Reason != why ||
		f.Command != "SAMERUN_SEEDS=2-3 go test -run '^TestCrowd$' ./zoo" {
		t.Errorf("%+v\n%+v", r, f)
	}
}

func TestOrdinaryFailure(t *testing.T) {
	t.Parallel()
	a := runTool(t, "test ./ordinary -seeds 1-3")
	a.want(t, exitFailure, a.stdout,
		"FAIL  ./ordinary  TestArithmetic\n",
		"    an ordinary test failed\n",
		"1+1 is not 3",
		"again: go test -run '^TestArithmetic$' ./ordinary\n")
	a = runTool(t, "test -json -keep-going ./ordinary -seeds 1-3")
	if n := strings.Count(a.stdout, "\n"); n != 4 || a.code != exitFailure {
		t.Errorf("exit status %d, %d lines, want one for the ordinary test and three for the seeds:\n%s", a.code, n, a.stdout)
	}
	a.want(t, exitFailure, a.stdout, `"test":"TestArithmetic","seed":null,"ok":false`, `"test":"TestSim","seed":1,"ok":true`)
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	mark := filepath.Join(t.TempDir(), "mark")
	go func() {
		// Both workers have to be in their hanging seeds by then, or the count would be chance.
		for ctx.Err() == nil {
			if data, _ := os.ReadFile(mark); len(data) == 2 {
				cancel()
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	// If the children were not killed, this would last an hour.
	a := runToolContext(t, ctx, "test -j 2 -seeds 1-4 -run TestSlow|TestGood ./zoo", "FIXTURE_MARK="+mark)
	a.want(t, exitInterrupted, a.stdout, "ok    ./zoo  TestGood  4 seeds\n", "interrupted after 5 of 8 seeds; 0 distinct failures so far\n")
}

func TestMisuse(t *testing.T) {
	t.Parallel()
	tests := []struct{ line, want string }{
		{"", "usage:"},
		{"tset", `samerun: there is no command "tset"; "samerun help" lists the commands`},
		{"help tset", `there is no command "tset"`},
		{"test -sedes 1-10", `samerun test: there is no flag -sedes; "samerun help test" lists the flags`},
		{"test ./zoo -sedes 1-10", `there is no flag -sedes`},
		{"test -j 0", "samerun test: -j 0: the number of processes must be at least 1"},
		{"test -j x", "-j x: say a whole number, such as 4"},
		{"test -timeout -1s", "the time must not be negative"},
		{"test -run (", `-run "(" is not a regular expression`},
		{"test -seeds 10-1", `samerun test: seeds "10-1": the range ends before it begins; write the smaller number first`},
		{"test zoo_test.go", "is a file; name its package instead"},
		{"test ./nowhere", "the packages cannot be listed: "},
		{"test fixture/nowhere/...", "no packages match fixture/nowhere/..."},
		{"test ./untested", "./untested: no test files; name a package that has tests"},
		{"test ./plain", "no simulation test in ./plain; a simulation test is a test that calls sim.Test"},
		{"test -run Nope ./zoo", `no simulation test in ./zoo matches -run "Nope"`},
		{"test ./broken ./plain", "./broken does not build:\n"},
	}
	for _, tt := range tests {
		a := runTool(t, tt.line)
		a.want(t, exitMisuse, a.stderr, tt.want)
		if a.stdout != "" || strings.Contains(a.stderr, "panic") {
			t.Errorf("%s:\nstdout: %s\nstderr: %s", tt.line, a.stdout, a.stderr)
		}
	}
}

func TestSeedsOfTheEnvironment(t *testing.T) {
	t.Parallel()
	a := runTool(t, "test -run TestGood ./zoo", "SAMERUN_SEEDS=5-9", "SAMERUN_SEED=1")
	a.want(t, exitOK, a.stdout, "TestGood  5 seeds")
	a = runTool(t, "test", "SAMERUN_SEED=x")
	a.want(t, exitMisuse, a.stderr, `the environment variable SAMERUN_SEED: seeds "x"`)
	a = runTool(t, "test", "SAMERUN_REPLAY=some.json")
	a.want(t, exitMisuse, a.stderr, "SAMERUN_REPLAY is set")
}

func TestHelp(t *testing.T) {
	for _, line := range []string{"help", "-h"} {
		a := runTool(t, line)
		a.want(t, exitOK, a.stdout, "usage:", "samerun test", "example:")
	}
	for _, line := range []string{"help test", "test -h"} {
		a := runTool(t, line)
		a.want(t, exitOK, a.stdout, "usage: samerun test [flags] [packages]", "-seeds S", "example:\n  samerun test -seeds 1-1000 ./examples/raft")
	}
}

func Example() {
	a := &app{stdout: os.Stdout, stderr: os.Stdout}
	status := a.main(context.Background(), []string{"test", "-seeds", "10-1"})
	fmt.Println("exit status", status)
	// Output:
	// samerun test: seeds "10-1": the range ends before it begins; write the smaller number first
	// exit status 2
}
