package main

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"samerun/internal/gocmd"
	"samerun/internal/wire"
)

// The module testdata/labcopies has copies of the course's labrpc, as a student's tree has, in
// samerun's own wording.

var updateLabs = flag.Bool("update-labs", false, "write the stories of testdata/labcopies anew")

// labCopies is a copy of that module, with what stands before each | in its labrpc replaced by what is
// behind it.
func labCopies(t *testing.T, changes ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "labcopies"))); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "labrpc", "network.go")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		old, by, _ := strings.Cut(change, "|")
		if !strings.Contains(string(text), old) {
			t.Fatalf("there is no %q", old)
		}
		text = []byte(strings.ReplaceAll(string(text), old, by))
	}
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The story of a failing lab names the message that is the cause, by method: a reply that is lost, one
// that is late, two in the wrong order; and what was called while the test waited.
func TestLabStories(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir := labCopies(t)
	for _, c := range []struct{ pkg, test, cause string }{
		{"counts", "TestLostReply", "Add #2 reply is lost  Total:21\n"},
		{"leases", "TestLateReply", "Grant #5 reply, 686ms late  Granted:true\n"},
		{"match", "TestReorder", "AppendEntries #1 reply, 1.186s late, behind #5\n"},
		{"quiet", "TestTimeout", "nothing but Raft.AppendEntries in the last 10s; before that, Raft.RequestVote\n"},
		{"quiet", "TestCutOff", "is cut off from server 0, server 1\n"},
	} {
		a := runToolIn(t, dir, "test -seeds 0 -run ^"+c.test+"$ ./"+c.pkg)
		a.want(t, exitFailure, a.stdout, c.cause)
		story, _, _ := strings.Cut(a.stdout, "\n    saved: ")
		story = regexp.MustCompile(`minimised in \S+:`).ReplaceAllString(story, "minimised:")
		golden := filepath.Join("testdata", "labcopies", c.pkg, c.test+".txt")
		if *updateLabs {
			if err := os.WriteFile(golden, []byte(story), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || string(want) != story {
			t.Errorf("%v; it is\n%s\nwant\n%s", err, story, want)
		}
		// What was saved is told in the same way.
		saved, err := filepath.Glob(filepath.Join(dir, c.pkg, "testdata", "replay", c.test+"-*.json"))
		if err != nil || len(saved) != 1 {
			t.Fatalf("%v, %q are saved", err, saved)
		}
		a = runToolIn(t, dir, "replay "+saved[0])
		a.want(t, exitFailure, a.stdout, c.cause)
	}
}

// A trace has the messages as it has those of package sim.
func TestLabTrace(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir := labCopies(t)
	a := runToolIn(t, dir, "trace -format jsonl -o trace.jsonl -seed 0 -run ^TestReorder$ ./match")
	a.want(t, exitOK, a.stdout)
	data, err := os.ReadFile(filepath.Join(dir, "trace.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(data)) {
		var e struct {
			Kind, Node, Peer, Method, Text, Fate string
			Reply                                bool
			Nth                                  uint64
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Method != "Raft.AppendEntries" {
			continue
		}
		counts[e.Kind]++
		if e.Kind == "send" && e.Nth == 5 && !e.Reply && (e.Node != "server 0" || e.Peer != "server 1" || e.Text != `{Term:1 Leader:0 Prev:0 Entries:["command a" "command b" "command c"]}`) {
			t.Errorf("%+v", e)
		}
		if e.Kind == "arrive" && e.Nth == 1 && e.Reply && e.Fate != "1.186s late, behind #5" {
			t.Errorf("%+v", e)
		}
	}
	if counts["send"] != 12 || counts["arrive"] != 12 || counts["drop"] != 0 {
		t.Errorf("%v", counts)
	}
}

// A run is the same whether the copy is recognised or not, whether its calls are noted or not.
func TestLabDigests(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir := labCopies(t)
	caller := &gocmd.Caller{Dir: dir, Environ: append(gocmd.ChildEnviron(os.Environ()), quickLink), Self: "samerun"}
	with, err := caller.Overlay(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	build := &gocmd.Build{Overlay: with.File}
	list, err := with.Caller.List(t.Context(), build, []string{"./counts", "./leases", "./match"})
	if err != nil {
		t.Fatal(err)
	}
	if err := with.Caller.BuildAll(t.Context(), build, 1, t.TempDir(), list.Packages, func() {}); err != nil {
		t.Fatal(err)
	}
	for _, p := range list.Packages {
		if len(p.Copies) != 1 {
			t.Fatalf("%s has the copies %v", p.Path, p.Copies)
		}
		plain := filepath.Join(t.TempDir(), "plain.exe")
		if stdout, stderr, err := with.Caller.Go(t.Context(), []string{"test", "-c", "-o", plain, "-overlay=" + with.File, p.Path}); err != nil {
			t.Fatal(err, stdout, stderr)
		}
		calls := 0
		for _, seed := range []string{"0", "1", "2", "3", "4", "5", "6", "7"} {
			digests := map[string]string{}
			for _, track := range []string{"", "1"} {
				for _, exe := range []string{p.Binary, plain} {
					r := labRunOf(t, p.Dir, exe, "SAMERUN_SEED="+seed, "SAMERUN_TRACK="+track)
					digests[r.Digest] += " " + filepath.Base(exe) + track
					if has := r.Calls != nil; has != (exe == p.Binary && track == "1") {
						t.Errorf("%s, seed %s, track %q: calls are told: %v", exe, seed, track, has)
					} else if has {
						calls++
					}
				}
			}
			if len(digests) != 1 {
				t.Errorf("%s, seed %s: %v", p.Path, seed, digests)
			}
		}
		if calls != 8 {
			t.Errorf("%s: the calls of %d runs are told", p.Path, calls)
		}
	}
}

// labRunOf runs a test binary, and returns the line of its only test.
func labRunOf(t *testing.T, dir, exe string, env ...string) wire.Result {
	t.Helper()
	file := filepath.Join(t.TempDir(), "results")
	cmd := exec.Command(exe)
	cmd.Dir, cmd.Env = dir, append(gocmd.ChildEnviron(os.Environ(), env...), "SAMERUN_RESULTS="+file)
	out, _ := cmd.CombinedOutput() // some runs fail
	lines, err := wire.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range lines {
		if r.Digest != "" {
			return r
		}
	}
	t.Fatalf("no result of %s: %s", exe, out)
	return wire.Result{}
}

// A changed copy tells less, or nothing, and the run is what it would be; the doctor and the end of a
// sweep say so. Coverage and vet take the lines that are added for what they are.
func TestChangedLabs(t *testing.T) {
	takesLong(t)
	t.Parallel()
	for _, c := range []struct {
		changes            []string
		says, row, goflags string
	}{
		{nil, "course.example/labrpc is a copy of the course's labrpc: reports have its messages by method\n", "AppendEntries #5 reply, 267ms late  Match:3\n", "-cover"},
		{nil, "course.example/labrpc is a copy of the course's labrpc: reports have its messages by method\n", "", "-cover -coverpkg=./..."}, // cmd/cover reads what is not in an overlay
		{[]string{"case e.ch <- req:|case e.ch <- reqMsg{req.endname, req.svcMeth, req.argsType, req.args, req.replyCh}:"},
			"course.example/labrpc is a copy of the course's labrpc: reports have its calls, but not what became of messages, since where Call hands its encoded arguments over is not clear\n", "AppendEntries #5 reply", ""},
		{[]string{"DeleteServer(servername interface{})|DeleteServer(servername string)"},
			"course.example/labrpc is like the course's labrpc, but (*Network).DeleteServer has other parameters: reports have no messages of it\n", "", ""},
	} {
		dir := labCopies(t, c.changes...)
		a := runToolIn(t, dir, "test -vet all -seeds 0 -run ^TestReorder$ ./match", "GOFLAGS="+c.goflags)
		a.want(t, exitFailure, a.stdout, "server 1 matches 1 entries, want 3")
		if !strings.Contains(a.stdout, c.row) {
			t.Errorf("%q: no %q\n%s", c.changes, c.row, a.stdout)
		}
		if has := strings.Contains(a.stdout, "AppendEntries #1"); has != (c.row != "") {
			t.Errorf("%q: messages are told: %v\n%s", c.changes, has, a.stdout)
		}
		if told := strings.Contains(a.stderr, c.says); told != (c.changes != nil) {
			t.Errorf("%q: %v\n%s", c.changes, told, a.stderr)
		}
		os.RemoveAll(filepath.Join(dir, "match", "testdata"))
		a = runToolIn(t, dir, "doctor -run ^TestReorder$ -runs 2 ./match")
		if !strings.Contains(a.stdout, c.says) {
			t.Errorf("%q: the doctor says\n%s%s", c.changes, a.stdout, a.stderr)
		}
	}
}
