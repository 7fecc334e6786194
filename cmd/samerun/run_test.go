package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// programsCopy is a copy of the module of this package's own programs, for one test.
func programsCopy(t *testing.T) *unmodifiedTool {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "programs"))); err != nil {
		t.Fatal(err)
	}
	return &unmodifiedTool{t, dir}
}

// A program passes at each seed, and sees what it sees under go run: its arguments and its
// name before its packages are initialised, its own flags, the working folder, no test.
func TestRunIsLikeGoRun(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := programsCopy(t)
	a := u.keeping("run -seeds 1-5 ./desk -careful -callers 2")
	a.want(t, exitOK, a.stdout, "ok    ./desk  5 seeds\n", "ok: 1 program, 5 seeds, no failure")
	if strings.Contains(a.stdout+a.stderr, "all numbers are different") || strings.Contains(a.stdout+a.stderr, "left") {
		t.Errorf("what is printed at many seeds is told:\n%s%s", a.stdout, a.stderr)
	}
	if saved := u.saved("*"); len(saved) > 0 {
		t.Errorf("runs that passed have left %q", saved)
	}

	args := []string{"-ldflags", "-w -X main.version=7", "./ends", "-number=3", "sees", "-x", "a b"}
	cmd := exec.Command("go", append([]string{"run"}, args...)...)
	cmd.Dir = u.dir
	want, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, want)
	}
	a = u.words(append([]string{"run", "-seeds", "7"}, args...))
	a.want(t, exitOK, a.stdout, string(want)+"ok    ./ends  1 seed\n")
	if withoutProgress(a.stderr) != "" || !strings.Contains(string(want), "flag number 3\n") || !strings.Contains(string(want), " false 7\n") {
		t.Errorf("go run printed\n%s\nstderr:\n%s", want, a.stderr)
	}
}

// withoutProgress leaves out the lines that a busy machine makes the tool print.
func withoutProgress(stderr string) string {
	return progressLine.ReplaceAllString(stderr, "")
}

var progressLine = regexp.MustCompile(`(?m)^(building \d|\d+ of \d+ seeds ).*\n`)

// How programs end. All but a return of main and exit status 0 are failures, each told with
// its own reason and the command that repeats it.
func TestRunEnds(t *testing.T) {
	t.Parallel()
	u := programsCopy(t)
	for _, c := range firstOrAll(2, []struct {
		args string
		code int
		out  []string
	}{
		{"./ends", exitOK, []string{"now it is 2000-01-01 00:00:00\n", "ok    ./ends  1 seed\n"}},
		{"./ends -number 3 exit", exitFailure, []string{"goes with 3\nFAIL  ./ends\n    the program calls os.Exit(3), at 0s of virtual time; its last words: goes with 3\n    seed 1 of 1\n\n    goes with 3\n", "again: samerun replay ends/testdata/replay/ends-"}},
		{"./ends fatal", exitFailure, []string{"the program calls os.Exit(1), at 0s of virtual time; its last words: the number is odd\n"}},
		{"./ends panic", exitFailure, []string{"FAIL  ./ends\n    panic: boom, at 0s of virtual time\n", "programs/ends.main()\n"}},
		{"./ends waits", exitFailure, []string{"FAIL  ./ends\n    deadlock in ends: every goroutine of the program waits, and no timer is set, at 0s of virtual time\n", "    main waits for a wait group, whose count is 1\n"}},
	}) {
		a := u.run("run -shrink 0 -seeds 1 " + c.args)
		a.want(t, c.code, a.stdout, c.out...)
		for _, word := range []string{"PASS", "--- FAIL", "samerunRunProgram", "samerun_program", "TestMain", "of the test"} {
			if _, report, _ := strings.Cut(a.stdout, "FAIL  ./ends"); strings.Contains(report, word) {
				t.Errorf("%s: the report has the word %q:\n%s", c.args, word, a.stdout)
			}
		}
	}
}

