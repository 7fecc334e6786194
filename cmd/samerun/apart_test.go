package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// seededTree is a package in which each test gives math/rand's source a seed unless an
// earlier one has, as the course's labs do; one of which the second test needs the first;
// and one without ties. Go 1.22 is the last version in which rand.Seed does something.
func seededTree(t *testing.T) (dir string) {
	t.Helper()
	return makeTree(t, map[string]string{
		"go.mod": "module seeded\n\ngo 1.22\n",
		"raft/raft_test.go": `package raft

import (
	crand "crypto/rand"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"sync"
	"testing"
	"time"
)

var once sync.Once

func draw(t *testing.T) int {
	once.Do(func() {
		x, _ := crand.Int(crand.Reader, big.NewInt(1<<62))
		rand.Seed(x.Int64())
	})
	n := rand.Intn(1000)
	time.Sleep(time.Duration(n) * time.Millisecond)
	fmt.Println(t.Name(), "draws", n)
	return n
}

func TestMain(m *testing.M) { fmt.Println("begin"); os.Exit(m.Run()) }

func TestFirst(t *testing.T)  { draw(t) }
func TestSecond(t *testing.T) { draw(t) }
func TestThird(t *testing.T) {
	if draw(t) < 200 && os.Getenv("LUCKY") == "" {
		t.Error("unlucky")
	}
}
`,
		"stored/stored_test.go": `package stored

import (
	"math/rand"
	"testing"
)

var stored int

func TestStore(t *testing.T) { rand.Seed(7); stored = 1 }
func TestLoad(t *testing.T) {
	if stored != 1 {
		t.Error("nothing is stored")
	}
}
`,
		"free/free_test.go": "package free\n\nimport \"testing\"\n\nfunc TestA(*testing.T) {}\nfunc TestB(*testing.T) {}\n",
	})
}

var drawn = regexp.MustCompile(`Test\w+ draws \d+`)

// A test takes by itself exactly the course that it has in the sweep, though an earlier one
// seeds what they share: the tool gives each a process, and says so.
func TestApartAloneIsAsInTheSweep(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir := seededTree(t)
	why := "./raft: each test ran in a process of its own, TestMain in each, since TestFirst calls rand.Seed, which decides what the tests behind it draw (-apart off is one process for all)\n"
	a := runToolIn(t, dir, "test -seeds 1-4 -j 1 -v ./raft", "LUCKY=1")
	a.want(t, exitOK, a.stderr, why)
	if n := strings.Count(a.stdout, "begin\n"); n != 12 {
		t.Errorf("TestMain ran %d times in 4 seeds of 3 tests", n)
	}
	sweep := drawn.FindAllString(a.stdout, -1)
	for i, test := range []string{"TestFirst", "TestSecond", "TestThird"} {
		alone := runToolIn(t, dir, "test -seeds 1-4 -j 1 -v -run ^"+test+"$ ./raft", "LUCKY=1")
		var want []string
		for seed := range 4 {
			want = append(want, sweep[3*seed+i])
		}
		if got := drawn.FindAllString(alone.stdout, -1); !slices.Equal(got, want) || strings.Contains(alone.stderr, "process of its own") {
			t.Errorf("%s alone: %q, among the others %q\n%s", test, got, want, alone.stderr)
		}
	}
	// In one process they would not.
	off := runToolIn(t, dir, "test -seeds 1-4 -j 1 -v -apart off ./raft", "LUCKY=1")
	if got := drawn.FindAllString(off.stdout, -1); off.code != exitOK || slices.Equal(got, sweep) || strings.Contains(off.stderr, "process of its own") {
		t.Errorf("-apart off: %q\n%s", got, off.stderr)
	}
	// The same turns are in a record of it, and are taken from there.
	record := filepath.Join(t.TempDir(), "record")
	a = runToolIn(t, dir, "test -seeds 3 -record "+record+" -v ./raft", "LUCKY=1")
	text, err := os.ReadFile(record)
	if a.code != exitOK || err != nil || !slices.Equal(regexp.MustCompile(`(?m)^test \w+`).FindAllString(string(text), -1), []string{"test TestFirst", "test TestSecond", "test TestThird"}) {
		t.Fatalf("exit status %d, %v:\n%s%s", a.code, err, text, a.stderr)
	}
	a = runToolIn(t, dir, "test -seeds 3 -picks "+record+" -v ./raft", "LUCKY=1")
	if got := drawn.FindAllString(a.stdout, -1); a.code != exitOK || !slices.Equal(got, sweep[6:9]) {
		t.Errorf("from the record: %q, want %q\n%s", got, sweep[6:9], a.stdout)
	}
	if left, _ := filepath.Glob(record + ".*"); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	// And the doctor looks at them as they are run.
	a = runToolIn(t, dir, "doctor -runs 2 -seed 3 ./raft", "LUCKY=1")
	a.want(t, exitOK, a.stdout, "ok    ./raft  3 tests, 2 runs of seed 3, each test in a process of its own, equal turn by turn (",
		"has a process for each test in samerun test, too, since TestFirst calls")
	a = runToolIn(t, dir, "doctor -runs 2 -seed 3 -apart off ./raft", "LUCKY=1")
	a.want(t, exitFailure, a.stdout, "DIFFER  ./raft  TestSecond\n")
}

