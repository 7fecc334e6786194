package proptest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/trial"
	"samerun/sim"
	"samerun/sim/fault"
)

// adding is a property that draws of all sorts and fails for some seeds: calls that
// are repeated are executed twice, and clients start again when they crash.
func adding(p *P) {
	faults := p.Faults(Names("n0", "client0", "client1"), Horizon(2*time.Second), Budget(12), All)
	by := Draw(p, rapid.SliceOfN(rapid.IntRange(1, 9), 1, 5), "by")
	ops := Draw(p, Workloads(2, 30, 300*time.Millisecond, rapid.IntRange(0, 4)), "which")
	p.Run(faults, func(w *sim.World) {
		rn, all := stores(w, "n0")
		want := 0
		for _, s := range ops {
			want += by[s.Op%len(by)]
		}
		w.Always("every addition counts once", func() error {
			if all[0].value > want {
				return fmt.Errorf("the total is %d after additions of %d", all[0].value, want)
			}
			return nil
		})
		done := ops.Start(w, func(_, op int) {
			end, total := rn.dial("n0"), 0
			for !end.Call("Store.Add", by[op%len(by)], &total) {
			}
		})
		w.Eventually("all are answered", time.Minute, done)
	})
}

// lines reads the result lines that a test left.
func lines(t *testing.T, path string) (all []line) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for text := range bytes.Lines(data) {
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	_ = os.Remove(path)
	return all
}

type line struct {
	Test, Digest, Property, Story, Replay, Outcome, Words string
	Seed, Events                                          uint64
	OK, Repeats                                           bool
	Unmet                                                 []string
}

// sweep runs the property for these seeds.
func sweep(t *testing.T, seeds string, property func(*P)) []line {
	t.Helper()
	path := filepath.Join(t.TempDir(), "results")
	setenv(t, "SAMERUN_SEEDS", seeds, "SAMERUN_RESULTS", path, "SAMERUN_OUT", os.Getenv("SAMERUN_OUT"), "SAMERUN_SHRINK", os.Getenv("SAMERUN_SHRINK"))
	check(t, "TestSwept", property)
	return lines(t, path)
}

// A seed is the same run every time, alone or in a sweep, on any number of cores.
func TestSeedsAreTheSameRuns(t *testing.T) {
	setenv(t)
	all := map[uint64]line{}
	digests := map[string]bool{}
	failed := 0
	for seed := range uint64(40) {
		runtime.GOMAXPROCS(1 + int(seed)%2)
		l := sweep(t, fmt.Sprint(seed), adding)
		if len(l) != 1 || l[0].Seed != seed || l[0].Digest == "" || l[0].Test != "TestSwept" {
			t.Fatalf("seed %d left %+v; it should be one line", seed, l)
		}
		all[seed], digests[l[0].Digest] = l[0], true
		if !l[0].OK {
			failed++
		}
	}
	runtime.GOMAXPROCS(2)
	t.Logf("%d of 40 seeds failed", failed)
	if len(digests) < 30 || failed == 0 || failed == 40 {
		t.Errorf("40 seeds gave %d digests and %d failures; they should differ, and some fail", len(digests), failed)
	}
	for seed := uint64(0); seed < 40; {
		for _, l := range sweep(t, fmt.Sprintf("%d-39", seed), adding) {
			if l.Digest != all[l.Seed].Digest || l.OK != all[l.Seed].OK {
				t.Fatalf("seed %d gave %s (%v) in a sweep, and %s (%v) alone", l.Seed, l.Digest, l.OK, all[l.Seed].Digest, all[l.Seed].OK)
			}
			seed = l.Seed + 1 // a failure ends the sweep
		}
	}
}

