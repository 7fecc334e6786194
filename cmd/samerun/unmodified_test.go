package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"samerun/internal/gocmd"
)

// runToolIn runs the tool in the folder of a module of unmodified tests. Words of
// line in single quotes may have a caret and the like.
func runToolIn(t *testing.T, folder, line string, env ...string) answer {
	t.Helper()
	words := strings.Fields(line)
	for i, word := range words {
		words[i] = strings.Trim(word, "'")
	}
	return runWordsIn(t, folder, words, env...)
}

// runWordsIn is runToolIn for words with blanks in them.
func runWordsIn(t *testing.T, folder string, words []string, env ...string) answer {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	dir, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	a := &app{&out, &errOut, gocmd.Caller{Dir: dir, Environ: append(append(gocmd.ChildEnviron(os.Environ()), quickLink), env...), Self: "samerun"}}
	code := a.main(t.Context(), words)
	return answer{code, out.String(), errOut.String()}
}

// unmodifiedTool is a copy of the module of this package's own unmodified tests, for one
// test: a sweep saves failures beside the tests, and nothing may change in the tree.
type unmodifiedTool struct {
	*testing.T
	dir string
}

func unmodifiedCopy(t *testing.T) *unmodifiedTool {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "unmodified"))); err != nil {
		t.Fatal(err)
	}
	return &unmodifiedTool{t, dir}
}

// run runs the tool in that copy. What it has saved there is forgotten before seeds are run,
// as far as they are not those of saved failures.
func (u *unmodifiedTool) run(line string, env ...string) answer {
	u.Helper()
	if strings.HasPrefix(line, "test ") || strings.HasPrefix(line, "run ") {
		for _, dir := range u.saved("") {
			if err := os.RemoveAll(dir); err != nil {
				u.Fatal(err)
			}
		}
	}
	return u.keeping(line, env...)
}

// keeping is run without forgetting.
func (u *unmodifiedTool) keeping(line string, env ...string) answer {
	u.Helper()
	return runToolIn(u.T, u.dir, line, env...)
}

// words is keeping for words with blanks in them.
func (u *unmodifiedTool) words(words []string) answer {
	u.Helper()
	return runWordsIn(u.T, u.dir, words)
}

// saved lists what is in the folders of saved failures, by a pattern.
func (u *unmodifiedTool) saved(pattern string) []string {
	u.Helper()
	names, err := filepath.Glob(filepath.Join(u.dir, "*", "testdata", "replay", pattern))
	if err != nil {
		u.Fatal(err)
	}
	return names
}

// runUnmodifiedTool runs the tool once, in a copy of its own.
func runUnmodifiedTool(t *testing.T, line string, env ...string) answer {
	t.Helper()
	return unmodifiedCopy(t).run(line, env...)
}

func TestUnmodifiedPasses(t *testing.T) {
	t.Parallel()
	a := runUnmodifiedTool(t, "test -seeds 1-6 ./calm")
	a.want(t, exitOK, a.stdout, "ok    ./calm  all tests  6 seeds\n", "no failure")
	a.want(t, exitOK, a.stderr, "./calm: goroutines that wait for ever are left by 1 test, up to 1, mostly at calm_test.go:12: calm.TestMinutes.func1 waits in a select without cases; first at seed 1, TestMinutes: ", " test -seeds 1 -leaks fail -run '^TestMinutes$' ./calm\n")
	a = runUnmodifiedTool(t, "test -seeds 3-5 -count 2 -skip TestMinutes -failfast -v ./calm -args -test.short a b")
	a.want(t, exitOK, a.stdout, "--- PASS: TestShort (0.00s)\n=== RUN   TestShort", "3 seeds")
	if strings.Contains(a.stdout, "TestMinutes") {
		t.Errorf("-skip did not skip:\n%s", a.stdout)
	}
	a = runUnmodifiedTool(t, "test -seeds 3 -v -short -run TestMinutes|TestShort ./calm")
	a.want(t, exitOK, a.stdout, "=== RUN   TestMinutes", "it took ", "--- PASS: TestMinutes (", "--- PASS: TestShort (0.00s)", "-run TestMinutes|TestShort  1 seed")
}