// The same for ways that are rarer.
func TestRunEndsEverywhere(t *testing.T) {
	t.Parallel()
	takesLong(t)
	u := programsCopy(t)
	if err := os.WriteFile(filepath.Join(u.dir, "in.txt"), []byte("one\ntwo"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		out  []string
	}{
		{"./ends -number 0 exit", exitOK, []string{"goes with 0\nok    ./ends  1 seed\n"}},
		{"./ends -number 0 syscall", exitOK, []string{"ok    ./ends  1 seed\n"}},
		{"./ends -number 3 syscall", exitFailure, []string{"the program ended with exit status 3, at 0s of virtual time\n"}},
		{"./ends early", exitFailure, []string{"FAIL  ./ends\n    the program ended with exit status 4\n    seed 1 of 1\n\n    again: samerun run -seeds 1 ./ends early\n"}},
		{"./ends elsewhere", exitFailure, []string{"panic: boom elsewhere, at 0"}},
		{"-timeout 30s ./ends ticks", exitFailure, []string{"ends has not ended after 30s of its virtual time, the limit of -timeout", "main waits"}},
		{"-watchdog 1s ./ends spins", exitFailure, []string{"a goroutine has not given up its turn for 1s of real time"}},
		{"-watchdog 0 -timeout 1s ./ends spins", exitFailure, []string{"still running after 1s, the limit of -timeout, so the tool ended it"}},
		{"./ends behind", exitOK, []string{"five minutes later\nok    ./ends  1 seed\n"}},
		{"./ends goexit", exitOK, []string{"a minute later\nok    ./ends  1 seed\n"}},
		{"./ends leaves", exitOK, []string{"tick\ntick\nok    ./ends  1 seed\n"}},
		{"./ends starts", exitOK, []string{`"goes with 7\n" exit status 7` + "\nok    ./ends  1 seed\n"}},
		{"-race ./ends races", exitFailure, []string{"FAIL  ./ends\n    data race, at ", "Previous write"}},
		{"./ends reads", exitOK, []string{"ok    ./ends  1 seed\n"}},
		{"-stdin in.txt ./ends reads", exitOK, []string{"line one\nline two\nok    ./ends  1 seed\n"}},
	} {
		a := u.run("run -shrink 0 -seeds 1 " + c.args)
		if strings.Contains(c.args, "spins") {
			a = u.run("run -shrink 0 -seeds 1-2 " + c.args)
		}
		a.want(t, c.code, a.stdout, c.out...)
	}
	a := u.run("run -shrink 0 -seeds 1 -json -race -tags x,y -timeout 30s -stdin in.txt ./ends ticks")
	a.want(t, exitFailure, a.stdout, `"command":"samerun run -seeds 1 -race -tags x,y -timeout 30s -stdin in.txt ./ends ticks"`)
	a = u.run("run -seeds 1-3 ./ends writes")
	a.want(t, exitOK, a.stderr, "./ends: files in the working folder were written (written), where each run finds those of the runs before")
	a = u.run("run -seeds 1-2 -v ./ends")
	a.want(t, exitOK, a.stdout, "=== seed ", "\nnow it is 2000-01-01 00:00:00\n=== seed ", "\nnow it is ", "ok    ./ends  2 seeds\n")
	a = u.run("run -seeds 0-3 -strategy pct:2 -turn 1ms -date 2026-11-29 -go late ./ends -number 2 exit")
	a.want(t, exitFailure, a.stdout, "the program calls os.Exit(2)", "calm run → 0", "saved: ends/testdata/replay/ends-")
}

// A bug in a program is found, made small, saved under the program's name, and run first
// from then on, until it is mended; whoever tests the package does not meet it.
func TestRunFindsABug(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := programsCopy(t)
	a := u.keeping("run -seeds 1-100 ./desk -callers 2 x")
	a.want(t, exitFailure, a.stdout, "FAIL  ./desk\n    the program calls os.Exit(1), at ", "; its last words: 2 callers have 1 numbers\n", " deviations from the calm run → ",
		"    2 callers have 1 numbers\n", "\n    turn ", "saved: desk/testdata/replay/desk-", "again: samerun replay desk/testdata/replay/desk-")
	file := regexp.MustCompile(`saved: (\S+)`).FindStringSubmatch(a.stdout)[1]
	text, err := os.ReadFile(filepath.Join(u.dir, file))
	for _, want := range []string{`"test": "desk"`, `"package": "./desk"`, `"folder": "."`, `"args": ["-callers", "2", "x"]`} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%v: %s is not in\n%s", err, want, text)
		}
	}
	a = u.keeping("replay " + file)
	a.want(t, exitSame, a.stdout, "    ./desk\n    the same run to the bit\n", "2 callers have 1 numbers")
	a = u.keeping("run -seeds 1-3 ./desk -careful")
	a.want(t, exitFailure, a.stdout, "FAIL  ./desk\n    replay of ./desk/testdata/replay/desk-"[:20], "the same run to the bit")
	a = u.keeping("test -seeds 1-2 ./desk")
	a.want(t, exitOK, a.stdout, "ok    ./desk  all tests  2 seeds\n")

	// Mended, in a comment and in the code.
	source := filepath.Join(u.dir, "desk", "main.go")
	code, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	mended := "// Comment.\n\n" + strings.Replace(string(code), "\tif !*careful {\n", "\tif false && !*careful {\n", 1)
	if err := os.WriteFile(source, []byte(mended), 0o666); err != nil {
		t.Fatal(err)
	}
	a = u.keeping("replay " + file)
	a.want(t, exitUnmet, a.stdout, "not met any more")
}