// What these seeds mean is promised, on every machine: a change is told in CHANGELOG.md.
func TestSeedsMeanWhatTheyMeant(t *testing.T) {
	var text strings.Builder
	for _, seed := range []uint64{0, 1, 2, 47, math.MaxInt32, math.MaxInt32 + 1, 1 << 40, math.MaxUint64} {
		s := newSession(t, func(p *P) {
			ops := Draw(p, Workloads(3, 9, time.Second, rapid.IntRange(0, 99)), "operations")
			fmt.Fprintf(&text, "seed %d\n%v\n%s\n", p.Seed, ops, tell(p.Faults(Nodes(3), Budget(4))))
		}, nil)
		s.run(sim.Config{Seed: seed})
	}
	path := filepath.Join("testdata", "seeds.txt")
	if os.Getenv("REWRITE") != "" {
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text.String() != string(want) {
		t.Errorf("the seeds draw\n%s\nand not what stands in %s (REWRITE=1 writes it)", text.String(), path)
	}
}

// Small seeds have a stream of words each, and all fit an int of 32 bits.
func TestWordsOfSeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64Range(0, math.MaxInt32).Draw(t, "b")
		n := words(a)
		if int64(n) < math.MinInt32 || int64(n) > math.MaxInt32 || words(b) != int(b) || a > math.MaxInt32 && n >= 0 {
			t.Fatalf("the words of %d are %d, of %d they are %d", a, n, b, words(b))
		}
	})
}

// firstFailure runs seeds until one fails, and returns its line and its replay file.
func firstFailure(t *testing.T, property func(*P)) (line, string, *sim.Replay) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("SAMERUN_OUT", dir)
	all := sweep(t, "0-500", property)
	last := all[len(all)-1]
	if last.OK || !last.Repeats {
		t.Fatalf("the last of %d seeds left %+v; it should fail and repeat", len(all), last)
	}
	if last.Replay == "" {
		return last, "", nil
	}
	p, err := sim.ReadReplay(last.Replay)
	if err != nil {
		t.Fatal(err)
	}
	return last, last.Replay, p
}

// replay runs a replay file of TestSwept.
func replay(t *testing.T, path string, property func(*P)) (line, *recorder) {
	t.Helper()
	results := filepath.Join(t.TempDir(), "results")
	setenv(t, "SAMERUN_REPLAY", path, "SAMERUN_RESULTS", results)
	r := check(t, "TestSwept", property)
	all := lines(t, results)
	if len(all) != 1 {
		t.Fatalf("a replay left %+v; it should be one line\n%s", all, r.log.String())
	}
	return all[0], r
}

// A failure that a seed found replays from the values in its file, whatever is drawn
// by then, and is minimised in the test process.
func TestSeedFailureReplays(t *testing.T) {
	for _, shrink := range []string{"0", "20s"} {
		t.Setenv("SAMERUN_SHRINK", shrink)
		failed, path, p := firstFailure(t, adding)
		var names []string
		for _, d := range p.Data {
			names = append(names, d.Name)
		}
		if fmt.Sprint(names) != "[faults by which]" || string(p.Data[0].Value) != inSchedule {
			t.Errorf("the file has %q; it should have the three draws, and faults refer to the schedule", p.Data)
		}
		for range 2 {
			l, r := replay(t, path, adding)
			if l.Outcome != "same" || l.Digest != p.Digest || !r.failed {
				t.Errorf("the replay is %q, digest %s; it should be the same, %s\n%s", l.Outcome, l.Digest, p.Digest, r.log.String())
			}
		}
		if shrink == "0" {
			continue
		}
		if p.Schedule.Size() > 2 || p.Steps == nil || len(*p.Steps) > 2 {
			t.Errorf("minimised to %v and steps %v; it should be at most two of each\n%s", p.Schedule, p.Steps, failed.Story)
		}
		for _, word := range []string{"run twice", "minimised in", "again: SAMERUN_REPLAY=", "or: SAMERUN_SEED=", "drawn: by = ["} {
			if !strings.Contains(failed.Story, word) {
				t.Errorf("the story lacks %q:\n%s", word, failed.Story)
			}
		}
	}
}