// failingSeed returns the first seed on which the tests of a package fail, with each of some
// flags. What a seed means may change; that one of these fails must not.
func failingSeed(t *testing.T, pkg string, flags ...string) (seed int) {
	t.Helper()
	failing := make(map[string]int) // with how many of the flags
	for _, f := range append(flags, "")[:max(1, len(flags))] {
		a := runUnmodifiedTool(t, "test -json -keep-going -shrink 0 -seeds 1-60 "+f+" "+pkg)
		for _, m := range regexp.MustCompile(`"seed":(\d+),"ok":false`).FindAllStringSubmatch(a.stdout, -1) {
			failing[m[1]]++
		}
	}
	for seed = 1; failing[strconv.Itoa(seed)] < max(1, len(flags)); seed++ {
		if seed == 60 {
			t.Fatalf("no seed fails with each of %q", flags)
		}
	}
	return seed
}

// Two sweeps give the same lines, but for the real time in them.
func TestUnmodifiedRepeats(t *testing.T) {
	takesLong(t)
	t.Parallel()
	first := failingSeed(t, "./bank")
	sweep := func(flags string, env ...string) string {
		a := runUnmodifiedTool(t, fmt.Sprintf("test -json -keep-going -shrink 0 -seeds %d-%d %s ./bank ./calm", first, first+11, flags), env...)
		if a.code != exitFailure || strings.Count(a.stdout, "\n") != 24 {
			t.Fatalf("exit status %d\n%s%s", a.code, a.stdout, a.stderr)
		}
		return regexp.MustCompile(`"wall_ns":\d+|\(\d+\.\d+s\)`).ReplaceAllString(a.stdout, "")
	}
	base := sweep("-j 2", "GOMAXPROCS=1", "GOGC=10")
	if again := sweep("-j 3", "GOMAXPROCS=8", "GOGC=400"); again != base {
		t.Errorf("one sweep:\n%s\nanother:\n%s", base, again)
	}
	digests := make(map[string]bool)
	for _, m := range regexp.MustCompile(`"digest":"(\w+)"`).FindAllStringSubmatch(base, -1) {
		digests[m[1]] = true
	}
	if len(digests) != 24 {
		t.Errorf("%d digests of 24 runs: seeds share a run", len(digests))
	}
}

// The command that is printed shows the same failure.
func TestUnmodifiedFailureRepeats(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	for _, flags := range firstOrAll(1, []string{"", "-strategy pct:2 -turn 1ms"}) {
		a := u.run("test -shrink 0 -seeds 1-60 " + flags + " ./bank")
		a.want(t, exitFailure, a.stdout, "FAIL  ./bank  TestMoves\n    failed, at ", "of its virtual time", "the bank has ", "saved: bank/testdata/replay/TestMoves-", "again: samerun replay bank/testdata/replay/TestMoves-")
		story := func(a answer) string {
			return regexp.MustCompile(`the bank has \d+`).FindString(a.stdout)
		}
		for range 2 {
			again := u.run(commandIn(t, a))
			again.want(t, exitSame, again.stdout, "FAIL  bank/testdata/replay/TestMoves-", "the same run to the bit", story(a))
		}
		// Without the file, its seed does.
		line := u.run("test -json -shrink 0 -seeds 1-60 " + flags + " ./bank")
		m := regexp.MustCompile(`"command":"samerun (test .*-run '\^TestMoves\$' \./bank)"`).FindStringSubmatch(line.stdout)
		if m == nil || flags != "" && !regexp.MustCompile(`-strategy pct:2:\d+ -turn 1ms `).MatchString(m[1]) {
			t.Fatalf("no command, or not the whole:\n%s", line.stdout)
		}
		if again := u.run(m[1] + " -shrink 0"); again.code != exitFailure || story(again) != story(a) {
			t.Errorf("the command %s gives\n%s\nwant\n%s", m[1], again.stdout, a.stdout)
		}
	}
}

// commandIn is the command that a report gives for its failure, without the tool's name.
func commandIn(t *testing.T, a answer) string {
	t.Helper()
	m := regexp.MustCompile(`again: samerun (replay \S+)\n`).FindStringSubmatch(a.stdout)
	if m == nil {
		t.Fatalf("no command:\n%s", a.stdout)
	}
	return m[1]
}

