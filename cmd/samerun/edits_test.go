package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"samerun/internal/gocmd"
)

// shopModule is a module of ordinary Go with a bug: two visitors can get one number.
var shopModule = map[string]string{
	"go.mod": "module shop\n\ngo 1.25\n",
	"desk/desk.go": `package desk

import (
	"sync"
)

// A Desk gives out numbers.
type Desk struct {
	mu   sync.Mutex
	last int
	seen int
}

func (d *Desk) visit(answers chan<- int) {
	n := d.next()
	answers <- n
}

func (d *Desk) next() int {
	d.mu.Lock()
	n := d.last + 1
	d.mu.Unlock()
	d.mu.Lock()
	d.last = n
	d.mu.Unlock()
	return n
}

func (d *Desk) look() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seen
}
`,
	"desk/desk_test.go": `package desk

import "testing"

func open() *Desk { return new(Desk) }

func TestNumbers(t *testing.T) {
	d := open()
	answers := make(chan int)
	for range 4 {
		go d.visit(answers)
	}
	seen := make(map[int]bool)
	for range 4 {
		n := <-answers
		if seen[n] {
			t.Errorf("two have the number %d", n)
		}
		seen[n] = true
	}
}
`,
}

// shop is a copy of shopModule.
type shop struct {
	*testing.T
	dir string
}