// What rapid found is minimised, saved and told like a seed's, and the next plain
// test begins with it.
func TestRapidFailureReplays(t *testing.T) {
	t.Chdir(t.TempDir())
	setenv(t, "SAMERUN_OUT", "", "SAMERUN_SHRINK", "20s")
	r := check(t, "TestSwept", adding)
	text := r.log.String()
	files, err := filepath.Glob("testdata/replay/*.json")
	if err != nil || len(files) != 1 || len(failFiles(t)) != 1 {
		t.Fatalf("replay files: %q, fail files: %q; there should be one of each\n%s", files, failFiles(t), text)
	}
	for _, word := range []string{"[rapid] failed after", "-rapid.failfile=", "run twice, digest", "minimised in", "again: SAMERUN_REPLAY="} {
		if !strings.Contains(text, word) {
			t.Errorf("the report lacks %q:\n%s", word, text)
		}
	}
	if strings.Contains(text, "or: SAMERUN_SEED") {
		t.Errorf("the report says that a seed would do, which draws other values:\n%s", text)
	}
	p, err := sim.ReadReplay(files[0])
	if err != nil || p.Schedule.Size() > 1 || p.Steps == nil || len(*p.Steps) > 2 {
		t.Errorf("%v: the file has %v and steps %v; it should be one fault and one or two steps", err, p.Schedule, p.Steps)
	}
	if l, _ := replay(t, files[0], adding); l.Outcome != "same" || l.Digest != p.Digest {
		t.Errorf("the replay is %q, digest %s; it should be the same, %s", l.Outcome, l.Digest, p.Digest)
	}
	setenv(t)
	tries := 0
	counted := func(p *P) { tries++; adding(p) }
	again := check(t, "TestSwept", counted)
	if text := again.log.String(); !again.failed || tries != 2 || strings.Contains(text, "[rapid]") || !strings.Contains(text, "the same run to the bit") {
		t.Errorf("the next test took %d tries; it should be the replay and its repetition:\n%s", tries, text)
	}
	// Who gives rapid a fail file wants that and nothing else.
	tries = 0
	failfile(t, failFiles(t)[0])
	again = check(t, "TestSwept", counted)
	if text := again.log.String(); !again.failed || tries != 3 || !strings.Contains(text, "[rapid] failed after 0 tests") || strings.Contains(text, "SAMERUN_REPLAY") {
		t.Errorf("with -rapid.failfile the test took %d tries; it should be rapid's, to find and to repeat, and one that is shown:\n%s", tries, text)
	}
	failfile(t, "")
	// And once the bug is gone, rapid goes on as ever.
	if fixed := check(t, "TestSwept", func(p *P) {
		faults := p.Faults(Names("n0", "client0", "client1"), Horizon(2*time.Second))
		Draw(p, rapid.SliceOf(rapid.Int()), "by")
		ops := Draw(p, Workloads(2, 30, 0, rapid.IntRange(0, 4)), "which")
		p.Run(faults, func(w *sim.World) {
			rn, _ := stores(w, "n0")
			done := ops.Start(w, func(_, op int) {
				end, total := rn.dial("n0"), 0
				for !end.Call("Store.Add", op, &total) {
				}
			})
			w.Eventually("all are answered", time.Minute, done)
		})
	}); fixed.failed || !strings.Contains(fixed.log.String(), "[rapid] OK") {
		t.Errorf("after the fix, the report is\n%s", fixed.log.String())
	}
}

