package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"samerun/internal/gocmd"
)

// appModule is a module with one system under test, which uses the samerun of
// this tree and whose source the tests edit between runs.
var appModule = map[string]string{
	"go.mod": "module app\n\ngo 1.25.0\n\nrequire samerun v0.0.0\n\nreplace samerun => SAMERUN\n",
	"store/store.go": `package store

import (
	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

// Store counts what is put into it.
type Store struct{ puts int }

func (s *Store) Put(arg *int, ok *bool)  { s.puts++; *ok = true }
func (s *Store) Ping(arg *int, ok *bool) { *ok = true }

// Run puts three things into a store, and pings it now and then.
func Run(w *sim.World) *Store {
	s := &Store{}
	rn := labrpc.NewNetwork(w)
	w.Node("server").Start(func() {
		srv := labrpc.MakeServer()
		srv.AddService(labrpc.MakeService(s))
		rn.AddServer("store", srv)
	})
	var done sched.WaitGroup
	done.Add(1)
	w.Node("client").Start(func() {
		putAll(rn)
		done.Done()
	})
	done.Wait()
	return s
}

func connect(rn *labrpc.Network, name string) *labrpc.ClientEnd {
	end := rn.MakeEnd(name)
	rn.Connect(name, "store")
	rn.Enable(name, true)
	return end
}

func putAll(rn *labrpc.Network) {
	end := connect(rn, "client-end")
	for i := range 3 {
		put(end, i)
	}
}

func put(end *labrpc.ClientEnd, i int) {
	var ok bool
	end.Call("Store.Put", &i, &ok)
}
`,
	"store/store_test.go": `package store

import (
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

func TestPuts(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		w.Node("server")
		w.Node("client")
		w.Inject(fault.Schedule{Faults: []fault.Fault{
			{Kind: fault.Drop, From: []string{"client"}, To: []string{"server"}, Method: "Store.Put", Dir: fault.Request, Nth: 2},
			{Kind: fault.Cut, From: []string{"client"}, To: []string{"server"}, At: time.Hour, For: time.Second},
		}}, time.Minute)
		s := Run(w)
		w.Sometimes("no put arrives", s.puts == 0)
		if s.puts < 3 {
			w.Failf("%d puts of 3 arrived", s.puts)
		}
	})
}
`,
}

// module is a copy of appModule.
type module struct {
	t   *testing.T
	dir string
}

func newModule(t *testing.T) *module {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs test binaries")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m := &module{t, t.TempDir()}
	for name, text := range appModule {
		m.write(name, strings.ReplaceAll(text, "SAMERUN", root))
	}
	return m
}

func (m *module) write(name, text string) {
	m.t.Helper()
	file := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		m.t.Fatal(err)
	}
}

// edit puts the module back to what it was, and then replaces texts: pairs of old
// and new, in either file.
func (m *module) edit(pairs ...string) {
	m.t.Helper()
	for _, name := range []string{"store/store.go", "store/store_test.go"} {
		text := appModule[name]
		for i := 0; i < len(pairs); i += 2 {
			text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
		}
		m.write(name, text)
	}
}

// quickLink has the linker leave out what only debuggers need: most of the time of
// these tests is its time.
const quickLink = "GOFLAGS=-ldflags=-w"

func (m *module) environ() []string {
	return append(gocmd.ChildEnviron(os.Environ()), quickLink)
}

// run runs the tool in the module.
func (m *module) run(args []string, env ...string) answer {
	m.t.Helper()
	var out, errOut bytes.Buffer
	a := &app{&out, &errOut, gocmd.Caller{Dir: m.dir, Environ: append(m.environ(), env...), Self: "samerun"}}
	code := a.main(m.t.Context(), args)
	return answer{code, out.String(), errOut.String()}
}

// recorded is the file that record left first: the same for every module.
var recorded struct {
	sync.Mutex
	name, text string
}

// record lets TestPuts fail and returns the path of the file that is left.
func (m *module) record() string {
	m.t.Helper()
	recorded.Lock()
	defer recorded.Unlock()
	if recorded.text != "" {
		m.write(recorded.name, recorded.text)
		return recorded.name
	}
	a := m.run([]string{"test", "-shrink", "0", "-seeds", "4-6", "./store"})
	_, rest, ok := strings.Cut(a.stdout, "    again: samerun replay ")
	file, _, _ := strings.Cut(rest, "\n")
	if !ok || a.code != exitFailure {
		m.t.Fatalf("exit status %d\n%s\n%s", a.code, a.stdout, a.stderr)
	}
	a.want(m.t, exitFailure, a.stdout, "FAIL  ./store  TestPuts\n", "2 puts of 3 arrived", "2 faults, of which 1 took effect:",
		"    saved: store/testdata/replay/TestPuts-", "    again: samerun replay store/testdata/replay/TestPuts-")
	data, err := os.ReadFile(filepath.Join(m.dir, file))
	if err != nil {
		m.t.Fatal(err)
	}
	recorded.name, recorded.text = file, string(data)
	return file
}