// edit writes the module with texts replaced: pairs of old and new, each of which must be
// in one of its files.
func (s *shop) edit(pairs ...string) {
	s.Helper()
	found := make([]bool, len(pairs))
	for name, text := range shopModule {
		for i := 0; i < len(pairs); i += 2 {
			found[i] = found[i] || strings.Contains(text, pairs[i])
			text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
		}
		file := filepath.Join(s.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			s.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			s.Fatal(err)
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if !found[i] {
			s.Fatalf("the module has no %q", pairs[i])
		}
	}
}

func (s *shop) run(line string, env ...string) answer {
	s.Helper()
	var out, errOut bytes.Buffer
	a := &app{&out, &errOut, gocmd.Caller{Dir: s.dir, Environ: append(append(gocmd.ChildEnviron(os.Environ()), quickLink), env...), Self: "samerun"}}
	code := a.main(s.Context(), strings.Fields(line))
	return answer{code, out.String(), errOut.String()}
}

// record lets the test fail, and returns the file that is left of it, minimised.
func (s *shop) record() string {
	s.Helper()
	a := s.run("test -seeds 1-200 -shrink 1h ./desk")
	m := regexp.MustCompile(`saved: (desk/testdata/replay/TestNumbers-\w+\.json)`).FindStringSubmatch(a.stdout)
	if m == nil {
		s.Fatalf("exit status %d, nothing saved:\n%s%s", a.code, a.stdout, a.stderr)
	}
	a.want(s.T, exitFailure, a.stdout, " deviations from the calm run → 1\n")
	return m[1]
}

// A replay of ordinary Go survives edits that change nothing, follows its keys through
// those that do, and says when it has lost them: each row of the table of docs/replay.md.
func TestOrdinaryReplayOutlivesEdits(t *testing.T) {
	takesLong(t)
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	s := &shop{t, t.TempDir()}
	s.edit()
	file := s.record()
	const visit, opening = "\tn := d.next()\n", "func open() *Desk { return new(Desk) }\n"
	for _, c := range firstOrAll(5, []struct {
		name  string
		edits []string
		code  int
		words []string
	}{
		{"nothing", nil, exitSame, []string{"FAIL  " + file, "./desk  TestNumbers", "the same run to the bit", "two have the number", "shop/desk.(*Desk).visit (started by shop/desk.TestNumbers), the ", " point in (*Desk).next, at "}},
		// It looks at the clock, which takes a nanosecond.
		{"a line that logs", []string{"import (\n", "import (\n\t\"log\"\n", visit, visit + "\tlog.Println(n)\n"}, exitLike, []string{"the same failure by a different run (digest "}},
		{"the fix", []string{"d.last = n\n", "d.last++\n\tn = d.last\n"}, exitOK, []string{"ok    " + file, "no failure any more, and the one key of its input was met"}},
		{"the lock is gone", []string{"\td.mu.Lock()\n\tn := d.last + 1\n\td.mu.Unlock()\n\td.mu.Lock()\n", "\tn := d.last + 1\n", "\td.last = n\n\td.mu.Unlock()\n", "\td.last = n\n"},
			exitUnmet, []string{"no failure, but the one key of its input was not met any more, so that this proves nothing:", "(started by shop/desk.TestNumbers), the ", " point in (*Desk).next, at ", "record the failure anew"}},
		{"another failure", []string{"\treturn n\n}\n\nfunc (d *Desk) look", "\tpanic(\"no number\")\n}\n\nfunc (d *Desk) look"}, exitOther, []string{"another failure; recorded was ", "no number"}},
		{"a comment", []string{"func (d *Desk) next", "// next returns a number that nobody has.\n//\n// Or so it should.\nfunc (d *Desk) next"}, exitSame, []string{"the same run to the bit"}},
		{"a renamed function", []string{"visit(", "serve("}, exitSame, []string{"the same run to the bit"}},
		{"a line that prints", []string{"import (\n", "import (\n\t\"fmt\"\n", visit, visit + "\tfmt.Println(\"a visitor\", n)\n"}, exitSame, []string{"the same run to the bit"}},
		{"function literals before those that there are", []string{"\td := open()\n", "\tdefer func() { _ = 1 }()\n\tfor _, f := range []func(){func() {}, func() {}} {\n\t\tf()\n\t}\n\td := open()\n"}, exitSame, []string{"the same run to the bit"}},
		{"another goroutine elsewhere", []string{opening, "func open() *Desk {\n\td := new(Desk)\n\tgo func() {\n\t\tfor range 5 {\n\t\t\td.look()\n\t\t}\n\t}()\n\treturn d\n}\n"},
			exitLike, []string{"the same failure by a different run (digest "}},
		{"a lock more elsewhere", []string{visit, "\td.look()\n" + visit + "\td.look()\n"}, exitSame, []string{"the same run to the bit", "two have the number"}},
		{"a wait more elsewhere", []string{"import (\n", "import (\n\t\"time\"\n", visit, "\ttime.Sleep(time.Millisecond)\n" + visit}, exitLike, []string{"the same failure by a different run (digest "}},
		{"the function that has the key is renamed", []string{"next()", "take()"}, exitUnmet, []string{"was not met any more, so that this proves nothing:", " point in (*Desk).next, at "}},
		{"another complaint", []string{"two have the number %d", "the number %d is not free"}, exitOther, []string{"another failure; recorded was ", "is not free"}},
		{"a test that is gone", []string{"TestNumbers", "TestAllNumbers"}, exitMisuse, []string{"?     " + file, "not runnable: the test is gone: ./desk has no test TestNumbers that runs"}},
		{"a package that does not build", []string{"\treturn n\n", "\treturn \"n\"\n"}, exitMisuse, []string{"not runnable: ", "does not build", "desk/desk.go:"}},
	}) {
		s.edit(c.edits...)
		a := s.run("replay " + file)
		t.Run(c.name, func(t *testing.T) {
			a.want(t, c.code, a.stdout, c.words...)
			if strings.Contains(a.stdout+a.stderr, "delete the file") {
				t.Errorf("advice to delete a file:\n%s", a.stdout)
			}
		})
	}
}

// The settings of Go do not matter for a replay.
func TestOrdinaryReplayWithSettings(t *testing.T) {
	takesLong(t)
	t.Parallel()
	s := &shop{t, t.TempDir()}
	s.edit()
	file := s.record()
	for _, setting := range []string{"GOMAXPROCS=1 GOGC=10", "GOMAXPROCS=8 GOGC=off", "GODEBUG=asyncpreemptoff=1"} {
		a := s.run("replay "+file, strings.Fields(setting)...)
		a.want(t, exitSame, a.stdout, "the same run to the bit")
	}
	// What is not inlined, and how it is optimised, is of no account.
	a := s.run("replay "+file, "GOFLAGS=-gcflags=-l -ldflags=-w")
	a.want(t, exitSame, a.stdout, "the same run to the bit")
	// In JSON, both worlds say the same things.
	a = s.run("replay -json " + file)
	a.want(t, exitSame, a.stdout, `{"schema":1,"file":"`+file+`","package":"shop/desk","test":"TestNumbers","seed":`, `"exit":1,"outcome":"same","words":"the same run to the bit","digest":"`, `"recorded":"`, `"error":"failed, at `)
}

// Neither do the race detector and the processor's architecture matter.
func TestOrdinaryReplayElsewhere(t *testing.T) {
	takesLong(t)
	t.Parallel()
	s := &shop{t, t.TempDir()}
	s.edit()
	file := s.record()
	a := s.run("replay -race " + file)
	a.want(t, exitSame, a.stdout, "the same run to the bit")
	if runtime.GOARCH != "amd64" || !runs386(t) {
		t.Skip("this machine runs no programs for 386")
	}
	a = s.run("replay "+file, "GOARCH=386", "CGO_ENABLED=0")
	a.want(t, exitSame, a.stdout, "the same run to the bit")
}

// runs386 reports whether programs for 386 can be run here.
func runs386(t *testing.T) bool {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\nfunc main() {}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", "main.go")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOARCH=386", "CGO_ENABLED=0")
	return cmd.Run() == nil
}

// What ends the process of a test is held to its file as well: a panic in any goroutine, a
// deadlock, a call of os.Exit.
func TestOrdinaryReplayOfProcessEnds(t *testing.T) {
	takesLong(t)
	t.Parallel()
	u := unmodifiedCopy(t)
	for _, c := range []struct{ test, signature string }{
		{"TestPanic", "panic: out of luck"},
		{"TestLocks", "deadlock in TestLocks: every goroutine of the test waits, and no timer is set"},
		{"TestLog", "a test calls os.Exit(#)"},
	} {
		a := u.run("test -shrink 0 -seeds 4 -run ^" + c.test + "$ ./bad")
		again := u.run(commandIn(t, a))
		again.want(t, exitSame, again.stdout, "the same run to the bit")
		files := u.saved(c.test + "-*.json")
		if len(files) != 1 {
			t.Fatal(files)
		}
		if data, err := os.ReadFile(files[0]); err != nil || !strings.Contains(string(data), `"signature": "`+c.signature+`"`) {
			t.Errorf("%s: the signature %q is not in\n%s", c.test, c.signature, data)
		}
	}
}