// Values that do not survive JSON are named, and nothing is saved; all else goes on.
func TestValuesThatCannotBeSaved(t *testing.T) {
	type secret struct{ n int }
	property := func(p *P) {
		s := Draw(p, rapid.Map(rapid.IntRange(0, 9), func(n int) secret { return secret{n} }), "secret")
		faults := p.Faults(Nodes(3), Budget(5))
		p.Run(faults, func(w *sim.World) {
			if s.n > 3 {
				w.Failf("the secret is %d", s.n)
			}
		})
	}
	const why = `the draw "secret" (proptest.secret) cannot be kept in a file: it is not the same when it is written as JSON and read again; export its fields`
	fails(t, property, "[rapid] failed after", "secret{n:", "there is no replay file of this failure: "+why)
	t.Setenv("SAMERUN_SHRINK", "5s")
	l, path, _ := firstFailure(t, property)
	if path != "" || !strings.Contains(l.Story, "no replay file could be written: "+why) || !strings.Contains(l.Story, "again: SAMERUN_SEED=") {
		t.Errorf("saved as %q; it should not be, and say why:\n%s", path, l.Story)
	}
}

// A replay whose draws are not those of the property says which, and what to do.
func TestReplaysOfOtherDraws(t *testing.T) {
	setenv(t)
	_, path, p := firstFailure(t, adding)
	for want, property := range map[string]func(*P){
		`no value for the draw "other"`:                                     func(p *P) { Draw(p, rapid.Int(), "other") },
		`the draw "by" does not fit a string: json: cannot unmarshal array`: func(p *P) { Draw(p, rapid.String(), "by") },
	} {
		l, r := replay(t, path, property)
		if l.Outcome != "other" || !strings.Contains(r.log.String(), want) || !strings.Contains(r.log.String(), "record") {
			t.Errorf("the outcome is %q; it should be another failure, and say %q:\n%s", l.Outcome, want, r.log.String())
		}
	}
	// A value that nobody draws any more was for nothing.
	l, r := replay(t, path, func(p *P) { p.Faults(Nodes(3)); Draw(p, rapid.SliceOf(rapid.Int()), "by") })
	if l.Outcome != "unmet" || !strings.Contains(r.log.String(), `the value "which" was not drawn`) {
		t.Errorf("the outcome is %q; it should be unmet:\n%s", l.Outcome, r.log.String())
	}
	// A file that somebody wrote by hand may have the schedule alone.
	p.Data = nil
	dir := t.TempDir()
	path, err := p.Save(dir)
	if err != nil {
		t.Fatal(err)
	}
	replay(t, path, func(q *P) {
		if got := q.Faults(Nodes(3)); !got.Equal(*p.Schedule) || q.Seed != p.Seed {
			t.Errorf("the faults are %v and the seed is %d; they should be the file's", got, q.Seed)
		}
	})
}

// Of several runs of a try, the one that failed is replayed; the others stay as they
// were drawn, and what comes behind it is not known.
func TestTriesOfSeveralRuns(t *testing.T) {
	property := func(broken bool) func(*P) {
		return func(p *P) {
			p.Run(p.Faults(Names("n0", "n1"), Kinds(fault.Cut)), func(w *sim.World) { _, _ = stores(w, "n0", "n1") })
			second := Draw(p, Schedules(Names("n0", "n1"), Budget(9)), "second")
			cfg := Draw(p, Configs(Names("n0", "n1")), "third")
			p.Run(second, func(w *sim.World) {
				_, _ = stores(w, "n0", "n1")
				w.Sleep(8 * time.Second)
				if broken && second.Size() > 2 {
					w.Failf("%d faults", second.Size())
				}
			})
			p.RunConfig(cfg, func(w *sim.World) {
				if cfg.Faults == nil {
					w.Failf("no faults")
				}
			})
			Draw(p, rapid.Bool(), "fourth")
		}
	}
	setenv(t)
	_, path, p := firstFailure(t, property(true))
	if n := len(p.Data); n != 4 || string(p.Data[1].Value) != inSchedule || p.Data[3].Name != runLabel || string(p.Data[3].Value) != "2" {
		t.Errorf("the file has %q; it should have three draws and the number of the run", p.Data)
	}
	if l, r := replay(t, path, property(true)); l.Outcome != "same" || l.Digest != p.Digest {
		t.Errorf("the replay is %q; it should be the same:\n%s", l.Outcome, r.log.String())
	}
	if l, r := replay(t, path, property(false)); l.Outcome != "fixed" || r.failed {
		t.Errorf("the replay is %q; it should be fixed:\n%s", l.Outcome, r.log.String())
	}
}