// A test of a server over HTTP that is right in nearly every real run.
func TestUnmodifiedNetwork(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	a := u.run("test -seeds 1-400 -shrink 1h ./web")
	a.want(t, exitFailure, a.stdout, "FAIL  ./web  TestWord\n", " deviations from the calm run → 1\n", `the word is ""`,
		": what is sent over a socket arrives ", "ms late, in ", "saved: web/testdata/replay/TestWord-")
	b := u.run(commandIn(t, a))
	b.want(t, exitSame, b.stdout, "the same run to the bit", `the word is ""`, "arrives late, after ")
	if strings.Contains(a.stderr+b.stderr, "real input or output") {
		t.Errorf("real input or output:\n%s%s", a.stderr, b.stderr)
	}
	// Who needs a server of the machine's is told how to reach it.
	a = u.run("test -seeds 1 -shrink 0 ./db")
	a.want(t, exitFailure, a.stdout, "connect: connection refused")
	a.want(t, exitFailure, a.stderr, "./db  TestDatabase dialled 127.0.0.1:1, where nobody in the test listens: -net real lets tests reach the machine's own servers")
	// The machine's own network is asked for in the command that repeats a failure, too.
	a = u.run("test -seeds 1 -net real -date 2026-11-29 -shrink 0 ./calm -args -test.run=TestShort")
	a.want(t, exitOK, a.stdout, "no failure")
	seed := failingSeed(t, "./bank")
	a = u.run(fmt.Sprintf("test -seeds %d -net real -date 2026-11-29 -shrink 0 ./bank", seed))
	a.want(t, exitFailure, a.stdout, "again: samerun replay bank/testdata/replay/TestMoves-")
	saved := u.saved("TestMoves-*.json")
	if len(saved) != 1 {
		t.Fatal(saved)
	}
	if data, err := os.ReadFile(saved[0]); err != nil || !strings.Contains(string(data), `"settings": {"turn": "200µs", "net": "real", "date": "2026-11-29"}`) {
		t.Errorf("%v: the settings are not in\n%s", err, data)
	}
}

