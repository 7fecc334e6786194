package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"samerun/internal/sweep"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// write writes a schedule file into the copy.
func (u *unmodifiedTool) schedule(name string, s fault.Schedule) {
	u.Helper()
	data, err := json.Marshal(s)
	if err == nil {
		err = os.WriteFile(filepath.Join(u.dir, name), data, 0o666)
	}
	if err != nil {
		u.Fatal(err)
	}
}

// Taking one fault of forty out leaves all others, and what became of them, as they were.
func TestWithoutOneFaultOfForty(t *testing.T) {
	t.Parallel()
	takesLong(t)
	u := unmodifiedCopy(t)
	var s fault.Schedule
	for i := range 40 {
		f := fault.Fault{Kind: fault.Loss, From: []string{"*"}, To: []string{fmt.Sprint("listener ", i+1)}, PPM: 300_000}
		switch i % 4 {
		case 1:
			f.Kind = fault.Duplicate
		case 2:
			f.Kind, f.Min, f.Max = fault.Reorder, time.Millisecond, 9*time.Millisecond
		case 3:
			f.At, f.For = 5*time.Millisecond, 20*time.Millisecond
		}
		s.Faults = append(s.Faults, f)
	}
	// what runs with a schedule: by the fault, how often it took effect and on what first, and
	// by the socket, what arrived.
	run := func(s fault.Schedule) (met, got map[string]string) {
		u.schedule("faults.json", s)
		a := u.run("test -seeds 3 -faults faults.json -strategy fifo -json ./packets")
		var l sweep.Line
		if err := json.Unmarshal([]byte(a.stdout), &l); err != nil || a.code != exitOK {
			t.Fatalf("%v %s %s", err, a.stdout, a.stderr)
		}
		met, got = map[string]string{}, map[string]string{}
		for _, f := range l.Faults {
			met[f.Fault] = fmt.Sprint(f.Hits, f.First)
		}
		a = u.run("test -seeds 3 -faults faults.json -strategy fifo -v ./packets")
		for _, m := range regexp.MustCompile(`(?m)^got (\d+)(.*)$`).FindAllStringSubmatch(a.stdout, -1) {
			got[m[1]] = m[2]
		}
		return met, got
	}
	met, got := run(s)
	if len(met) != 40 || len(got) != 40 {
		t.Fatalf("%d faults, %d sockets", len(met), len(got))
	}
	for f, words := range met {
		if strings.HasPrefix(words, "0") {
			t.Errorf("%s met nothing", f)
		}
	}
	for _, out := range []int{0, 18} {
		less, came := run(s.Without(out))
		for i, f := range s.Faults {
			if i != out && less[f.String()] != met[f.String()] {
				t.Errorf("without fault %d: %v did %q, and %q before", out, f, less[f.String()], met[f.String()])
			}
			if socket := fmt.Sprint(i + 1); (came[socket] == got[socket]) != (i != out) {
				t.Errorf("without fault %d: socket %s got%s, and%s before", out, socket, came[socket], got[socket])
			}
		}
	}
}