// Two sweeps give the same results, whatever the processes get of the machine.
func TestRunIsExact(t *testing.T) {
	t.Parallel()
	takesLong(t)
	u := programsCopy(t)
	times := regexp.MustCompile(`"wall_ns":\d+,?|"seconds":[\d.e-]+,|minimised in [\d.]+s`)
	var first string
	for i, env := range [][]string{{"GOMAXPROCS=1"}, {"GOMAXPROCS=8", "GOGC=10"}} {
		a := u.run("run -json -keep-going -seeds 1-60 ./desk -callers 4", env...)
		a.want(t, exitFailure, a.stdout, `{"schema":1,"package":"programs/desk","test":"desk","seed":1,`, `"ok":false`)
		got := times.ReplaceAllString(a.stdout, "")
		if i > 0 && got != first {
			t.Errorf("another output with %v:\n%s\nfirst:\n%s", env, got, first)
		}
		first = got
	}
}

// Faults befall the sockets of a program, and what needs them is made small with them.
func TestRunFaultsEverywhere(t *testing.T) {
	t.Parallel()
	takesLong(t)
	u := programsCopy(t)
	a := u.keeping("run -seeds 1-20 ./talks")
	a.want(t, exitOK, a.stdout, "ok    ./talks  20 seeds\n")
	a = u.keeping("run -faults chaos -seeds 1-20 ./talks")
	a.want(t, exitFailure, a.stdout, "FAIL  ./talks\n    the program calls os.Exit(1), at ", "; its last words: no answer to a line: ", " faults → 1,", "    faults:\n", "saved: talks/testdata/replay/talks-")
	file := regexp.MustCompile(`saved: (\S+)`).FindStringSubmatch(a.stdout)[1]
	text, err := os.ReadFile(filepath.Join(u.dir, file))
	if err != nil || !strings.Contains(string(text), `"schedule": `) || strings.Contains(string(text), `"idle"`) {
		t.Errorf("%v\n%s", err, text)
	}
	a = u.keeping("replay " + file)
	a.want(t, exitSame, a.stdout, "    ./talks\n    the same run to the bit\n")
	a = u.run("run -json -keep-going -shrink 0 -faults chaos -seeds 3 ./talks")
	a.want(t, exitFailure, a.stdout, `"command":"samerun run -seeds 3 -faults chaos -horizon `)
	a = u.run("run -strict -faults chaos -seeds 1-2 ./ends")
	a.want(t, exitFailure, a.stdout, "vacuous  ./ends")
	for flags, want := range map[string]string{
		"-horizon 5s":              "samerun run: -horizon is the time in which faults begin, and without -faults there are none",
		"-faults nothing.json":     "samerun run: -faults nothing.json: ",
		"-faults chaos -net real":  "samerun run: -faults is for the network of a test, and with -net real its sockets are the machine's",
		"-faults chaos -horizon 0": "samerun run: -horizon 0s: the time must be positive, such as 5s",
	} {
		a = u.keeping("run " + flags + " ./talks")
		a.want(t, exitMisuse, a.stderr, want)
	}
}