// A failure is brought near the calm run, and what is left says where the bug is.
func TestUnmodifiedIsMinimised(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	a := u.run("test -seeds 1-60 -shrink 1h ./desk")
	a.want(t, exitFailure, a.stdout, "FAIL  ./desk  TestNumbers\n", "minimised in ", " deviations from the calm run → 1\n", "which another one has",
		": others go first when a goroutine comes to ", "unmodified/desk.(*Desk).Next:", "saved: desk/testdata/replay/TestNumbers-", "again: samerun replay ")
	a.want(t, exitFailure, a.stdout, "\n    nearest run that passes: without this deviation\n      with it:     ", "\n      without it:  ")
	a.want(t, exitFailure, a.stdout, ", with a lane for each goroutine:\n", " (*Desk).Next:")
	story := regexp.MustCompile(`desk_test.go.*`)
	again := u.run(commandIn(t, a))
	again.want(t, exitSame, again.stdout, "the same run to the bit", "the ", "point in (*Desk).Next, at ", ": others go first", ", with a lane for each goroutine:\n")
	if one, two := story.FindAllString(a.stdout, -1), story.FindAllString(again.stdout, -1); !slices.Equal(one, two) {
		t.Errorf("the replay gives %q, want %q", two, one)
	}
	// It is as small as it can be.
	again = u.run(strings.Replace(commandIn(t, a), "replay", "shrink", 1))
	again.want(t, exitOK, again.stdout, "minimised in ", "1 deviation from the calm run → 1", "it was as small as it can be; the file stays as it is")
	// It is run first, before any seed, as long as it is there.
	again = u.keeping("test -seeds 1-60 -shrink 1h ./desk")
	again.want(t, exitFailure, again.stdout, "FAIL  ./desk  TestNumbers\n    replay of desk/testdata/replay/TestNumbers-", ": the same run to the bit", "which another one has", "again: samerun replay desk/testdata/replay/TestNumbers-")
	// Without its only deviation it is the calm run, which is good.
	files := u.saved("TestNumbers-*.json")
	if len(files) != 1 {
		t.Fatal(files)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	calm := regexp.MustCompile(`(?s)  "deviations": \[.*?\n  \],\n`).ReplaceAllString(string(data), "")
	if err := os.WriteFile(files[0], []byte(calm), 0o666); err != nil {
		t.Fatal(err)
	}
	if b := u.run(commandIn(t, a)); b.code != exitOK || calm == string(data) {
		t.Errorf("the calm run fails:\n%s", b.stdout)
	}
}

// What fails in the calm run says so.
func TestUnmodifiedIsMinimisedToTheCalmRun(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	seed := failingSeed(t, "./bank", "-strategy random", "-strategy fifo")
	a := u.run(fmt.Sprintf("test -seeds %d ./bank", seed))
	command := fmt.Sprintf("test -seeds %d -strategy fifo -run '^TestMoves$' ./bank", seed)
	a.want(t, exitFailure, a.stdout, " deviations from the calm run → 0\n", "it fails in the calm run too", "saved: bank/testdata/replay/TestMoves-", "again: samerun replay bank/")
	again := u.run(commandIn(t, a))
	again.want(t, exitSame, again.stdout, "the same run to the bit")
	again = u.run(command)
	again.want(t, exitFailure, again.stdout, "the bank has ")
}

// Whatever ends a process, the report says which test, which run, and when.
func TestUnmodifiedEnds(t *testing.T) {
	takesLong(t)
	for _, c := range []struct{ flags, test, want string }{
		{"", "TestPanic", "panic: out of luck, at 1.00002s of virtual time"},
		{"", "TestLog", "a test calls os.Exit(1), at 1.00002s of virtual time"},
		{"", "TestLocks", "deadlock in TestLocks: every goroutine of the test waits, and no timer is set, at 1.00002s of virtual time"},
		{"-watchdog 1s", "TestSpins", "has not given up its turn for 1s of real time: it computes, spins without a wait, or is in a system call, at 0s of virtual time"},
		{"-timeout 1s", "TestSlow", "TestSlow has not ended after 1s of its virtual time, the limit of -timeout, at 1s of virtual time"},
		{"-watchdog 0 -timeout 1s", "TestSpins", "still running after 1s, the limit of -timeout, so the tool ended it, at "},
	} {
		a := runUnmodifiedTool(t, "test -shrink 0 -seeds 4 "+c.flags+" -run ^"+c.test+"$ ./bad")
		again := "again: samerun replay bad/testdata/replay/" + c.test + "-"
		if strings.Contains(c.want, "so the tool ended it") {
			// Nothing could be held to a file: where it was cut off is chance.
			again = "again: samerun test -seeds 4 "
		}
		a.want(t, exitFailure, a.stdout, "FAIL  ./bad  "+c.test+"\n", c.want, "seed 4", again)
	}
}

// Two sweeps tell the same, byte by byte, in text and in JSON, however many processors there
// are and whenever the collector runs. What a lock or a time-out waits for is told of the
// run that is minimised, and when it is replayed.
func TestUnmodifiedStoriesAreEqual(t *testing.T) {
	takesLong(t)
	folder := regexp.MustCompile(`[^\s"\\]*/\d{3}/bad/`) // each sweep has a copy of its own
	wall := regexp.MustCompile(`(minimised|ran|prepared) in [0-9.]+m?s|"(wall_ns|cpu_ns|seconds|minimise_ns|tries)":[0-9.e-]+`)
	for test, wants := range map[string][]string{
		"TestPanic":   {"goroutine 1 [running]:\n", "bad.TestPanic.func1()\n"},
		"TestLog":     {"a test calls os.Exit(1)"},
		"TestLocks":   {"these wait for each other:", "TestLocks holds lock b, taken at bad_test.go:", "and waits for lock a at bad_test.go:"},
		"TestGivesUp": {"timed out waiting\n", "at that moment others waited:\n", "goroutine 1 holds lock mu, taken at bad_test.go:", "waits to send to channel c at bad_test.go:"},
	} {
		for _, form := range []string{"", "-json "}[:1+strings.Count(test, "Panic")] {
			var told []string
			for _, env := range [][]string{{"GOMAXPROCS=1"}, {"GOMAXPROCS=8", "GOGC=10"}} {
				a := runUnmodifiedTool(t, "test -seeds 4 -shrink 5s "+form+"-run ^"+test+"$ ./bad", env...)
				told = append(told, folder.ReplaceAllString(wall.ReplaceAllString(a.stdout, ""), "bad/"))
			}
			if told[0] != told[1] {
				t.Errorf("%s: one sweep says\n%s\nthe other\n%s", test, told[0], told[1])
			}
			for _, want := range wants {
				if form != "" {
					want = strings.ReplaceAll(want, "\n", `\n`)
				}
				if !strings.Contains(told[0], want) {
					t.Errorf("%s: %q is missing in\n%s", test, want, told[0])
				}
			}
		}
	}
	u := unmodifiedCopy(t)
	a := u.keeping("test -seeds 4 -run ^TestLocks$ ./bad")
	again := u.run(commandIn(t, a))
	again.want(t, exitSame, again.stdout, "TestLocks holds lock b, taken at bad_test.go:")
}

func TestUnmodifiedMisuse(t *testing.T) {
	for line, want := range map[string]string{
		"test -overlay perhaps ./calm": "-overlay perhaps: say auto, on or off",
		"test -count 0 ./calm":         "-count 0: the number must be at least 1",
		"test -skip ( ./calm":          `-skip "(" is not a regular expression`,
		"test ./calm ../nowhere":       "nowhere",
		"test -net none ./calm":        "-net none: say test, for a network of each test's own, or real, for the machine's",
		"test -date 2025-02-29 ./calm": "-date 2025-02-29: say a day from 1970 to 2199, such as 2026-11-29",
		"test -turn -1s ./calm":        "-turn -1s: the time must not be negative; 0 means that a turn takes none",
		"test -watchdog -1s ./calm":    "-watchdog -1s: the time must not be negative; 0 means no limit",
		"goflags ./calm":               `"./calm" is one word too many`,
	} {
		a := runUnmodifiedTool(t, line)
		a.want(t, exitMisuse, a.stderr, want)
	}
	a := runUnmodifiedTool(t, "test -seeds 1 -picks nowhere ./calm")
	a.want(t, exitMisuse, a.stderr, "-picks nowhere: it cannot be read: ", "; give a file that -record or a failing sweep has written")
	a = runUnmodifiedTool(t, "test -seeds 1 -picks go.mod ./calm")
	a.want(t, exitMisuse, a.stderr, `-picks go.mod: "module unmodified" is no line of a record`)
	mine := filepath.Join(t.TempDir(), "mine.json")
	if err := os.WriteFile(mine, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	a = runUnmodifiedTool(t, "test ./calm", "GOFLAGS=-overlay="+mine)
	a.want(t, exitMisuse, a.stderr, "takes only one; unset it")
}

// A record under one strategy, replayed under another, gives the same failure.
func TestUnmodifiedRecord(t *testing.T) {
	takesLong(t)
	file := filepath.Join(t.TempDir(), "record")
	story := regexp.MustCompile(`failed, at \S+|the bank has \d+`)
	seed := failingSeed(t, "./bank")
	a := runUnmodifiedTool(t, fmt.Sprintf("test -seeds %d -run ^TestMoves$ -record %s ./bank", seed, file))
	a.want(t, exitFailure, a.stdout, "the bank has ")
	again := runUnmodifiedTool(t, fmt.Sprintf("test -seeds %d -strategy pct:9 -run ^TestMoves$ -picks %s ./bank", seed, file))
	again.want(t, exitFailure, again.stdout, "-picks ", "record -run '^TestMoves$' ./bank\n")
	if one, two := story.FindAllString(a.stdout, -1), story.FindAllString(again.stdout, -1); !slices.Equal(one, two) {
		t.Errorf("the replay gives %q, want %q", two, one)
	}
	a = runUnmodifiedTool(t, "test -seeds 1-2 -record "+file+" ./bank")
	a.want(t, exitMisuse, a.stderr, "a record is of one run: -record and -picks want one seed and one package, not 2 seeds of 1 package")
}

// A toolchain that the go command has downloaded is as good as the installed one.
func TestUnmodifiedWithADownloadedToolchain(t *testing.T) {
	takesLong(t)
	const version = "GOTOOLCHAIN=go1.27.0"
	a := runUnmodifiedTool(t, "test -seeds 1-3 ./calm", version)
	a.want(t, exitOK, a.stdout, "ok    ./calm  all tests  3 seeds\n")
	a = runUnmodifiedTool(t, "goflags", version)
	a.want(t, exitMisuse, a.stderr, "there is one now: set GOROOT=", "GOTOOLCHAIN=local and PATH=")
}

func TestGoflags(t *testing.T) {
	takesLong(t)
	a := runUnmodifiedTool(t, "goflags", "GOFLAGS=-buildvcs=false")
	a.want(t, exitOK, a.stdout, "-buildvcs=false -overlay=")
	output := func(seed string) string {
		cmd := exec.Command("go", "test", "-v", "-run", "TestMinutes", "./calm")
		cmd.Dir = filepath.Join("testdata", "unmodified")
		cmd.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(a.stdout), "SAMERUN_SEED="+seed)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return regexp.MustCompile(`it took \S+`).FindString(string(out))
	}
	// A simulation test that is built like this reads its seeds itself.
	cmd := exec.Command("go", "test", "-run", "TestEveryAdditionCountsOnce", "./examples/counter")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(a.stdout), "SAMERUN_SEEDS=1-3")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// The go command keeps results of tests: another seed must not get them.
	one, two, again := output("1"), output("2"), output("1")
	if one == "" || one == two || one != again {
		t.Errorf("seed 1: %q, seed 2: %q, seed 1 again: %q", one, two, again)
	}
}