// A client that asks once is found out by a preset; its failure is made small, saved, and is
// the same when it is run again, with a comment more, too. With the fault that is left taken
// out of the file, it is gone.
func TestFaultsFindAMissingRetry(t *testing.T) {
	t.Parallel()
	u := unmodifiedCopy(t)
	a := u.run("test -seeds 0-200 -faults flaky -shrink 1h ./orders")
	a.want(t, exitFailure, a.stdout, "FAIL  ./orders  TestOrders\n", "the order ", "faults:\n", "saved: orders/testdata/replay/TestOrders-")
	files := u.saved("TestOrders-*.json")
	if len(files) != 1 {
		t.Fatalf("%q", files)
	}
	p, err := replay.Read(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if p.Schedule == nil || p.Schedule.Size() > 2 || len(p.Idle) > 0 {
		t.Errorf("%v is left, of which %v did nothing", p.Schedule, p.Idle)
	}
	again := "replay orders/testdata/replay/" + filepath.Base(files[0])
	a = u.keeping(again)
	a.want(t, exitSame, a.stdout, "the same run to the bit", "faults:\n")
	source := filepath.Join(u.dir, "orders", "orders.go")
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(old, new string) {
		if !strings.Contains(string(text), old) {
			t.Fatalf("no %q", old)
		}
		if err := os.WriteFile(source, []byte(strings.Replace(string(text), old, new, 1)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	edit("// Place places", "// A comment.\n\n// Place places")
	a = u.keeping(again)
	a.want(t, exitSame, a.stdout, "the same run to the bit")
	// The fix: it asks again.
	edit("	answer, err := http.Post(shop+\"/\"+order, \"\", nil)\n", "	answer, err := http.Post(shop+\"/\"+order, \"\", nil)\n	for i := 0; err != nil && i < 100; i++ {\n		answer, err = http.Post(shop+\"/\"+order, \"\", nil)\n	}\n")
	a = u.keeping(again)
	if a.code != exitOK {
		t.Errorf("the fix is not told as fixed: %d\n%s", a.code, a.stdout)
	}
}

// A program that tries a sync again which has failed is found out by -faults disk; what is left of
// the faults is that sync, by its number, and the failure is the same when it is run again. Faults
// that files have not are refused in a sentence, and what met nothing is told.
func TestFaultsOfFiles(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	syncs := fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.SyncFail, Nodes: []string{"*"}, PPM: 100_000},
		{Kind: fault.SlowDisk, Nodes: []string{"*"}, Min: time.Millisecond},
		{Kind: fault.NoSpace, Nodes: []string{"*"}, File: "nowhere"},
	}}
	u.schedule("faults.json", syncs)
	a := u.run("test -seeds 1-50 -faults faults.json -shrink 1h ./notes")
	a.want(t, exitFailure, a.stdout, "FAIL  ./notes  TestNotes\n", "was added, and is not there", "faults:\n", "syncfail  *  sync #", "saved: notes/testdata/replay/TestNotes-")
	files := u.saved("TestNotes-*.json")
	if len(files) != 1 {
		t.Fatalf("%q", files)
	}
	p, err := replay.Read(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if p.Schedule == nil || p.Schedule.Size() != 1 || p.Schedule.Faults[0].Nth == 0 || len(p.Idle) > 0 {
		t.Errorf("%v is left, of which %v did nothing", p.Schedule, p.Idle)
	}
	a = u.keeping("replay notes/testdata/replay/" + filepath.Base(files[0]))
	a.want(t, exitSame, a.stdout, "the same run to the bit", "faults:\n")

	u.schedule("faults.json", fault.Schedule{Faults: syncs.Faults[1:]})
	a = u.run("test -seeds 1-3 -faults faults.json ./notes")
	a.want(t, exitOK, a.stdout, "fault 2 of 2 (0.000s  nospace  *  file nowhere  0 bytes left) met nothing")
	a = u.run("test -seeds 1-100 -keep-going -shrink 0 -faults disk ./notes")
	a.want(t, exitFailure, a.stdout, "FAIL  ./notes  TestNotes\n")

	// What a test does to files past its disk is named.
	u.schedule("faults.json", fault.Schedule{Faults: syncs.Faults[1:2]})
	a = u.run("test -seeds 1-2 -faults faults.json ./past")
	a.want(t, exitOK, a.stdout, "vacuous  ./past  all tests\n", "    faults of disks do not see mmap for writing of TestPast", "/mapped in 2 seeds\n")

	u.schedule("faults.json", fault.Schedule{Faults: []fault.Fault{{Kind: fault.Unsynced, Nodes: []string{"*"}}}})
	a = u.run("test -seeds 1 -faults faults.json ./notes")
	a.want(t, exitMisuse, a.stderr, "faults[0] is unsynced, which is about a crash, and a test of ordinary Go is a process that does not crash")
}

// What -faults asks for and nothing meets is told, and is a failure with -strict.
func TestFaultsThatMeetNothing(t *testing.T) {
	t.Parallel()
	takesLong(t)
	u := unmodifiedCopy(t)
	u.schedule("faults.json", fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Latency, From: []string{"*"}, To: []string{"listener 1"}, Min: time.Millisecond},
		{Kind: fault.Cut, At: time.Hour, From: []string{"*"}, To: []string{"listener 1"}},
	}})
	a := u.run("test -seeds 1-3 -faults faults.json ./orders")
	a.want(t, exitOK, a.stdout, "vacuous  ./orders  all tests\n    fault 2 of 2 (3600.000s  cut  * → \"listener 1\") met nothing in 3 seeds\n")
	a = u.run("test -seeds 1-3 -strict -leaks tell -json -faults faults.json ./orders")
	a.want(t, exitFailure, a.stdout, `{"test":"TestNoNetwork","fault":"0.000s  latency  * → \"listener 1\"  1ms","hits":0}`, `"vacuous":["fault 2 of 2 (`)
	a = u.run("test -seeds 1-3 -faults chaos -run TestNoNetwork ./orders")
	a.want(t, exitOK, a.stdout, "    no fault of -faults chaos took effect in 3 seeds\n")
	a = u.run("test -seeds 1-3 -faults wan -run TestOrders ./orders")
	a.want(t, exitOK, a.stdout, "no failure")
	if strings.Contains(a.stdout, "vacuous") {
		t.Error(a.stdout)
	}
}

