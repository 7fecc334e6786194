package sim

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// lossy is a scenario that fails if its client hears nothing of one request. It
// has all that a minimiser can work on: faults, luck, steps, a size, a horizon.
func lossy(w *World) {
	horizon := w.Horizon(2 * time.Second)
	server := w.Node("server")
	var clients []*Node
	for i := range w.Size("clients", 1, 4) {
		clients = append(clients, w.Node(fmt.Sprint("client", i)))
	}
	w.Inject(fault.Chaos(), horizon)
	noise := DefaultLink()
	noise.Loss, noise.Duplicate, noise.Reorder = 20_000, 20_000, 20_000
	w.SetLinks(noise)
	sent, got := 0, &count{}
	server.Start(func() {})
	for i, c := range clients {
		c.Start(func() {
			for range w.Steps(fmt.Sprint("client", i), 30, Durations{Min: 10 * ms, Max: 60 * ms}) {
				sent++
				w.Link(c, server).Send(&Message{Size: 1}, 0, got)
			}
		})
	}
	w.Sleep(horizon)
	w.Sleep(time.Second)
	if got.dropped > 0 {
		w.Fail(&PropertyError{Name: "nothing is lost", At: w.Elapsed(), Err: fmt.Errorf("%d of %d requests", got.dropped, sent)})
	}
}

// failing returns the first failures of a scenario.
func failing(t *testing.T, n int, fn func(w *World)) []*Report {
	t.Helper()
	var list []*Report
	for seed := uint64(1); len(list) < n; seed++ {
		if r := Run(Config{Seed: seed}, fn); r.Err != nil {
			list = append(list, r)
		}
		if seed > 1000 {
			t.Fatal("too few seeds fail")
		}
	}
	return list
}