// The examples that are programs pass at a hundred seeds, exactly.
func TestRunIsExactOfTheExamples(t *testing.T) {
	t.Parallel()
	takesLong(t)
	times := regexp.MustCompile(`"wall_ns":\d+,?`)
	for _, program := range []string{"httprpc", "jsonrpc", "labrpc"} {
		var first string
		for _, env := range [][]string{{"GOMAXPROCS=1"}, {"GOMAXPROCS=8", "GOGC=10"}} {
			a := runToolIn(t, filepath.Join("..", ".."), "run -json -seeds 1-100 ./examples/"+program, env...)
			a.want(t, exitOK, a.stdout, `{"schema":1,"package":"samerun/examples/`+program+`","test":"`+program+`","seed":1,"ok":true,`)
			got := times.ReplaceAllString(a.stdout, "")
			if strings.Count(got, "\n") != 100 || first != "" && got != first {
				t.Errorf("%s: another output with %v:\n%s\nfirst:\n%s", program, env, got, first)
			}
			first = got
		}
	}
	a := runToolIn(t, filepath.Join("..", ".."), "run -seeds 7 ./examples/httprpc")
	a.want(t, exitOK, a.stdout, "7 × 8 = 56\nok    ./examples/httprpc  1 seed\n")
	a = runToolIn(t, filepath.Join("..", ".."), "run -seeds 7 ./examples/jsonrpc")
	a.want(t, exitOK, a.stdout, "17 × 8 = 136\nok    ./examples/jsonrpc  1 seed\n")
}

// What cannot be run is told in one sentence.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	u := programsCopy(t)
	if err := os.Mkdir(filepath.Join(u.dir, "empty"), 0o777); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"":                         "samerun run: no package was named; give the folder of a main package, such as ./cmd/prog\n",
		"./nothing":                "samerun run: there is no package ./nothing: stat ",
		"./empty":                  "samerun run: there is no package ./empty: no Go files in ",
		"example.com/nothing":      "samerun run: there is no package example.com/nothing: ",
		"./lib":                    "samerun run: ./lib is the package lib, not a main package, so that there is nothing to run (samerun test runs its tests)\n",
		"./...":                    "samerun run: ./... means 5 packages, and one program is run at a time; name a main package: ./broken, ./desk, ./ends, ./talks\n",
		"./desk/main.go":           "samerun run: \"./desk/main.go\" is a file; name its package instead, such as ",
		"./broken":                 "samerun run: ./broken does not build:\nbroken/main.go:4:15: undefined: missing\n",
		"-seeds 5-1 ./desk":        "samerun run: seeds \"5-1\": the range ends before it begins; ",
		"-seeds x ./desk":          "samerun run: seeds ",
		"-faults-of-mine ./desk":   "samerun run: there is no flag -faults-of-mine; \"samerun help run\" lists the flags\n",
		"-strategy best ./desk":    "samerun run: -strategy: ",
		"-j 0 ./desk":              "samerun run: -j 0: the number of processes must be at least 1\n",
		"-stdin nothing ./desk":    "samerun run: -stdin nothing: there is no such file to read\n",
		"-stdin desk ./desk":       "samerun run: -stdin desk: this is not a regular file, which alone is the same for each seed\n",
		"-record x ./desk":         "samerun run: a record is of one run: -record and -picks want one seed, not 100 seeds\n",
		"-timeout -1s ./desk":      "samerun run: -timeout -1s: the time must not be negative; 0 means no limit\n",
		"-shrink -1s ./desk":       "samerun run: -shrink -1s: the time must not be negative; 0 means not to minimise\n",
		"-net world ./desk":        "samerun run: -net world: say test, ",
		"-strategy exhaustive ./x": "samerun run: -strategy exhaustive is not for tests of ordinary Go: ",
	} {
		a := u.keeping("run " + line)
		if a.want(t, exitMisuse, a.stderr, want); a.stdout != "" {
			t.Errorf("run %s prints %q", line, a.stdout)
		}
	}
	a := u.keeping("run ./desk", "SAMERUN_TURN_NS=5")
	a.want(t, exitMisuse, a.stderr, "and samerun run does not read it: unset it; say -turn\n")
}