// Seed 0 is the calm run, with or without -faults; and what a schedule cannot be is told, with
// exit status 2.
func TestFaultsOfTheCommandLine(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	digest := func(flags string) string {
		a := u.run("test -seeds 0 -json " + flags + " ./orders")
		var l sweep.Line
		if err := json.Unmarshal([]byte(a.stdout), &l); err != nil {
			t.Fatal(err, a.stdout, a.stderr)
		}
		return l.Digest
	}
	if calm, with := digest(""), digest("-faults chaos"); calm != with {
		t.Errorf("seed 0 is %s, and with -faults %s", calm, with)
	}
	u.schedule("name.json", fault.Schedule{Faults: []fault.Fault{{Kind: fault.Cut, From: []string{"TestOther"}, To: []string{"*"}}}})
	u.schedule("kind.json", fault.Schedule{Faults: []fault.Fault{{Kind: fault.Crash, Nodes: []string{"*"}}}})
	for line, want := range map[string]string{
		"-faults flakey":    "-faults flakey: there is no such preset, and no file of that name; say lan, wan, flaky, chaos, swarm or disk",
		"-faults go.mod":    "-faults go.mod: it is no schedule: ",
		"-faults kind.json": "-faults kind.json: faults[0] is a crash, which befalls nodes",
		"-faults name.json": `-faults name.json: faults[0] is about a link of "TestOther" (0.000s  cut  TestOther → *), and no test has one: in the calm run the names are "`,
	} {
		a := u.run("test -seeds 1 " + line + " ./orders")
		a.want(t, exitMisuse, a.stderr, want)
	}
}

// Runs with faults are the same with the race detector, which has nothing to say of what a
// test leaves for the next one, either.
func TestFaultsEverywhereAndWithRace(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	digests := func(flags string) (list []string) {
		a := u.run("test -seeds 0-20 -shrink 0 -keep-going -json -faults chaos " + flags + " ./orders")
		for line := range strings.Lines(a.stdout) {
			var l sweep.Line
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err)
			}
			list = append(list, fmt.Sprint(l.OK, " ", l.Digest))
		}
		return list
	}
	plain, race := digests(""), digests("-race")
	if len(plain) < 21 || strings.Join(plain, "\n") != strings.Join(race, "\n") {
		t.Errorf("%q\nwith -race %q", plain, race)
	}
}
