package linear

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"samerun/sim"
	"samerun/sim/fault"
)

// forgetful is a scenario in which a register forgets a write when its node
// crashes.
func forgetful(w *sim.World) {
	value, node := "", w.Node("store")
	node.Start(func() {})
	w.Inject(fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Crash, Nodes: []string{"store"}, At: time.Second, For: time.Second},
	}}, 5*time.Second)
	var h History[RegisterInput, RegisterOutput]
	c := h.Begin(w, 0, RegisterInput{Op: RegisterWrite, Name: "x", Value: "1"})
	value = "1"
	w.Sleep(500 * time.Millisecond)
	c.End(RegisterOutput{})
	c = h.Begin(w, 0, RegisterInput{Op: RegisterRead, Name: "x"})
	w.Sleep(time.Second)
	if !node.Up() {
		value = ""
	}
	c.End(RegisterOutput{Value: value})
	CheckIn(w, Register(), &h)
}

func TestCheckInBreaksAProperty(t *testing.T) {
	r := sim.Run(sim.Config{}, forgetful)
	var property *sim.PropertyError
	if !errors.As(r.Err, &property) || property.Name != Property || property.At != 1500*time.Millisecond {
		t.Fatalf("the failure is %v; it should be the property %q at 1.5s", r.Err, Property)
	}
	if !errors.As(r.Err, new(*Error)) || !strings.HasPrefix(property.Err.Error(), `the history of "x" is not linearizable`) {
		t.Errorf("the property says %v", property.Err)
	}
	r = sim.Run(sim.Config{}, func(w *sim.World) {
		var h History[RegisterInput, RegisterOutput]
		CheckIn(w, Register(), &h)
	})
	if r.Err != nil {
		t.Errorf("an empty history fails: %v", r.Err)
	}
	r = sim.Run(sim.Config{}, func(w *sim.World) {
		CheckIn(w, Register(), (*History[RegisterInput, RegisterOutput])(nil))
	})
	if r.Err == nil || errors.As(r.Err, &property) || !strings.Contains(r.Err.Error(), "was given no history") {
		t.Errorf("without a history the run says %v", r.Err)
	}
}

// failing is a testing.TB that notes what a test would print.
type failing struct {
	name   string
	log    strings.Builder
	failed bool
}

type failNow struct{}

func (f *failing) Name() string { return f.name }
func (f *failing) Helper()      {}
func (f *failing) Errorf(format string, args ...any) {
	f.failed = true
	fmt.Fprintf(&f.log, format, args...)
}
func (f *failing) Failed() bool  { return f.failed }
func (f *failing) FailNow()      { f.failed = true; panic(failNow{}) }
func (f *failing) Skipped() bool { return false }
func (f *failing) SkipNow()      {}

// The picture stands beside the replay file, with the faults of the run; those that
// did nothing are told apart.
func TestPictureBesideTheReplayFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SAMERUN_OUT", dir)
	t.Setenv("SAMERUN_SEED", "0")
	f := &failing{name: "TestForgetful"}
	func() {
		defer func() {
			if x := recover(); x != nil && x != any(failNow{}) {
				panic(x)
			}
		}()
		sim.Test(f, forgetful)
	}()
	files, err := filepath.Glob(filepath.Join(dir, "*.linear.html"))
	if err != nil || len(files) != 1 {
		t.Fatalf("pictures: %q, %v; there should be one\n%s", files, err, f.log.String())
	}
	if _, err := os.Stat(strings.TrimSuffix(files[0], "linear.html") + "json"); err != nil {
		t.Error(err)
	}
	if !strings.Contains(f.log.String(), filepath.Base(files[0])) {
		t.Errorf("the story does not name the picture:\n%s", f.log.String())
	}
	page, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(files[0]), ".linear.html")
	for _, want := range []string{
		"no order explains read(x)", `"Description":"crash store"`, `"Tag":"virtual time"`,
		"<title>" + name + ", seed 0</title>", "<strong>" + name + ", seed 0</strong><br>",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
}

// Faults that did nothing are told apart from those that are drawn, and faults at one
// time stand in rows of their own.
func TestFaultsOfAPicture(t *testing.T) {
	crash := func(node string) fault.Fault {
		return fault.Fault{Kind: fault.Crash, Nodes: []string{node}, At: time.Second, For: time.Second}
	}
	faults := fault.Schedule{Faults: []fault.Fault{crash("a"), crash("nobody"), crash("b")}}
	h := build(ask[int, int](0, 1), get[int](0, 1))
	h.ops[0].endsAt = time.Minute
	outcomes := []sim.FaultOutcome{{Index: 0, Fired: 1}, {Index: 1, Why: "there was no node nobody"}, {Index: 2, Fired: 1}}
	var got []string
	for _, a := range annotations(h, faults, outcomes, 0, never) {
		got = append(got, a.Tag+": "+a.Description+": "+a.Details)
	}
	want := []string{"faults 01: crash a: ", "faults 02: crash b: ", "without effect: did nothing: 1: "}
	for i := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("the picture has %q; it should have %q", got, want)
		}
	}
	if !strings.Contains(got[2], "there was no node nobody") {
		t.Errorf("the note %q does not say why", got[2])
	}
}

// A long history is shown from an order of what came before, and if none is found
// without.
func TestPictureOfALongHistory(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	h := registerHistory(r, 4, 2_000, 0, 2)
	h.ops[1_900].in.Op, h.ops[1_900].out.Value = RegisterRead, "invented"
	m := Register()
	p := m.parts(h)[0]
	bad, _ := m.firstBad(p, nil)
	v := m.window(p.ops, bad)
	if v.blind || v.left < 1_700 || v.left+len(v.ops) > 1_904 {
		t.Errorf("blind is %v, %d operations are left out and %d shown", v.blind, v.left, len(v.ops))
	}
	// Only the search knows of another beginning.
	m.Init, m.direct, m.narrow = func() string { return v.start }, nil, nil
	if m.decide(v.ops) != porcupine.Illegal {
		t.Error("what is shown is linearizable")
	}
	if before := m.until(v.ops, bad.end-1); m.decide(before) != porcupine.Ok {
		t.Error("what is shown before the bad answer is not linearizable")
	}
	queue := queueHistory(r, 10, 4_000, 1)
	staleEnd := &queue.ops[3_900]
	staleEnd.in.Op, staleEnd.out, staleEnd.state = QueuePop, QueueOutput{"invented", true}, answered
	if staleEnd.end == never {
		t.Fatal("the operation has no end")
	}
	path := filepath.Join(t.TempDir(), "queue.html")
	if err := Picture(path, Queue(), queue, fault.Schedule{}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(page), "operations before") || len(page) > 500_000 {
		t.Errorf("%d bytes, %v; the picture should be short, and say what it leaves out", len(page), err)
	}
}