// A property's own panic, a generator's complaint and one that finds nothing are
// failures of the seed.
func TestOtherFailuresOfSeeds(t *testing.T) {
	setenv(t)
	for want, property := range map[string]func(*P){
		"the property panicked: boom":        func(p *P) { panic("boom") },
		"proptest.Budget was given -1":       func(p *P) { p.Faults(Nodes(3), Budget(-1)) },
		"the draws found no value that fits": func(p *P) { Draw(p, rapid.Int().Filter(func(int) bool { return false }), "x") },
		"P.Fail was called with a nil":       func(p *P) { p.Fail(nil) },
		"is it?":                             func(p *P) { p.Fail(errors.New("is it?")) },
		"the scenario is nil":                func(p *P) { p.Run(fault.Schedule{}, nil) },
	} {
		all := sweep(t, "7", property)
		if len(all) != 1 || all[0].OK || !strings.Contains(all[0].Story, want) {
			t.Errorf("the seed left %+v; it should fail and say %q", all, want)
		}
	}
}

// Every value that this package draws is the same when it comes out of a file.
func TestDrawnValuesSurviveJSON(t *testing.T) {
	type op struct {
		Key  string
		Bits []byte
		Next *int
		By   map[string]time.Duration
	}
	ops := Workloads(4, 20, time.Second, rapid.Custom(func(t *rapid.T) op {
		return op{
			Key: rapid.String().Draw(t, "key"), Bits: rapid.SliceOf(rapid.Byte()).Draw(t, "bits"), Next: rapid.Ptr(rapid.Int(), true).Draw(t, "next"),
			By: rapid.MapOf(rapid.String(), rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) })).Draw(t, "by"),
		}
	}))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "nodes")
		schedule := Schedules(Nodes(n), All).Draw(t, "schedule")
		survivesIn(t, schedule)
		survivesIn(t, Links().Draw(t, "link"))
		survivesIn(t, Topologies(1, 9).Draw(t, "topology"))
		survivesIn(t, Seeds().Draw(t, "seed"))
		cfg := Configs(Nodes(n), All).Draw(t, "config")
		survivesIn(t, cfg)
		survivesIn(t, ops.Draw(t, "operations"))

		// A reference to the schedule is resolved to it.
		r := &record{}
		r.add("a", *cfg.Faults, func() ([]byte, error) { return valueForm[fault.Schedule]().write(*cfg.Faults) })
		r.add("b", cfg, func() ([]byte, error) { return valueForm[sim.Config]().write(cfg) })
		p := &P{at: 1, given: &given{values: r.data(cfg.Faults, 1), taken: make([]bool, 2), schedule: &schedule}}
		if got := take(p, "a", valueForm[fault.Schedule]()); !got.Equal(schedule) {
			t.Fatalf("the schedule is %v; it should be %v", got, schedule)
		}
		got := take(p, "b", valueForm[sim.Config]())
		cfg.Faults = &schedule
		if !sameConfig(got, cfg) {
			t.Fatalf("the configuration is %+v; it should be %+v", got, cfg)
		}
	})
	for _, bad := range []sim.Config{{Trace: func(sim.Record) {}}, {Data: []sim.Datum{{Name: "x"}}}} {
		if data, err := valueForm[sim.Config]().write(bad); err == nil {
			t.Errorf("%+v was written as %s; it is no data", bad, data)
		}
	}
	if _, err := valueForm[func()]().write(nil); err == nil {
		t.Error("a function was written as JSON")
	}
	if _, err := valueForm[any]().write(3); err == nil {
		t.Error("a number in an interface was written; it would come back as another type")
	}
}

