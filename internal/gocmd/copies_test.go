package gocmd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/labcopy"
)

// labFiles are the files of a copy of labrpc, as parts of a tree, with another import path for labgob.
func labFiles(t *testing.T, into map[string]string, dir, labgob string) map[string]string {
	t.Helper()
	from := filepath.Join("..", "..", "cmd", "samerun", "testdata", "labcopies")
	for name, file := range map[string]string{dir + "labrpc/network.go": "labrpc/network.go", dir + "labrpc/server.go": "labrpc/server.go", dir + "labgob/labgob.go": "labgob/labgob.go"} {
		text, err := os.ReadFile(filepath.Join(from, file))
		if err != nil {
			t.Fatal(err)
		}
		into[name] = strings.ReplaceAll(string(text), "course.example/labgob", labgob)
	}
	return into
}

// A copy is found wherever a tree can have it, and only where tests use it.
func TestCopies(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	use := func(path string) string { return "package raft\n\nimport _ \"" + path + "\"\n" }
	rows := []struct {
		why, dir, pattern string
		env               []string
		files             map[string]string
		want              string // the import path; empty for none
	}{
		{"in the module", ".", "./raft", nil, labFiles(t, map[string]string{"go.mod": "module 6.5840\n\ngo 1.25\n", "raft/raft.go": use("6.5840/labrpc"), "raft/raft_test.go": "package raft\n"}, "", "6.5840/labgob"), "6.5840/labrpc"},
		{"its own tests", ".", "./labrpc", nil, labFiles(t, map[string]string{"go.mod": "module 6.5840\n\ngo 1.25\n", "labrpc/x_test.go": "package labrpc\n"}, "", "6.5840/labgob"), "6.5840/labrpc"},
		{"used by a test only", ".", "./raft", nil, labFiles(t, map[string]string{"go.mod": "module 6.5840\n\ngo 1.25\n", "raft/raft_test.go": strings.Replace(use("6.5840/labrpc"), "raft", "raft_test", 1)}, "", "6.5840/labgob"), "6.5840/labrpc"},
		{"not used", ".", "./raft", nil, labFiles(t, map[string]string{"go.mod": "module 6.5840\n\ngo 1.25\n", "raft/raft_test.go": "package raft\n"}, "", "6.5840/labgob"), ""},
		{"another module", "lab", "./raft", nil, labFiles(t, map[string]string{
			"lab/go.mod": "module lab\n\ngo 1.25\n\nrequire 6.5840 v0.0.0\n\nreplace 6.5840 => ../course\n", "course/go.mod": "module 6.5840\n\ngo 1.25\n", "lab/raft/raft.go": use("6.5840/labrpc"), "lab/raft/raft_test.go": "package raft\n",
		}, "course/", "6.5840/labgob"), "6.5840/labrpc"},
		{"a workspace", ".", "./lab/raft", nil, labFiles(t, map[string]string{
			"go.work": "go 1.25\n\nuse (\n\t./lab\n\t./course\n)\n", "lab/go.mod": "module lab\n\ngo 1.25\n", "course/go.mod": "module 6.5840\n\ngo 1.25\n", "lab/raft/raft.go": use("6.5840/labrpc"), "lab/raft/raft_test.go": "package raft\n",
		}, "course/", "6.5840/labgob"), "6.5840/labrpc"},
		{"folders beside each other", "src/raft", ".", []string{"GO111MODULE=off"}, labFiles(t, map[string]string{"src/raft/raft.go": use("../labrpc"), "src/raft/raft_test.go": "package raft\n"}, "src/", "../labgob"), "_ROOT/src/labrpc"},
		{"GOPATH", "src/raft", ".", []string{"GO111MODULE=off", "GOPATH=ROOT"}, labFiles(t, map[string]string{"src/raft/raft.go": use("labrpc"), "src/raft/raft_test.go": "package raft\n"}, "src/", "labgob"), "labrpc"},
	}
	if os.Getenv("SAMERUN_LONG") == "" {
		rows = rows[:1] // each takes some calls of the go command
	}
	for _, c := range rows {
		root, tmp := t.TempDir(), t.TempDir()
		if real, err := filepath.EvalSymlinks(root); err == nil {
			root = real
		}
		writeTree(t, root, c.files)
		env := plainGo(append([]string{"GOWORK="}, c.env...)...)
		for i := range env {
			env[i] = strings.ReplaceAll(env[i], "=ROOT", "="+root)
		}
		caller := &Caller{Dir: filepath.Join(root, c.dir), Environ: env}
		with := filepath.Join(tmp, "overlay.json")
		if err := os.WriteFile(with, []byte(`{"Replace":{"/some/where":"else"}}`), 0o666); err != nil {
			t.Fatal(err)
		}
		build := &Build{Overlay: with}
		list, err := caller.List(t.Context(), build, []string{c.pattern})
		if err != nil || len(list.Packages) != 1 || list.Packages[0].Unready != nil {
			t.Fatalf("%s: %v, %+v", c.why, err, list)
		}
		p := list.Packages[0]
		got := caller.withCopies(t.Context(), build, tmp, list.Packages)
		if c.want == "" {
			if got != build || len(p.Copies) != 0 {
				t.Errorf("%s: %v", c.why, p.Copies)
			}
			continue
		}
		if want := strings.Replace(c.want, "ROOT", root, 1); len(p.Copies) != 1 || p.Copies[0].Path != want || p.Copies[0].Level != labcopy.Messages {
			t.Errorf("%s: %+v, want %s", c.why, p.Copies, want)
			continue
		}
		data, err := os.ReadFile(got.Overlay)
		var l struct{ Replace map[string]string }
		if err != nil || json.Unmarshal(data, &l) != nil || l.Replace["/some/where"] != "else" || len(l.Replace) != 3 {
			t.Errorf("%s: %v, %s", c.why, err, data)
		}
		for name, by := range l.Replace {
			if name == "/some/where" {
				continue
			}
			before, err := os.ReadFile(name)
			after, err2 := os.ReadFile(by)
			if err != nil || err2 != nil || strings.Contains(string(before), "samerun") && !strings.Contains(string(before), "samerun's own") || !strings.Contains(string(after), "samerunLab") {
				t.Errorf("%s: %s is replaced by %s: %v, %v", c.why, name, by, err, err2)
			}
		}
	}
}