// A failure of a test that is run apart is that of the test alone: the same run to the bit
// from its file, and from its seed.
func TestApartFailures(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir := seededTree(t)
	a := runToolIn(t, dir, "test -seeds 1-40 -keep-going -shrink 0 -json ./raft ./free")
	digests := make(map[string]int)
	var command string
	for line := range strings.Lines(a.stdout) {
		var l struct {
			Package, Test, Digest, Command string
			Seed                           *uint64
			OK, Apart                      bool
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Apart != (l.Package == "seeded/raft") {
			t.Errorf("apart is %v in %s", l.Apart, line)
		}
		if !l.OK {
			digests[l.Digest]++
			command = l.Command
		}
	}
	if a.code != exitFailure || len(digests) < 4 || !strings.Contains(command, " -run '^TestThird$' ./raft") {
		t.Fatalf("exit status %d, failing runs %v, %s\n%s", a.code, digests, command, a.stderr)
	}
	b := runToolIn(t, dir, strings.TrimPrefix(command, "samerun "))
	b.want(t, exitFailure, b.stdout, "FAIL  ./raft  TestThird\n", "unlucky")
	if strings.Contains(b.stdout, "by itself") || strings.Contains(a.stdout, "by itself") {
		t.Errorf("it says that the test alone is another one:\n%s", b.stdout)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "raft/testdata/replay/*.json"))
	if len(files) == 0 {
		t.Fatal("nothing is saved")
	}
	b = runToolIn(t, dir, "replay "+files[0])
	b.want(t, exitSame, b.stdout, "the same run to the bit")
}

// Tests that need others stay together, and the tool says why one alone is another run.
func TestApartNotWhereTestsNeedOthers(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir := seededTree(t)
	a := runToolIn(t, dir, "test -seeds 1-3 ./stored ./free")
	a.want(t, exitOK, a.stderr, "./stored: a test by itself can take another course than among the others, since TestStore calls rand.Seed, which decides what the tests behind it draw; "+
		"they ran in one process, since TestLoad does not pass by itself (-apart on is a process for each)\n")
	if strings.Contains(a.stderr, "./free") {
		t.Errorf("it speaks of tests that nothing ties:\n%s", a.stderr)
	}
	a = runToolIn(t, dir, "test -seeds 1-3 -apart on -shrink 0 ./stored")
	a.want(t, exitFailure, a.stdout, "FAIL  ./stored  TestLoad\n", "nothing is stored")
	a.want(t, exitFailure, a.stderr, "./stored: each test ran in a process of its own, TestMain in each (-apart on)\n")
	a = runToolIn(t, dir, "test -apart sometimes ./stored")
	a.want(t, exitMisuse, a.stderr, "-apart sometimes: say auto, on or off")
}