func survivesIn[V any](t *rapid.T, v V) {
	as := valueForm[V]()
	data, err := as.write(v)
	if err != nil {
		t.Fatalf("%#v cannot be written: %v", v, err)
	}
	again, err := as.read(data)
	if err != nil || !sameValue(v, again) {
		t.Fatalf("%#v was written as %s and came back as %#v (%v)", v, data, again, err)
	}
}

// Draws with one label have names of their own.
func TestNamesOfDraws(t *testing.T) {
	var n names
	var got []string
	for _, label := range []string{"a", "a", "a#2", "", "run", "a", ""} {
		got = append(got, n.of(label))
	}
	want := []string{"a", "a#2", "a#2#2", "draw", "run#2", "a#3", "draw#2"}
	if !slices.Equal(got, want) {
		t.Errorf("the names are %q; they should be %q", got, want)
	}
}

// The minimiser takes steps of a workload out of what the property sees, and the
// others begin when they would have.
func TestStepsThatAreLeftOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := Workloads(3, 12, time.Second, rapid.IntRange(0, 99)).Draw(t, "operations")
		kept := sim.Steps{}
		for i := range all {
			if rapid.Bool().Draw(t, "keep") {
				kept = append(kept, sim.StepID{Of: "x", N: i})
			}
		}
		run := func(steps *sim.Steps) (log []string, r *sim.Report, seen int) {
			ops := slices.Clone(all)
			ops.identify("x", steps)
			r = sim.Run(sim.Config{Steps: steps}, func(w *sim.World) {
				done := ops.Start(w, func(client, op int) { log = append(log, fmt.Sprint(w.Elapsed(), client, op)) })
				w.Eventually("all is done", time.Hour, done)
			})
			return log, r, len(ops)
		}
		whole, r, _ := run(nil)
		if r.Err != nil || len(r.Steps) != len(all) {
			t.Fatalf("%v: %d steps of %d were done", r.Err, len(r.Steps), len(all))
		}
		part, r, seen := run(&kept)
		if r.Err != nil || len(r.Missed) > 0 || len(part) != len(kept) || seen != len(kept) {
			t.Fatalf("%v: %d steps of %d are left, %d were done, missed %q", r.Err, seen, len(kept), len(part), r.Missed)
		}
		for _, l := range part {
			if !slices.Contains(whole, l) {
				t.Fatalf("%q was not among %q", l, whole)
			}
		}
	})
}

// A machine's actions replay from their names and parameters, and are taken out one
// by one.
func TestActionsReplay(t *testing.T) {
	property := func(p *P) {
		Repeat(p, p.Faults(Nodes(3)), Machine[*toy]{
			Setup: func(w *sim.World) *toy { return &toy{} },
			Actions: []Action[*toy]{
				Act("add", rapid.IntRange(1, 100), func(s *toy, n int) { s.value += n; s.want += n }),
				Act("set", rapid.Just(0), func(s *toy, n int) { s.value, s.want = n, n }),
				Act("set", rapid.Bool(), func(s *toy, hard bool) { // the bug, and a name that is not alone
					if s.want = 0; hard {
						s.value = 0
					}
				}),
			},
			Invariant: func(s *toy) error {
				if s.value != s.want {
					return fmt.Errorf("the value is %d; it should be %d", s.value, s.want)
				}
				return nil
			},
			Think: time.Second,
		})
	}
	t.Setenv("SAMERUN_SHRINK", "20s")
	failed, path, p := firstFailure(t, property)
	if p.Steps == nil || len(*p.Steps) != 2 || (*p.Steps)[0].Of != "actions" || p.Schedule.Size() != 0 {
		t.Errorf("minimised to %v, %v; it should be two actions and no fault\n%s", p.Steps, p.Schedule, failed.Story)
	}
	if l, r := replay(t, path, property); l.Outcome != "same" || l.Digest != p.Digest {
		t.Errorf("the replay is %q; it should be the same\n%s", l.Outcome, r.log.String())
	}
	for want, m := range map[string]Machine[*toy]{
		`the machine has no action "add" any more`: {Actions: []Action[*toy]{Act("set", rapid.Bool(), func(*toy, bool) {}), Act("set", rapid.Bool(), func(*toy, bool) {})}},
		"json: cannot unmarshal number":            {Actions: []Action[*toy]{Act("set", rapid.Bool(), func(*toy, bool) {}), Act("add", rapid.Bool(), func(*toy, bool) {}), Act("set", rapid.Bool(), func(*toy, bool) {})}},
	} {
		m.Setup = func(w *sim.World) *toy { return &toy{} }
		l, r := replay(t, path, func(p *P) { Repeat(p, p.Faults(Nodes(3)), m) })
		if l.Outcome != "other" || !strings.Contains(r.log.String(), want) {
			t.Errorf("the replay is %q; it should be another failure, and say %q\n%s", l.Outcome, want, r.log.String())
		}
	}
}

