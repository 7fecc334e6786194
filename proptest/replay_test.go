package proptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/wire"
	"samerun/sim"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// firstFailure runs seeds until one fails, and returns its line and its replay file.
func firstFailure(t *testing.T, property func(*P)) (wire.Result, string, *replay.File) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("SAMERUN_OUT", dir)
	all := sweep(t, "0-500", property)
	last := all[len(all)-1]
	if last.OK || !*last.Repeats {
		t.Fatalf("the last of %d seeds left %+v; it should fail and repeat", len(all), last)
	}
	if last.Replay == "" {
		return last, "", nil
	}
	p, err := replay.Read(last.Replay)
	if err != nil {
		t.Fatal(err)
	}
	return last, last.Replay, p
}

// replay runs a replay file of TestSwept.
func rerun(t *testing.T, path string, property func(*P)) (wire.Result, *recorder) {
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
			l, r := rerun(t, path, adding)
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
		for _, word := range []string{"it repeats", "minimised in", "again: SAMERUN_REPLAY=", "or: SAMERUN_SEED=", "drawn: by = ["} {
			if !strings.Contains(failed.Story.String(), word) {
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
	rapidSeed(t)
	r := check(t, "TestSwept", adding)
	text := r.log.String()
	files, err := filepath.Glob("testdata/replay/*.json")
	if err != nil || len(files) != 1 || len(failFiles(t)) != 1 {
		t.Fatalf("replay files: %q, fail files: %q; there should be one of each\n%s", files, failFiles(t), text)
	}
	for _, word := range []string{"[rapid] failed after", "-rapid.failfile=", "it repeats (digest ", "minimised in", "again: SAMERUN_REPLAY="} {
		if !strings.Contains(text, word) {
			t.Errorf("the report lacks %q:\n%s", word, text)
		}
	}
	if strings.Contains(text, "or: SAMERUN_SEED") {
		t.Errorf("the report says that a seed would do, which draws other values:\n%s", text)
	}
	p, err := replay.Read(files[0])
	if err != nil || p.Schedule.Size() > 1 || p.Steps == nil || len(*p.Steps) > 2 {
		t.Errorf("%v: the file has %v and steps %v; it should be one fault and one or two steps", err, p.Schedule, p.Steps)
	}
	if l, _ := rerun(t, files[0], adding); l.Outcome != "same" || l.Digest != p.Digest {
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

// A replay whose draws are not those of the property says which, and what to do.
func TestReplaysOfOtherDraws(t *testing.T) {
	setenv(t)
	_, path, p := firstFailure(t, adding)
	for want, property := range map[string]func(*P){
		`no value for the draw "other"`:                                     func(p *P) { Draw(p, rapid.Int(), "other") },
		`the draw "by" does not fit a string: json: cannot unmarshal array`: func(p *P) { Draw(p, rapid.String(), "by") },
	} {
		l, r := rerun(t, path, property)
		if l.Outcome != "other" || !strings.Contains(r.log.String(), want) || !strings.Contains(r.log.String(), "record") {
			t.Errorf("the outcome is %q; it should be another failure, and say %q:\n%s", l.Outcome, want, r.log.String())
		}
	}
	// A value that nobody draws any more was for nothing.
	l, r := rerun(t, path, func(p *P) { p.Faults(Nodes(3)); Draw(p, rapid.SliceOf(rapid.Int()), "by") })
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
	rerun(t, path, func(q *P) {
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
	if l, r := rerun(t, path, property(true)); l.Outcome != "same" || l.Digest != p.Digest {
		t.Errorf("the replay is %q; it should be the same:\n%s", l.Outcome, r.log.String())
	}
	if l, r := rerun(t, path, property(false)); l.Outcome != "fixed" || r.failed {
		t.Errorf("the replay is %q; it should be fixed:\n%s", l.Outcome, r.log.String())
	}
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
	if l, r := rerun(t, path, property); l.Outcome != "same" || l.Digest != p.Digest {
		t.Errorf("the replay is %q; it should be the same\n%s", l.Outcome, r.log.String())
	}
	for want, m := range map[string]Machine[*toy]{
		`the machine has no action "add" any more`: {Actions: []Action[*toy]{Act("set", rapid.Bool(), func(*toy, bool) {}), Act("set", rapid.Bool(), func(*toy, bool) {})}},
		"json: cannot unmarshal number":            {Actions: []Action[*toy]{Act("set", rapid.Bool(), func(*toy, bool) {}), Act("add", rapid.Bool(), func(*toy, bool) {}), Act("set", rapid.Bool(), func(*toy, bool) {})}},
	} {
		m.Setup = func(w *sim.World) *toy { return &toy{} }
		l, r := rerun(t, path, func(p *P) { Repeat(p, p.Faults(Nodes(3)), m) })
		if l.Outcome != "other" || !strings.Contains(r.log.String(), want) {
			t.Errorf("the replay is %q; it should be another failure, and say %q\n%s", l.Outcome, want, r.log.String())
		}
	}
}

// A failure that comes while the machine waits for its next action is made smaller:
// a run lasts as long without the actions that are taken out.
func TestWaitingForAnActionIsMinimised(t *testing.T) {
	property := func(p *P) {
		Repeat(p, p.Faults(Nodes(1)), Machine[*toy]{
			Setup: func(w *sim.World) *toy {
				s := &toy{}
				w.Go("watch", func() {
					w.Sleep(5500 * time.Millisecond)
					if s.value > 1 {
						w.Failf("too many")
					}
				})
				return s
			},
			Actions: []Action[*toy]{Act("add", rapid.Just(1), func(s *toy, n int) { s.value += n })},
			Think:   time.Second,
		})
	}
	t.Setenv("SAMERUN_SHRINK", "20s")
	failed, _, p := firstFailure(t, property)
	if p.Steps == nil || len(*p.Steps) != 2 {
		t.Errorf("minimised to %v; it should be two actions\n%s", p.Steps, failed.Story)
	}
}

// The tool's minimiser asks a process of the test for trials of other inputs.
func TestServesTrials(t *testing.T) {
	if os.Getenv(wire.Trials) != "" {
		Check(t, adding)
		return
	}
	setenv(t)
	_, _, p := firstFailure(t, adding)
	p.Test = t.Name()
	var requests bytes.Buffer
	ask := func(q *replay.File) {
		data, err := q.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		var line bytes.Buffer // a request is one line
		if err := json.Compact(&line, data); err != nil {
			t.Fatal(err)
		}
		if err := (&wire.Request{Replay: line.Bytes(), Probe: true}).Write(&requests); err != nil {
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

	token, err := wire.NewToken(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	setenv(t, wire.Trials, token)
	process := exec.Command(os.Args[0], "-test.run=^TestServesTrials$")
	process.Stdin = &requests
	out, err := process.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := wire.Lines(bytes.NewReader(out))
	var all []*wire.Answer
	for range 3 {
		a, err := wire.ReadAnswer(answers, func([]byte) {})
		if err != nil || a.Problem != "" || a.Probe == nil {
			t.Fatalf("%v: the answer is %+v\n%s", err, a, out)
		}
		all = append(all, a)
	}
	if all[0].Outcome != "same" || all[0].Digest != p.Digest || all[1].Error != "" || len(all[2].Probe.Steps) > 1 {
		t.Errorf("the answers are %+v, %+v, %+v; they should be the same, no failure without faults, and one step", all[0], all[1], all[2])
	}
}
