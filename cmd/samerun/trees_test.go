package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// makeTree writes files into a new folder.
func makeTree(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	passing  = "package p\n\nimport \"testing\"\n\nfunc TestPasses(t *testing.T) {}\n"
	failing  = "package p\n\nimport \"testing\"\n\nfunc TestFails(t *testing.T) { t.Error(\"no\") }\n"
	unvetted = "package p\n\nimport (\n\t\"fmt\"\n\t\"testing\"\n)\n\nfunc TestPrints(*testing.T) { fmt.Printf(\"%d\\n\", \"x\") }\n"
	untyped  = "package p\n\nfunc F() int { return \"x\" }\n"
)

// A package that does not build does not keep the others from being run, is told at the
// end and in JSON lines, and the exit status is not that of success.
func TestTreeWithPackagesThatDoNotBuild(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir := makeTree(t, map[string]string{
		"go.mod": "module m\n\ngo 1.25\n", "good/a_test.go": passing, "types/a.go": untyped, "types/a_test.go": passing,
		"vetted/a_test.go": unvetted, "main/main.go": "package main\n\nimport _ \"absent.example/x\"\n\nfunc main() {}\n",
	})
	off := []string{"GOPROXY=off", "GOFLAGS="}
	a := runToolIn(t, dir, "test -seeds 1-3 ./...", off...)
	a.want(t, exitMisuse, a.stdout, "ok    ./good  all tests  3 seeds\n",
		"FAIL  ./main  does not build: a package that it imports is not to be found\n    main/main.go:3:8: no required module provides package absent.example/x",
		"FAIL  ./types  does not build\n    types/a.go:3:23: cannot use \"x\"",
		"FAIL  ./vetted  go vet says that something in it is wrong, so that go test would not run it; -vet off runs it nevertheless\n    vetted/a_test.go:8:",
		"incomplete: 3 packages not run, 1 test, 3 seeds, no failure, ")
	a = runToolIn(t, dir, "test -seeds 1-3 -vet off ./vetted ./good", off...)
	a.want(t, exitOK, a.stdout, "ok    ./vetted  all tests  3 seeds\n", "ok: 2 tests, 6 seeds, no failure")
	a = runToolIn(t, dir, "test -vet=spelling ./good", off...)
	a.want(t, exitMisuse, a.stderr, `samerun test: -vet spelling: go vet has no "spelling"; say off, all, or a list`)
	a = runToolIn(t, dir, "test ./types ./vetted", off...)
	a.want(t, exitMisuse, a.stderr, "samerun test: ./types does not build:\ntypes/a.go:3:23: ", "./vetted cannot be run: go vet says that something in it is wrong")

	// A failure counts for more, and the line is there, too; but in no other lines.
	if err := os.WriteFile(filepath.Join(dir, "good", "b_test.go"), []byte(failing), 0o666); err != nil {
		t.Fatal(err)
	}
	a = runToolIn(t, dir, "test -seeds 1-3 -json ./good ./types ./vetted", off...)
	stages := make(map[string]string)
	for line := range strings.Lines(a.stdout) {
		var l struct {
			Package, Unready, Error, Story string
			Seed                           *uint64
			OK                             bool
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Unready != "" {
			stages[l.Package] = l.Unready
			if l.OK || l.Seed != nil || l.Error == "" || l.Story == "" {
				t.Errorf("the line is %s", line)
			}
		}
	}
	if a.code != exitFailure || len(stages) != 2 || stages["m/types"] != "build" || stages["m/vetted"] != "vet" {
		t.Errorf("exit status %d, %v\n%s%s", a.code, stages, a.stdout, a.stderr)
	}
	// What a failure is repeated by is built as the failure was.
	a = runToolIn(t, dir, "test -seeds 1 -vet off -shrink 0 ./good", off...)
	a.want(t, exitFailure, a.stdout, "again: samerun replay -vet=off good/testdata/replay/TestFails-")
}

const (
	labrpcCode = "package labrpc\n\nimport \"time\"\n\nfunc Call(do func()) { time.Sleep(time.Minute); do() }\n"
	labrpcTest = "package labrpc\n\nimport \"testing\"\n\nfunc TestCall(t *testing.T) { n := 0; Call(func() { n++ }); if n != 1 { t.Fatal(n) } }\n"
	raftCode   = "package raft\n\nimport \"LABRPC\"\n\nfunc Elect(votes *int) { v := *votes; labrpc.Call(func() { *votes = v + 1 }) }\n"
	raftTest   = `package raft

import (
	"sync"
	"testing"
)

func TestOne(t *testing.T) {
	votes := 0
	if Elect(&votes); votes != 1 {
		t.Fatal(votes)
	}
}

func TestTwo(t *testing.T) {
	votes, all := 0, sync.WaitGroup{}
	for i := 0; i < 2; i++ {
		all.Add(1)
		go func() { Elect(&votes); all.Done() }()
	}
	all.Wait()
	if votes != 2 {
		t.Error("a vote is lost")
	}
}
`
)

// Trees without modules run as in go test: those whose packages import each other by
// folders, and those in GOPATH. One of the packages does not build.
func TestTreesWithoutModules(t *testing.T) {
	takesLong(t)
	t.Parallel()
	for _, way := range []struct{ name, labrpc, inside string }{
		{"folders beside each other", "../labrpc", ""},
		{"GOPATH", "labrpc", "GOPATH"},
	} {
		dir := makeTree(t, map[string]string{
			"src/labrpc/labrpc.go": labrpcCode, "src/labrpc/test_test.go": labrpcTest,
			"src/raft/raft.go": strings.Replace(raftCode, "LABRPC", way.labrpc, 1), "src/raft/test_test.go": raftTest,
			"src/main/main.go": "package main\n\nimport _ \"absent\"\n\nfunc main() {}\n",
			"elsewhere/empty":  "",
		})
		path := filepath.Join(dir, "elsewhere")
		if way.inside != "" {
			path = dir
		}
		env := []string{"GO111MODULE=off", "GOFLAGS=", "GOPATH=" + path}
		src := filepath.Join(dir, "src")
		a := runToolIn(t, src, "test -seeds 1-2 -keep-going ./...", env...)
		if a.code != exitFailure {
			t.Errorf("%s: exit status %d\n%s%s", way.name, a.code, a.stdout, a.stderr)
			continue
		}
		a.want(t, exitFailure, a.stdout, "ok    ./labrpc  all tests  2 seeds\n", "FAIL  ./raft  TestTwo\n",
			"again: samerun replay raft/testdata/replay/TestTwo-", "FAIL  ./main  does not build: a package that it imports is not to be found\n    main/main.go:3:8: ",
			"FAIL: 1 package not run, 1 distinct failure, ")
		files, err := filepath.Glob(filepath.Join(src, "raft/testdata/replay/TestTwo-*.json"))
		if err != nil || len(files) != 1 {
			t.Fatal(way.name, files, err)
		}
		a = runToolIn(t, src, "replay raft/testdata/replay/"+filepath.Base(files[0]), env...)
		a.want(t, exitSame, a.stdout, "./raft  TestTwo\n    the same run to the bit\n")
		if way.inside != "" {
			continue // what follows is about names that no go command takes
		}
		// From the folder itself, with one package.
		a = runToolIn(t, filepath.Join(src, "raft"), "test -seeds 3 -run TestOne", env...)
		a.want(t, exitOK, a.stdout, "ok    .  -run TestOne  1 seed\n")
		a = runToolIn(t, filepath.Join(src, "raft"), "doctor -run TestOne -runs 2 .", env...)
		a.want(t, exitOK, a.stdout, "ok    .  1 test, 2 runs of seed 1, equal turn by turn")
		// And where modules are on, go test does not run it either.
		a = runToolIn(t, src, "test ./raft", "GO111MODULE=", "GOFLAGS=")
		a.want(t, exitMisuse, a.stderr, "go.mod file not found", "A tree without go.mod runs as it does with go test: set GO111MODULE=off")
	}
}