// The strategy that a test asks for is in the file of its failure.
func TestStrategyIsKept(t *testing.T) {
	setenv(t, "SAMERUN_SEEDS", "3")
	check(t, "TestSwept", func(p *P) {
		p.Run(p.Faults(Nodes(3)), func(w *sim.World) { w.Failf("always") })
	}, Strategy("fifo"), nil)
	files, _ := filepath.Glob(filepath.Join(os.Getenv("SAMERUN_OUT"), "*.json"))
	if len(files) != 1 {
		t.Fatalf("saved: %q", files)
	}
	if p, err := sim.ReadReplay(files[0]); err != nil || p.Strategy != "fifo" {
		t.Errorf("%v: the strategy in the file is %q; it should be fifo", err, p.Strategy)
	}
	var order string
	s := newSession(t, func(p *P) { order = p.config(sim.Config{}).Order }, []Setting{Strategy("pct:3")})
	for given, want := range map[string]string{"": "pct:3", "fifo": "fifo"} {
		if s.run(sim.Config{Seed: 1, Order: given}); order != want {
			t.Errorf("with SAMERUN_STRATEGY=%q the strategy is %q; it should be %q", given, order, want)
		}
	}
}

// The tool's minimiser asks a process of the test for trials of other inputs.
func TestServesTrials(t *testing.T) {
	if os.Getenv(trial.Variable) != "" {
		Check(t, adding)
		return
	}
	setenv(t)
	_, _, p := firstFailure(t, adding)
	p.Test = t.Name()
	var requests bytes.Buffer
	ask := func(q *sim.Replay) {
		data, err := q.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		var line bytes.Buffer // a request is one line
		if err := json.Compact(&line, data); err != nil {
			t.Fatal(err)
		}
		if err := (&trial.Request{Replay: line.Bytes(), Probe: true}).Write(&requests); err != nil {
			t.Fatal(err)
		}
	}
	ask(p)
	calm := p.Input()
	calm.Schedule = fault.Schedule{}
	ask(p.With(calm))
	few := p.Input()
	few.Steps = sim.Steps{{Of: "which", N: 0}}
	ask(p.With(few))

	setenv(t, trial.Variable, "1")
	process := exec.Command(os.Args[0], "-test.run=^TestServesTrials$")
	process.Stdin = &requests
	out, err := process.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := trial.Lines(bytes.NewReader(out))
	var all []*trial.Answer
	for range 3 {
		a, err := trial.ReadAnswer(answers, func([]byte) {})
		if err != nil || a.Problem != "" || a.Probe == nil {
			t.Fatalf("%v: the answer is %+v\n%s", err, a, out)
		}
		all = append(all, a)
	}
	if all[0].Outcome != "same" || all[0].Digest != p.Digest || all[1].Error != "" || len(all[2].Probe.Steps) > 1 {
		t.Errorf("the answers are %+v, %+v, %+v; they should be the same, no failure without faults, and one step", all[0], all[1], all[2])
	}
}
