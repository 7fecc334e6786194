package labgob

import (
	"bytes"
	"encoding/gob"
	"io"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

type entry struct {
	Term    int
	Command any
}

type args struct {
	Term    int
	Entries []entry
	votes   int
}

type reply struct {
	Term    int
	Success bool
	Err     string
	Ratio   float64
	In      struct{ Deep int }
	Ptr     *int
}

type op struct{ Key, Value string }

// output runs f and returns what it printed, and how many mistakes it counted.
func output(t *testing.T, f func()) (string, int) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old, before := os.Stdout, Warnings()
	os.Stdout = w
	func() {
		defer func() { os.Stdout = old }()
		f()
	}()
	w.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), Warnings() - before
}

func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	b, err := Marshal(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestStreamOfState(t *testing.T) {
	Register(op{})
	var w bytes.Buffer
	e := NewEncoder(&w)
	log := []entry{{1, op{"k", "v"}}, {2, 7}, {2, nil}}
	for _, v := range []any{3, "voted", log} {
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.EncodeValue(reflect.ValueOf(log[0])); err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(&w)
	var term int
	var voted string
	var got []entry
	var one entry
	for _, into := range []any{&term, &voted, &got, &one} {
		if err := d.Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	if term != 3 || voted != "voted" || !reflect.DeepEqual(got, log) || one != log[0] {
		t.Errorf("got %v %q %v %v", term, voted, got, one)
	}
	if err := d.Decode(new(int)); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

// TestSmallFields: one line and one count for each field, once, wherever the type is met first.
func TestSmallFields(t *testing.T) {
	//lint:ignore U1000 the small field is here to be found
	type hidden struct{ secret, Shown int }
	if checks.OfType(reflect.TypeFor[hidden]()) != nil {
		t.Skip("this process has told once already (-count)")
	}
	type deep struct {
		List map[string][]*hidden
		//lint:ignore U1000 it is here to be looked at
		own time.Time // a small name, but what is inside encodes itself
	}
	text, n := output(t, func() {
		for range 3 {
			mustMarshal(t, deep{})
			_ = Unmarshal(nil, new(hidden))
			Register(hidden{})
		}
	})
	if n != 2 || strings.Count(text, "\n") != 2 {
		t.Errorf("%d mistakes:\n%s", n, text)
	}
	for _, want := range []string{"field secret of labgob.hidden", "field own of labgob.deep"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	text, n = output(t, func() { mustMarshal(t, struct{ T time.Time }{}) })
	if n != 0 || text != "" {
		t.Errorf("a type that encodes itself: %d, %s", n, text)
	}
}

// TestStaleDestination: what is not zero is counted each time, told once, and decoded as gob does it.
func TestStaleDestination(t *testing.T) {
	warnedStale.Store(false) // the test is to see the first warning
	data := mustMarshal(t, reply{Term: 5})
	text, n := output(t, func() {
		var fresh reply
		if err := Unmarshal(data, &fresh); err != nil {
			t.Error(err)
		}
	})
	if n != 0 || text != "" {
		t.Errorf("a fresh reply: %d, %q", n, text)
	}
	var r reply
	text, n = output(t, func() {
		r = reply{Success: true, Err: "old"}
		if err := Unmarshal(data, &r); err != nil {
			t.Error(err)
		}
	})
	if n != 2 || strings.Count(text, "\n") != 1 || !strings.Contains(text, "field Success") || !strings.Contains(text, "labgob.reply") {
		t.Errorf("%d mistakes:\n%s", n, text)
	}
	if r != (reply{Term: 5, Success: true, Err: "old"}) {
		t.Errorf("the bug must stay visible: %+v", r)
	}
	minusZero := reply{Ratio: 1}
	minusZero.Ratio *= -1
	one := 1
	for _, c := range []struct {
		name string
		into any
		want int
	}{
		{"number", func() any { n := 3; return &n }(), 1},
		{"pointer to pointer", func() any { n := &one; return &n }(), 1},
		{"nil pointer", new(*int), 0},
		{"too deep", &reply{In: struct{ Deep int }{1}, Ptr: &one}, 0},
		{"float", &minusZero, 1},
		{"slice", &[]int{1}, 0},
		{"unexported", &args{votes: 1}, 0},
		{"bool", func() any { b := true; return &b }(), 1},
		{"empty", new(string), 0},
		{"nil", (*int)(nil), 0},
	} {
		check(c.into) // its fields are another matter
		text, n := output(t, func() { _ = Unmarshal(data, c.into) })
		if n != c.want || text != "" {
			t.Errorf("%s: %d mistakes, want %d; printed %q", c.name, n, c.want, text)
		}
	}
}

func TestErrors(t *testing.T) {
	type nobody struct{ X int }
	for _, c := range []struct {
		v    any
		want string
	}{
		{nil, "nil value"},
		{(*op)(nil), "nil pointer"},
		{entry{1, nobody{1}}, "call labgob.Register(labgob.nobody{})"},
		{func() {}, "func()"},
	} {
		b, err := Marshal([]byte("kept"), c.v)
		if err == nil || !strings.Contains(err.Error(), c.want) || string(b) != "kept" {
			t.Errorf("%T: %q, %v", c.v, b, err)
		}
		if err := NewEncoder(io.Discard).Encode(c.v); err == nil {
			t.Errorf("%T: encoded", c.v)
		}
	}
	if err := Unmarshal([]byte{3, 4, 0, 6}, new(string)); err == nil {
		t.Error("a number was decoded into a string")
	}
	if err := NewEncoder(io.Discard).EncodeValue(reflect.Value{}); err == nil {
		t.Error("nothing was encoded")
	}
	if err := Unmarshal(nil, nil); err != io.EOF {
		t.Errorf("nothing into nothing: %v", err)
	}
	for _, register := range []func(){func() { Register(nil) }, func() { RegisterName("x", nil) }, func() { RegisterName("string", op{}) }} {
		func() {
			defer func() {
				if r := recover(); r == nil {
					t.Error("registered")
				}
			}()
			register()
		}()
	}
}

func TestRegisterName(t *testing.T) {
	type command struct{ N int }
	RegisterName("the command", command{})
	data := mustMarshal(t, entry{1, command{2}})
	if !bytes.Contains(data, []byte("the command")) {
		t.Errorf("no name in %q", data)
	}
	var got entry
	if err := Unmarshal(data, &got); err != nil || got.Command != (command{2}) {
		t.Errorf("%v, %v", got, err)
	}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&got); err != nil {
		t.Errorf("gob does not know the name: %v", err)
	}
}

// TestParallel is for the race detector: worlds that run side by side share the checks and the plans.
func TestParallel(t *testing.T) {
	type message struct {
		A int
		B []struct{ C map[int]string }
	}
	want := mustMarshal(t, message{A: 1, B: []struct{ C map[int]string }{{map[int]string{2: "b", 1: "a"}}}})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				var m message
				if err := Unmarshal(want, &m); err != nil {
					t.Error(err)
				}
				if got, err := Marshal(nil, m); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%x, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

var benchReply = &reply{Term: 3, Success: true}

func BenchmarkMarshal(b *testing.B) {
	buf := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = Marshal(buf[:0], benchReply)
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	data, _ := Marshal(nil, benchReply)
	b.ReportAllocs()
	for b.Loop() {
		var r reply
		if err := Unmarshal(data, &r); err != nil {
			b.Fatal(err)
		}
	}
}