// A report has what the failing test printed, with log and slog too, and with -v the same:
// then all that was printed stands above, once.
func TestUnmodifiedTalks(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	a := u.run("test -seeds 4 -shrink 0 -run TestBefore|TestLogs ./talks")
	story := []string{"FAIL  ./talks  TestLogs\n", "\n    … 12 earlier lines of the test\n    2000/01/01 00:00:12 step 13\n", "00:00:29 step 30\n", "INFO it breaks at=31\n",
		"    no end of line\n    --- FAIL: TestLogs (30.00s)\n        talks_test.go:25: the cause\n\n", "again: samerun replay talks/testdata/replay/TestLogs-"}
	a.want(t, exitFailure, a.stdout, story...)
	if strings.Contains(a.stdout, "earlier test") || strings.Contains(a.stdout, "\x1e") {
		t.Errorf("lines of another test, or for the tool:\n%s", a.stdout)
	}
	a = u.run("test -v -seeds 4 -shrink 0 -run TestBefore|TestLogs ./talks")
	a.want(t, exitFailure, a.stdout, append([]string{"=== RUN   TestBefore\n", "a line of an earlier test\n", "=== RUN   TestLogs\n", "step 1\n", "FAIL\n"}, story...)...)
	if n := strings.Count(a.stdout, "=== RUN   TestLogs\n"); n != 1 || strings.Contains(a.stdout, "\x1e") {
		t.Errorf("what the test prints is told %d times:\n%s", n, a.stdout)
	}
}

