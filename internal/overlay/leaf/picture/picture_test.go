package picture

import (
	"fmt"
	"strings"
	"testing"
)

// lines is a program, whose file is /p/a.go.
var lines = []string{
	"package p", "x.mu.Lock()", "y.mu.Lock()", "go f()", "done := make(chan bool)", "done <- true", "\tselect {", "\tcase <-done:", "\tcase out <- 1:", "\tcase v, ok := <-in:", "\t}", "z.mu.Lock()",
}

func user(function string, line int) Frame {
	return Frame{Func: function, File: "/p/a.go", Line: line, User: true}
}

func picture(known map[uintptr]*Known, all ...Goroutine) string {
	p := Picture{All: all, Dir: "/p", Known: func(thing uintptr) *Known { return known[thing] }, Source: func(file string, line int) string {
		if file != "/p/a.go" || line < 1 || line > len(lines) {
			return ""
		}
		return lines[line-1]
	}}
	return p.Text()
}

func sema(f Frame) []Frame {
	return []Frame{{Func: "runtime.gopark"}, {Func: "sync.runtime_SemacquireMutex"}, {Func: "sync.(*Mutex).Lock"}, f}
}

func TestText(t *testing.T) {
	two := func(born uint64, thing uintptr) Goroutine {
		return Goroutine{Born: born, Kind: OnLock, From: []Frame{user("p.main", 4)}, Stack: sema(user("p.f", 2)), Thing: thing}
	}
	test := Frame{Func: "testing.tRunner"}
	for _, c := range []struct {
		name, want string
		known      map[uintptr]*Known
		all        []Goroutine
	}{
		{name: "nobody"},
		{name: "two locks that are called the same", all: []Goroutine{two(7, 100), two(9, 200)},
			known: map[uintptr]*Known{100: {Writer: Holder{Born: 9, At: []Frame{user("p.f", 2)}}}, 200: {Writer: Holder{Born: 7, At: []Frame{user("p.f", 2)}}}},
			want: `these wait for each other:
  goroutine 1 holds lock A, taken at a.go:2, and waits for lock B at a.go:2
  goroutine 2 holds lock B, taken at a.go:2, and waits for lock A at a.go:2

goroutine 1, started at a.go:4, waits for lock B, which goroutine 2 holds
    p.f  a.go:2  x.mu.Lock()

goroutine 2, started at a.go:4, waits for lock A, which goroutine 1 holds
    p.f  a.go:2  x.mu.Lock()
`},
		{name: "who says what it waits for", all: []Goroutine{
			{Born: 1, Kind: OnOther, For: "the last train", On: "traveller on n1", From: []Frame{user("p.main", 4)}, Stack: []Frame{{Func: "testing.(*samerunHost).Park"}, user("p.f", 2)}},
		}, want: `goroutine 1 (traveller on n1), started at a.go:4, waits for the last train
    p.f  a.go:2  x.mu.Lock()
`},
		{name: "one lock and many who wait, while nothing is known", all: []Goroutine{two(1, 100), two(2, 100), two(3, 100)}, want: `each of 3 goroutines, started at a.go:4, waits for lock x.mu
    p.f  a.go:2  x.mu.Lock()
`},
		{name: "readers, one of whom has ended", all: []Goroutine{
			{Born: 1, Kind: OnWrite, Stack: append(sema(user("p.TestX", 3)), test), Thing: 100},
			{Born: 2, Kind: OnSleep, Until: 2500000000, From: []Frame{{Func: "time.goFunc"}}, Stack: []Frame{{Func: "time.Sleep"}, user("p.f", 6)}},
		}, known: map[uintptr]*Known{100: {Writer: Holder{Born: 1}, Readers: []Holder{{Born: 2, At: []Frame{user("p.f", 2)}}, {Born: 5, From: []Frame{user("p.f", 4)}, At: []Frame{user("p.g", 3)}}}}},
			want: `TestX waits to write under lock mu, under which goroutine 1 and a goroutine that has ended (started at a.go:4) read
    p.TestX  a.go:3  y.mu.Lock()
  never given back: taken at a.go:3  y.mu.Lock()

goroutine 1, started by a timer, sleeps until 2.5s
    p.f  a.go:6  done <- true
  it reads under lock mu, taken at a.go:2  x.mu.Lock()
`},
		{name: "one lock with two names, beside another that ends like them", all: []Goroutine{two(1, 100), two(2, 200)},
			known: map[uintptr]*Known{100: {Writer: Holder{Born: 2, At: []Frame{user("p.f", 3)}}}, 200: {Writer: Holder{Born: 7, At: []Frame{user("p.f", 2)}}}},
			want: `goroutine 1, started at a.go:4, waits for lock A, which goroutine 2 holds
    p.f  a.go:2  x.mu.Lock()

goroutine 2, started at a.go:4, waits for lock B, which a goroutine that has ended holds
    p.f  a.go:2  x.mu.Lock()
  it holds lock A, taken at a.go:3  y.mu.Lock()
  never given back: taken at a.go:2  x.mu.Lock()
`},
		{name: "the same, where the other has a name of its own", all: []Goroutine{two(1, 100), {Born: 2, Kind: OnLock, From: []Frame{user("p.main", 4)}, Stack: sema(user("p.g", 12)), Thing: 200}},
			known: map[uintptr]*Known{100: {Writer: Holder{Born: 2, At: []Frame{user("p.g", 3)}}}},
			want: `goroutine 1, started at a.go:4, waits for lock A, which goroutine 2 holds
    p.f  a.go:2  x.mu.Lock()

goroutine 2, started at a.go:4, waits for lock z.mu
    p.g  a.go:12  z.mu.Lock()
  it holds lock A, taken at a.go:3  y.mu.Lock()
`},
		{name: "who reads behind itself", all: []Goroutine{{Born: 1, Kind: OnRead, Thing: 100, From: []Frame{user("p.main", 4)}, Stack: sema(user("p.f", 2))}},
			known: map[uintptr]*Known{100: {Writer: Holder{Born: 1, At: []Frame{user("p.f", 2)}}}},
			want: `this one waits for itself:
  goroutine 1 holds lock x.mu, taken at a.go:2, and waits to read under lock x.mu at a.go:2

goroutine 1, started at a.go:4, waits to read under lock x.mu, which it holds itself
    p.f  a.go:2  x.mu.Lock()
`},
		{name: "a channel that is made where it is waited for", all: []Goroutine{{Born: 1, Kind: OnReceive, From: []Frame{user("p.main", 4)}, Stack: []Frame{{Func: "runtime.chanrecv1"}, user("p.f", 8)}, Cases: []Case{{Channel: 10}}}},
			known: map[uintptr]*Known{10: {Made: []Frame{{Func: "context.(*cancelCtx).Done"}, user("p.f", 8)}}},
			want: `goroutine 1, started at a.go:4, waits to receive from channel done
    p.f  a.go:8  case <-done:
  nobody has sent to channel done or closed it
`},
		{name: "a select", all: []Goroutine{{Born: 1, Kind: OnSelect, Stack: []Frame{{Func: "runtime.selectgo"}, user("p.f", 7)}, Cases: []Case{
			{Channel: 20, Index: 1, Sends: true, Cap: 2, Len: 2}, {Channel: 10, Index: -1, Had: []uint64{1, 2}}, {Channel: 30, Index: -2, Timer: true}}},
			{Born: 2, Kind: IsReady, Stack: []Frame{user("p.g", 6)}}},
			known: map[uintptr]*Known{10: {Made: []Frame{user("p.f", 5)}, Uses: []Use{{What: Receives, N: 1, Born: 1}, {What: Closes, N: 1, Born: 8, At: []Frame{user("p.g", 4)}}}}},
			want: `goroutine 1 waits in a select
  sends to channel out (2 of 2 in its buffer)   out <- 1
  receives from channel done   <-done
  receives from a timer   v, ok := <-in
    p.f  a.go:7  select {
  channel done was made at a.go:5  done := make(chan bool)
  a goroutine that has ended closed it at a.go:4  go f()
  goroutine 2 has channel done, too

goroutine 2 could go on, and has not had its turn yet
    p.g  a.go:6  done <- true
`},
		{name: "those of before come last", all: []Goroutine{
			{Born: 1, Kind: OnNone, Left: "from before the tests", From: []Frame{user("p.init", 4)}, Stack: []Frame{user("p.init.func1", 6)}},
			{Born: 2, Kind: OnNone, Stack: []Frame{user("p.TestX", 4), test}},
			{Born: 3, Kind: OnNone, Left: "left by TestA", Stack: []Frame{user("p.TestA.func1", 4)}}},
			want: `TestX waits in a select without cases, which is for ever
    p.TestX  a.go:4  go f()

goroutine 1, from before the tests, started at a.go:4, waits in a select without cases, which is for ever
    p.init.func1  a.go:6  done <- true

goroutine 2, left by TestA, waits in a select without cases, which is for ever
    p.TestA.func1  a.go:4  go f()
`},
		{name: "a program", all: []Goroutine{{Born: 2, Kind: OnNone, From: []Frame{{Func: "testing.samerunRunProgram"}}, Stack: []Frame{user("x/prog.f", 6), user("x/prog.main", 4), {Func: "testing.samerunRunProgram.func1"}}}},
			want: `main waits in a select without cases, which is for ever
    prog.f     a.go:6  done <- true
    prog.main  a.go:4  go f()
`},
		{name: "without source", all: []Goroutine{{Born: 3, Kind: OnSend, Stack: []Frame{{Func: "runtime.chansend1"}, {Func: "example.com/q.f", File: "/elsewhere/q/b.go", Line: 9, User: true}}, Cases: []Case{{Channel: 1, Sends: true}}}},
			want: `goroutine 1 waits to send to channel A
    q.f  q/b.go:9
`},
		{name: "in the standard library", all: []Goroutine{{Born: 3, Kind: OnSelect, From: []Frame{{Func: "net/http.(*Server).Serve"}}, Stack: []Frame{{Func: "runtime.selectgo"}, {Func: "net/http.a"}, {Func: "net/http.(*conn).serve"}}, Cases: []Case{{Channel: 1}}}},
			want: "goroutine 1, started by net/http.(*Server).Serve, waits in net/http.(*conn).serve\n"},
	} {
		if got := picture(c.known, c.all...); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// What is alike is told once, what is much is cut, and what waits for nobody can be left out.
func TestMost(t *testing.T) {
	var all []Goroutine
	for i := range 10 {
		all = append(all, Goroutine{Born: uint64(i + 1), Kind: OnSleep, Until: int64(i / 2), Stack: []Frame{user("p.f", 4)}})
	}
	p := Picture{All: all, Most: 2}
	if got := p.Text(); strings.Count(got, "each of 2 goroutines") != 2 || !strings.HasSuffix(got, "\n… and 6 more\n") {
		t.Error(got)
	}
	if p.Waiting = true; p.Text() != "" {
		t.Error(p.Text())
	}
}

// The program's own words for what it uses, where they can be told.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		find       func(string) string
		line, want string
	}{
		{lockWords, "s.peers[i].mu.Lock() // x.Lock()", "s.peers[i].mu"},
		{lockWords, "go func() { mu.RLock(); f() }()", "mu"},
		{lockWords, "a.Lock(); b.Lock()", ""},
		{lockWords, "rf.lock(\"tick\")", ""},
		{lockWords, "p.tables.Do(func() {", "p.tables"},
		{channelWords, "c <- 1", "c"},
		{channelWords, "s.out[f(i, j)] <- v", "s.out[f(i, j)]"},
		{channelWords, "x := <-s.in", "s.in"},
		{channelWords, "return <-done", "done"},
		{channelWords, "for x := range s.in {", "s.in"},
		{channelWords, "a <- <-b", ""},
		{channelWords, "<-make(chan int)", ""},
		{makeWords, "c := make(chan int)", "c"},
		{makeWords, "stop: make(chan struct{}, 1),", "stop"},
		{makeWords, "rf.applyCh = make(chan Msg)", "rf.applyCh"},
		{makeWords, "a, b := make(chan int), make(chan int)", ""},
		{makeWords, "return make(chan int)", ""},
	} {
		if got := c.find(c.line); got != c.want {
			t.Errorf("%q: %q, want %q", c.line, got, c.want)
		}
	}
	if got := fmt.Sprint(letter(0), letter(25), letter(26)); got != "AZA1" {
		t.Error(got)
	}
}

// Who runs tests, and waits for one, is no goroutine of theirs, unless it is in a function
// of the program other than TestMain.
func TestRuns(t *testing.T) {
	run := Frame{Func: "testing.(*T).Run"}
	for _, c := range []struct {
		stack []Frame
		want  bool
	}{
		{nil, false},
		{[]Frame{run, {Func: "testing.(*M).Run"}, {Func: "main.main"}}, true},
		{[]Frame{run, {Func: "a/b.TestMain", User: true}}, true},
		{[]Frame{run, {Func: "a/b.TestX", User: true}}, false},
		{[]Frame{{Func: "a/b.TestMain", User: true}}, false},
		{[]Frame{{Func: "testing.samerunRunProgram"}, {Func: "testing.MainStart"}}, true},
		{[]Frame{user("p.main", 2), {Func: "testing.samerunRunProgram.func1"}}, false},
	} {
		if got := (&Goroutine{Stack: c.stack}).Runs(); got != c.want {
			t.Errorf("%v: %t, want %t", c.stack, got, c.want)
		}
	}
}
