package proptest

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

// recorder is a test that is allowed to fail: what it says is kept.
type recorder struct {
	*testing.T
	name   string
	failed bool
	log    strings.Builder
}

func (r *recorder) Name() string                      { return r.name }
func (r *recorder) Helper()                           {}
func (r *recorder) Failed() bool                      { return r.failed }
func (r *recorder) Log(args ...any)                   { fmt.Fprintln(&r.log, args...) }
func (r *recorder) Logf(format string, args ...any)   { fmt.Fprintf(&r.log, format+"\n", args...) }
func (r *recorder) Fail()                             { r.failed = true }
func (r *recorder) FailNow()                          { r.Fail(); runtime.Goexit() }
func (r *recorder) Error(args ...any)                 { r.Log(args...); r.Fail() }
func (r *recorder) Errorf(format string, args ...any) { r.Logf(format, args...); r.Fail() }
func (r *recorder) Fatal(args ...any)                 { r.Log(args...); r.FailNow() }
func (r *recorder) Fatalf(format string, args ...any) { r.Logf(format, args...); r.FailNow() }

// setenv clears the environment but for these. Without them, failures of recorders
// are neither minimised nor kept.
func setenv(t *testing.T, pairs ...string) {
	t.Helper()
	for _, name := range []string{"SAMERUN_SEED", "SAMERUN_SEEDS", "SAMERUN_RESULTS", "SAMERUN_LIST", "SAMERUN_REPLAY", "SAMERUN_STRICT", "SAMERUN_STRATEGY", "SAMERUN_TRIALS"} {
		t.Setenv(name, "")
	}
	t.Setenv("SAMERUN_OUT", t.TempDir())
	t.Setenv("SAMERUN_SHRINK", "0")
	for i := 0; i < len(pairs); i += 2 {
		t.Setenv(pairs[i], pairs[i+1])
	}
}

// check runs Check on a recorder. Fail files go to the present folder.
func check(t *testing.T, name string, property func(*P), settings ...Setting) *recorder {
	t.Helper()
	r := &recorder{T: t, name: name}
	over := make(chan struct{})
	go func() { // because FailNow ends its goroutine
		defer close(over)
		Check(r, property, settings...)
	}()
	<-over
	return r
}

// fails runs Check in a folder of its own and wants it to fail with these words.
func fails(t *testing.T, property func(*P), words ...string) *recorder {
	t.Helper()
	t.Chdir(t.TempDir())
	setenv(t)
	rapidSeed(t)
	r := check(t, t.Name(), property)
	text := r.log.String()
	if !r.failed {
		t.Fatalf("the property passed; it should fail:\n%s", text)
	}
	if strings.Contains(text, "flaky") {
		t.Errorf("the failure does not repeat:\n%s", text)
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("the report lacks %q:\n%s", word, text)
		}
	}
	return r
}

// failFiles returns the fail files in the present folder.
func failFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	_ = filepath.WalkDir("testdata", func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".fail") {
			files = append(files, path)
		}
		return nil
	})
	return files
}

// Store is a register on a primary, and with followers a copy on each, to which
// the primary sends what is written after it has answered.
type Store struct {
	mu     sched.Mutex
	value  int
	copies []*labrpc.ClientEnd
}

func (s *Store) Add(by int, total *int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value += by
	*total = s.value
	for _, end := range s.copies {
		value := s.value
		sim.Current().Go("copy", func() {
			var ok bool
			end.Call("Store.Set", value, &ok)
		})
	}
}

func (s *Store) Set(value int, ok *bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value, *ok = value, true
}

func (s *Store) Get(_ int, value *int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*value = s.value
}

// stores starts a store on each of these nodes; the first is the primary.
func stores(w *sim.World, names ...string) (*network, []*Store) {
	rn := &network{Network: labrpc.NewNetwork(w)}
	all := make([]*Store, len(names))
	for i, name := range names {
		s := &Store{}
		all[i] = s
		w.Node(name).Start(func() {
			srv := labrpc.MakeServer()
			srv.AddService(labrpc.MakeService(s))
			rn.AddServer(name, srv)
			if i == 0 {
				for _, other := range names[1:] {
					s.copies = append(s.copies, rn.dial(other))
				}
			}
		})
	}
	w.Sleep(time.Millisecond)
	return rn, all
}

// network is one whose ends need no names.
type network struct {
	*labrpc.Network
	ends int
}

func (n *network) dial(server string) *labrpc.ClientEnd {
	n.ends++
	name := fmt.Sprint("end ", n.ends)
	end := n.MakeEnd(name)
	n.Connect(name, server)
	n.Enable(name, true)
	return end
}

// failfile sets the flag -rapid.failfile until the test is over.
func failfile(t *testing.T, path string) {
	t.Helper()
	setFlag(t, "rapid.failfile", path)
}

// rapidSeed lets rapid begin with the same values in every test run, with which it finds
// the bugs of these tests among few: chance would miss one now and then.
//
// It writes fail files as it does for users, so the test is in a folder of its own.
func rapidSeed(t *testing.T) {
	t.Helper()
	setFlag(t, "rapid.seed", "2")
	setFlag(t, "rapid.nofailfile", "false")
}

// setFlag sets a flag until the end of the test.
func setFlag(t *testing.T, name, value string) {
	t.Helper()
	f := flag.Lookup(name)
	before := f.Value.String()
	t.Cleanup(func() { _ = f.Value.Set(before) })
	if err := f.Value.Set(value); err != nil {
		t.Fatal(err)
	}
}

// inputs are random fuzz inputs of all lengths, the same in every test run.
type inputs struct{ r *rand.Rand }

func newInputs() inputs { return inputs{rand.New(rand.NewPCG(1, 2))} }

func (i inputs) next() []byte {
	b := make([]byte, i.r.IntN(4000))
	for j := range b {
		b[j] = byte(i.r.Uint32())
	}
	return b
}
