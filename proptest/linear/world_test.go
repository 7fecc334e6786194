package linear

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"samerun/sim"
	"samerun/sim/fault"
)

// Two things at one virtual instant are in the order in which they happened: by
// time alone the stale read would pass.
func TestEqualInstants(t *testing.T) {
	var h History[RegisterInput, RegisterOutput]
	r := sim.Run(sim.Config{}, func(w *sim.World) {
		h.Begin(w, 0, RegisterInput{Op: RegisterWrite, Name: "x", Value: "1"}).End(RegisterOutput{})
		h.Begin(w, 1, RegisterInput{Op: RegisterRead, Name: "x"}).End(RegisterOutput{})
	})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	isLinearizable(t, Check(Register(), &h), false)
}

// A client that crashes leaves an operation without an answer, and so does a run
// that ends: deferred answers of tasks that are unwound do not count.
func TestUnansweredOperations(t *testing.T) {
	var h History[RegisterInput, RegisterOutput]
	r := sim.Run(sim.Config{}, func(w *sim.World) {
		for client, name := range []string{"crashed", "cut off"} {
			w.Node(name).Start(func() {
				c := h.Begin(w, client, RegisterInput{Op: RegisterWrite, Name: "x", Value: name})
				defer c.End(RegisterOutput{})
				w.Sleep(time.Hour)
			})
		}
		c := h.Begin(w, 2, RegisterInput{Op: RegisterWrite, Name: "x", Value: "canceled"})
		w.Sleep(time.Second)
		c.Cancel()
		c.End(RegisterOutput{})
		w.Node("crashed").Crash()
		h.Begin(w, 3, RegisterInput{Op: RegisterRead, Name: "x"}).End(RegisterOutput{Value: "crashed"})
		h.Begin(w, 3, RegisterInput{Op: RegisterRead, Name: "x"}).End(RegisterOutput{Value: "cut off"})
	})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	if h.Len() != 5 || h.Unanswered() != 2 {
		t.Errorf("%d operations, %d of them unanswered; it should be 5 and 2", h.Len(), h.Unanswered())
	}
	isLinearizable(t, Check(Register(), &h), true)
	// Nobody can read what was canceled.
	h.ops[len(h.ops)-1].out.Value = "canceled"
	isLinearizable(t, Check(Register(), &h), false)
}

// What was canceled did not happen: nobody reads it, and what was there before is
// read still.
func TestCanceledOperations(t *testing.T) {
	for value, ok := range map[string]bool{"": true, "canceled": false} {
		var h History[RegisterInput, RegisterOutput]
		var kv History[KVInput, string]
		if r := sim.Run(sim.Config{}, func(w *sim.World) {
			h.Begin(w, 0, RegisterInput{Op: RegisterWrite, Name: "x", Value: "canceled"}).Cancel()
			h.Begin(w, 1, RegisterInput{Op: RegisterRead, Name: "x"}).End(RegisterOutput{Value: value})
			kv.Begin(w, 0, KVInput{Op: KVPut, Key: "x", Value: "canceled"}).Cancel()
			kv.Begin(w, 1, KVInput{Op: KVGet, Key: "x"}).End(value)
		}); r.Err != nil {
			t.Fatal(r.Err)
		}
		isLinearizable(t, Check(Register(), &h), ok)
		isLinearizable(t, Check(KV(), &kv), ok)
	}
}