// What fails in a package is narrowed to the failing test, if that fails alike by itself.
func TestUnmodifiedIsNarrowed(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	a := u.run("test -seeds 4 -run TestSets|TestAlone ./talks")
	a.want(t, exitFailure, a.stdout, "FAIL  ./talks  TestAlone\n    failed, at 1ms of its virtual time\n    seed 4 of 4\n    by itself the test takes another course on this seed, and fails in the same way; this is of that run\n",
		"talks_test.go:36: always")
	b := u.run(commandIn(t, a))
	b.want(t, exitSame, b.stdout, "the same run to the bit", "talks_test.go:36: always")
	a = u.run("test -seeds 4 -run TestSets|TestCompany ./talks")
	a.want(t, exitFailure, a.stdout, "FAIL  ./talks  TestCompany\n", "    by itself the test does not fail in this way on this seed: it needs the tests before it\n",
		"somebody was here before")
	b = u.run(commandIn(t, a))
	b.want(t, exitSame, b.stdout, "the same run to the bit", "somebody was here before")
	a = u.run("test -seeds 4-5 -run TestStarts ./talks")
	a.want(t, exitOK, a.stderr, "./talks  TestStarts started other processes in 2 of 2 runs: what those do, and when, is real, and may differ from run to run\n")
}

// Tests that skip themselves are told as that, and those that ran are counted one by one.
func TestUnmodifiedSkips(t *testing.T) {
	takesLong(t)
	t.Parallel()
	a := runUnmodifiedTool(t, "test -seeds 1-3 -run Never ./skips ./calm")
	a.want(t, exitOK, a.stdout, "skip  ./skips  -run Never  3 seeds, nothing ran, skipped: TestNeverOne, TestNeverTwo\n", "ok: 0 tests, 1 package with skipped tests only, 3 seeds, no failure")
}

func TestUnmodifiedSkipsInOtherSweeps(t *testing.T) {
	takesLong(t)
	t.Parallel()
	a := runUnmodifiedTool(t, "test -strict -seeds 1-3 -run Never ./skips")
	a.want(t, exitFailure, a.stdout, "skip  ./skips  ", "FAIL: 0 tests, 1 package with skipped tests only, 3 seeds")
	a = runUnmodifiedTool(t, "test -strict -seeds 1-40 ./skips")
	a.want(t, exitOK, a.stdout, "ok    ./skips  all tests  40 seeds, skipped: TestNeverOne, TestNeverTwo\n", "ok: 2 tests, 40 seeds, no failure")
	a = runUnmodifiedTool(t, "test -json -seeds 1 -run Never ./skips")
	a.want(t, exitOK, a.stdout, `"skipped":["TestNeverOne","TestNeverTwo"]`)
}