// The minimised run is the smallest: one request, and what loses it. None of its
// elements can be taken out: all are tried.
func TestMinimisedRunsAreOneMinimal(t *testing.T) {
	setenv(t, "SAMERUN_SHRINK", "1m")
	env, err := readEnv(replay.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range failing(t, 5, lossy) {
		x := &tester{t: &fakeT{name: "TestLossy"}, env: env, exec: func(cfg Config) (Config, *Report) { return cfg, Run(cfg, lossy) }}
		a := &attempt{cfg: Config{Seed: r.Seed}, report: r, failure: r.Err}
		small, passing, words := x.minimise(a)
		if small == nil {
			t.Fatalf("seed %d: %s", r.Seed, words)
		}
		besideIt(t, x, small, passing)
		p := saved("TestLossy", small.cfg, small.report, small.failure)
		if len(p.Schedule.Faults) != 1 || len(*p.Steps) != 1 || p.Sizes[0].Value != 1 || p.Calm != FixedLatency || p.Strategy != "fifo" || p.Horizon >= 2*time.Second {
			t.Errorf("seed %d is not small:\n%s\n%v %v %v calm %d %q", r.Seed, p.Schedule, *p.Steps, p.Sizes, p.Horizon, p.Calm, p.Strategy)
		}
		wantIn(t, words, "minimised in ", " → 1, ", "steps → 1", fmt.Sprintf("%d events → %d", r.Events, small.report.Events))
		removable(t, p, lossy)

		// And its file gives the same run.
		data, err := p.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		q, err := replay.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if again := Run(ConfigOf(q), lossy); again.Digest != p.Digest {
			t.Errorf("seed %d: digest %s of the file, %s of the run", r.Seed, again.Digest, p.Digest)
		}
	}
}

// besideIt fails if the story does not tell of the nearest run that passes, which is without the
// one fault, or if it does so otherwise the next time.
func besideIt(t *testing.T, x *tester, small *attempt, passing []shrink.Neighbour) {
	t.Helper()
	file := small.file("TestLossy")
	one, again := x.evidenceBeside(small, file, passing).tell(), x.evidenceBeside(small, file, passing).tell()
	if one.String() != again.String() {
		t.Errorf("the story is told otherwise:%s\nand:%s", one, again)
	}
	if one.Neighbour == nil {
		t.Fatalf("no run that passes is told:%s", one)
	}
	n := one.Neighbour
	if n.Less != "the fault "+strings.Join(strings.Fields(small.report.Schedule.Faults[0].String()), " ") || n.With.Words == "" || n.Without.Words == "" || n.With.At == 0 {
		t.Errorf("%+v", n)
	}
	wantIn(t, one.String(), "nearest run that passes: without "+n.Less, "with it:     ", "without it:  ")
	if lone := x.evidence(small).tell(); lone.Neighbour != nil {
		t.Errorf("a failure that was not minimised has a neighbour: %+v", lone.Neighbour)
	}
}

// removable fails if something can be taken out of a replay, and it fails still.
func removable(t *testing.T, p *replay.File, fn func(w *World)) {
	t.Helper()
	in := p.Input()
	for i := range in.Schedule.Faults {
		less := in
		less.Schedule = in.Schedule.Without(i)
		if r := Run(ConfigOf(p.With(less)), fn); (&attempt{report: r, failure: r.Err}).fails(p) {
			t.Errorf("it fails without %v", in.Schedule.Faults[i])
		}
	}
	for i := range in.Steps {
		less := in
		less.Steps = append(append(Steps{}, in.Steps[:i]...), in.Steps[i+1:]...)
		if r := Run(ConfigOf(p.With(less)), fn); (&attempt{report: r, failure: r.Err}).fails(p) {
			t.Errorf("it fails without step %v", in.Steps[i])
		}
	}
	for i := range in.Deviations {
		less := in
		less.Deviations = append(append(in.Deviations[:0:0], in.Deviations[:i]...), in.Deviations[i+1:]...)
		if r := Run(ConfigOf(p.With(less)), fn); (&attempt{report: r, failure: r.Err}).fails(p) {
			t.Errorf("it fails without deviation %v", in.Deviations[i])
		}
	}
}

// A calm run with the mishaps of another as elements fails like that other.
func TestMishapsStandForLuck(t *testing.T) {
	fn := func(w *World) {
		noise := DefaultLink()
		noise.Loss, noise.Duplicate, noise.Reorder = 100_000, 100_000, 100_000
		w.SetLinks(noise)
		a, b := w.Node("a"), w.Node("b")
		got := &count{}
		b.Start(func() {})
		a.Start(func() {
			for range 100 {
				w.Link(a, b).Send(&Message{Kind: w.Kind("x"), Size: 1}, 0, got)
				w.Link(a, b).Send(&Message{Kind: w.Kind("y"), Size: 1, Reply: true}, 0, got)
				w.Sleep(ms)
			}
		})
		w.Sleep(time.Second)
		w.Logf("%d %d", got.delivered, got.dropped)
	}
	for seed := range uint64(20) {
		rough := Run(Config{Seed: seed}, fn)
		p := probe(Config{Seed: seed}, func(cfg Config) (Config, *Report) { return cfg, Run(cfg, fn) })
		calm := Run(Config{Seed: seed, Calm: NoMishaps, Faults: &p.Mishaps}, fn)
		if seed > 0 && p.Mishaps.Size() < 20 || calm.Err != nil {
			t.Fatalf("%d mishaps, %v", p.Mishaps.Size(), calm.Err)
		}
		a, b := rough.Messages, calm.Messages
		if a.Lost != b.Lost || a.Duplicated != b.Duplicated || a.Reordered != b.Reordered {
			t.Errorf("seed %d: rough %+v, calm %+v", seed, a, b)
		}
		if still := Run(Config{Seed: seed, Calm: FixedLatency}, fn).Messages; still.Lost+still.Duplicated+still.Reordered > 0 {
			t.Errorf("seed %d: a calm run has mishaps: %+v", seed, still)
		}
	}
}

// A failing test is minimised, saved small, and what is attached lies beside it.
func TestAFailingTestIsMinimised(t *testing.T) {
	dir := t.TempDir()
	setenv(t, "SAMERUN_SEEDS", "1-200", "SAMERUN_SHRINK", "1m", "SAMERUN_OUT", dir)
	f := runTest(&fakeT{}, func(w *World) {
		w.Attach("note.txt", func(path string) error { return os.WriteFile(path, []byte("lost"), 0o644) })
		w.Attach("bad.txt", func(path string) error { return errors.New("no ink") })
		lossy(w)
	})
	if len(f.errors) != 1 {
		t.Fatalf("%q", f.errors)
	}
	wantIn(t, f.errors[0], `property "nothing is lost" broken at`, "minimised in ", "input: step ", "tasks in order of readiness", "1 fault, which took effect", "it repeats", "beside it: ", ".note.txt", "no ink", "again: SAMERUN_REPLAY=")
	notes, _ := filepath.Glob(filepath.Join(dir, "*.note.txt"))
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(notes) != 1 || len(files) != 1 || strings.TrimSuffix(notes[0], ".note.txt") != strings.TrimSuffix(files[0], ".json") {
		t.Errorf("%q %q", notes, files)
	}
}

// A test that is marked as failed stays so; nobody can tell then what else fails.
func TestMarksAreNotMinimised(t *testing.T) {
	setenv(t, "SAMERUN_SEED", "1", "SAMERUN_SHRINK", "1m")
	f := &fakeT{}
	runs := 0
	runTest(f, func(w *World) { runs++; f.failed = true })
	if runs != 2 || len(f.errors) != 1 || strings.Contains(f.errors[0], "minimised") {
		t.Errorf("%d runs: %q", runs, f.errors)
	}
}

func TestShrinkVariable(t *testing.T) {
	for _, value := range []string{"5", "-1s", "soon"} {
		setenv(t, "SAMERUN_SHRINK", value)
		f := runTest(&fakeT{}, func(*World) {})
		if len(f.errors) != 1 || !strings.Contains(f.errors[0], `SAMERUN_SHRINK is "`+value+`"; it takes the real time`) {
			t.Errorf("%q", f.errors)
		}
	}
}

// An attachment is there whole or not at all, and one of another content is not taken
// for it.
func TestAttachmentsAreWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.json")
	half := func(path string) error {
		return errors.Join(os.WriteFile(path, []byte("ha"), 0o644), errors.New("the disk is full"))
	}
	whole := func(path string) error { return os.WriteFile(path, []byte("half and half"), 0o644) }
	r := &Report{attached: []attachment{{"a.txt", half}, {"b.txt", whole}}}
	paths, err := r.writeAttachments(path)
	if len(paths) != 1 || filepath.Base(paths[0]) != "x.b.txt" || err == nil {
		t.Errorf("%q, %v", paths, err)
	}
	if all, _ := os.ReadDir(dir); len(all) != 1 {
		t.Errorf("there is %v", all)
	}
	os.WriteFile(paths[0], []byte("half"), 0o644)
	r.attached = r.attached[1:]
	if paths, err := r.writeAttachments(path); len(paths) != 0 || err == nil || !strings.Contains(err.Error(), "another content") {
		t.Errorf("%q, %v", paths, err)
	}
}

func TestStrictVariable(t *testing.T) {
	for _, value := range []string{"maybe", "2", "off"} {
		setenv(t, "SAMERUN_STRICT", value)
		f := runTest(&fakeT{}, func(*World) {})
		if want := `SAMERUN_STRICT is "` + value + `"; it takes 1 for on, or 0 for off`; len(f.errors) != 1 || !strings.Contains(f.errors[0], want) {
			t.Errorf("%q, want %s", f.errors, want)
		}
	}
}