// The picture of a failure has the operations of the part that fails, their
// virtual times, and the faults between them.
func TestPicture(t *testing.T) {
	var h History[KVInput, string]
	sim.Run(sim.Config{}, func(w *sim.World) {
		h.Begin(w, 0, KVInput{Op: KVPut, Key: "y", Value: "innocent"}).End("")
		h.Begin(w, 0, KVInput{Op: KVPut, Key: "x", Value: "old"}).End("")
		w.Sleep(time.Second)
		h.Begin(w, 0, KVInput{Op: KVPut, Key: "x", Value: "unheard"})
		h.Begin(w, 0, KVInput{Op: KVPut, Key: "x", Value: "new"}).End("")
		w.Sleep(time.Second)
		h.Begin(w, 1, KVInput{Op: KVGet, Key: "x"}).End("old")
	})
	faults := fault.Schedule{Quiet: 3 * time.Second, Faults: []fault.Fault{
		{Kind: fault.Crash, Nodes: []string{"n1"}, At: 500 * time.Millisecond, For: time.Second},
		{Kind: fault.Drop, From: []string{"n0"}, To: []string{"n1"}, Nth: 3},
	}}
	path := filepath.Join(t.TempDir(), "picture.html")
	if err := Picture(path, KV(), &h, faults); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<html", "unheard", "crash", "n0 → n1", "quiet from 3s on", "2s to 2s"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if strings.Contains(string(data), "innocent") {
		t.Error("the picture shows a key with which nothing is wrong")
	}
	places := annotations(&h, faults, nil, 0, never)
	// Two calls and two answers come before the crash, two calls and an answer until
	// its end at 1.5 s.
	at := slices.IndexFunc(places, func(a porcupine.Annotation) bool { return a.Description == "crash n1" })
	if at < 0 {
		t.Fatalf("the crash is not drawn: %v", places)
	}
	if a := places[at]; a.Start != 9 || a.End != 15 {
		t.Errorf("the crash is drawn from %d to %d; it should be from 9 to 15", a.Start, a.End)
	}
	if err := Picture(filepath.Join(t.TempDir(), "none", "x.html"), KV(), &h, faults); err == nil {
		t.Error("a picture in a folder that is not there makes no error")
	}
	// A history with nothing wrong is shown whole, and so is an empty one.
	h.ops[len(h.ops)-1].out = "new"
	if err := Picture(path, KV(), &h, faults); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(path); !strings.Contains(string(data), "innocent") {
		t.Error("the picture of a linearizable history lacks a key")
	}
	if err := Picture(path, KV(), &History[KVInput, string]{}, faults); err != nil {
		t.Fatal(err)
	}
}

func TestBadInput(t *testing.T) {
	h := &History[KVInput, string]{}
	for want, err := range map[string]error{
		"no Init or no Step":            Check(Model[int, KVInput, string]{}, h),
		"linear.Check was given no":     Check(KV(), nil),
		"linear.Picture was given no":   Picture("x", KV(), nil, fault.Schedule{}),
		"the model has no Init or no S": Picture("x", Model[int, KVInput, string]{}, h, fault.Schedule{}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v; it should say %q", err, want)
		}
	}
}

// A search that is too much is given up after a number of steps, and says so; the
// same each time.
func TestUndecided(t *testing.T) {
	var moments []moment[QueueInput, QueueOutput]
	for i := range 40 {
		moments = append(moments, ask[QueueInput, QueueOutput](i, QueueInput{Op: QueuePush, Value: string(rune('a' + i))}))
	}
	for range 2 {
		moments = append(moments, ask[QueueInput, QueueOutput](99, QueueInput{Op: QueuePop}), get[QueueInput](99, QueueOutput{Value: "nothing", OK: true}))
	}
	m := Queue()
	e := &effort{steps: 20_000, states: 20_000}
	h := build(moments...)
	// The bound of Check would take seconds to reach.
	if ok := m.search(m.parts(h)[0].ops, e); ok || !e.done {
		t.Errorf("40 pushes without answers: linearizable is %v and given up is %v; it should be given up", ok, e.done)
	}
	var err error = &UndecidedError{Key: "q", Operations: 42}
	if !strings.Contains(err.Error(), `whether the history of "q" is linearizable is not known`) || errors.As(err, new(*Error)) {
		t.Errorf("the error is %v", err)
	}
}

// 10,000 operations are checked in well under a second, right or wrong.
func TestLargeHistories(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	h := kvHistory(r, 10, 10_000, 0, 4)
	isLinearizable(t, Check(KV(), h), true)
	for i := 9_000; ; i++ {
		if op := &h.ops[i]; op.in.Op == KVGet {
			op.out = "invented"
			break
		}
	}
	isLinearizable(t, Check(KV(), h), false)
	if err := Picture(filepath.Join(t.TempDir(), "large.html"), KV(), h, fault.Schedule{}); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkCheck(b *testing.B) {
	const operations = 10_000
	r := rand.New(rand.NewPCG(1, 4))
	h := kvHistory(r, 10, operations, 0, 8)
	for b.Loop() {
		if err := Check(KV(), h); err != nil {
			b.Fatal(err)
		}
	}
}