// A test that looks at the memory of its process has that for itself if an earlier one has
// left goroutines, which keep theirs.
func TestApartForMemory(t *testing.T) {
	takesLong(t)
	t.Parallel()
	dir := makeTree(t, map[string]string{"go.mod": "module memory\n\ngo 1.25\n", "kv/kv_test.go": `package kv

import (
	"runtime"
	"testing"
	"time"
)

func TestServe(t *testing.T) {
	requests := make(chan int)
	log := make([]byte, 64<<20)
	for i := range log {
		log[i] = byte(i)
	}
	go func() { log[<-requests]++ }()
	time.Sleep(time.Second)
}

func TestMemory(t *testing.T) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 32<<20 {
		t.Errorf("%d bytes are in use", m.HeapAlloc)
	}
}
`})
	a := runToolIn(t, dir, "test -seeds 1-5 ./kv")
	a.want(t, exitOK, a.stdout, "ok    ./kv  all tests  5 seeds\n")
	a.want(t, exitOK, a.stderr, "since TestMemory looks at the memory of the process, in which TestServe has left goroutines (")
	a = runToolIn(t, dir, "test -seeds 1-5 -run ^TestMemory$ ./kv")
	a.want(t, exitOK, a.stdout, "ok    ./kv  -run ^TestMemory$  5 seeds\n")
}

// Goroutines that go on, whether a test or the package's initialisation has started them,
// meet each test as they do when it runs alone.
func TestApartForWhatIsAlive(t *testing.T) {
	takesLong(t)
	t.Parallel()
	const head = "import (\n\t\"fmt\"\n\t\"sync\"\n\t\"testing\"\n\t\"time\"\n)\n\nvar (\n\tmu sync.Mutex\n\tn int\n)\n\n" +
		"func count() {\n\tfor {\n\t\ttime.Sleep(70 * time.Millisecond)\n\t\tmu.Lock()\n\t\tn++\n\t\tmu.Unlock()\n\t}\n}\n\n" +
		"func draw(t *testing.T) {\n\ttime.Sleep(time.Second)\n\tmu.Lock()\n\tdefer mu.Unlock()\n\tfmt.Println(t.Name(), \"draws\", n)\n}\n\n"
	dir := makeTree(t, map[string]string{
		"go.mod": "module alive\n\ngo 1.25\n",
		"lazy/lazy_test.go": "package lazy\n\n" + head + "var once sync.Once\n\n" +
			"func TestOne(t *testing.T) { once.Do(func() { go count() }); draw(t) }\nfunc TestTwo(t *testing.T) { once.Do(func() { go count() }); draw(t) }\n",
		"early/early_test.go": "package early\n\n" + head + "func init() { go count() }\n\n" +
			"func TestOne(t *testing.T) { draw(t) }\nfunc TestTwo(t *testing.T) { draw(t) }\n",
	})
	for pkg, why := range map[string]string{"./lazy": "since what TestOne has left is alive when TestTwo begins", "./early": "since what was started before the tests is alive when TestTwo begins"} {
		a := runToolIn(t, dir, "test -seeds 4 -v "+pkg)
		a.want(t, exitOK, a.stderr, pkg+": each test ran in a process of its own, TestMain in each, "+why+" (-apart off")
		sweep := drawn.FindAllString(a.stdout, -1)
		a = runToolIn(t, dir, "test -seeds 4 -v -run ^TestTwo$ "+pkg)
		if alone := drawn.FindAllString(a.stdout, -1); a.code != exitOK || len(sweep) != 2 || !slices.Equal(alone, sweep[1:]) {
			t.Errorf("%s: alone %q, in the sweep %q\n%s", pkg, alone, sweep, a.stderr)
		}
		a = runToolIn(t, dir, "test -seeds 4 -v -apart off "+pkg)
		if off := drawn.FindAllString(a.stdout, -1); a.code != exitOK || slices.Equal(off, sweep) {
			t.Errorf("%s: in one process %q as well", pkg, off)
		}
	}
}
