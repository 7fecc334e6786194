package sim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/sim/fault"
	"samerun/sim/replay"
)

// ledger is a node with a write-ahead log, to which it appends numbers one by one. What it has
// acknowledged must be there after each crash. Each of the switches leaves out a precaution.
type ledger struct{ noSync, noChecksum, syncAgain, shortIsWhole bool }

// record is the number three hundred times, and a checksum: more than a sector.
func (l ledger) record(n int) (b []byte) {
	for range 300 {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

// read returns the numbers of the records that are whole.
func (l ledger) read(w *World, data []byte) (list []int) {
	for size := len(l.record(0)); len(data) >= size; data = data[size:] {
		b := data[:size]
		n := int(binary.LittleEndian.Uint32(b))
		if n == 0 || !l.noChecksum && crc32.ChecksumIEEE(b[:size-4]) != binary.LittleEndian.Uint32(b[size-4:]) {
			break
		}
		if !l.noChecksum && n != len(list)+1 || l.noChecksum && !bytes.Equal(b, l.record(n)) {
			w.Fail(&PropertyError{Name: "records are whole", At: w.Elapsed(), Err: fmt.Errorf("record %d is not", len(list)+1)})
		}
		list = append(list, n)
	}
	return list
}

// boot is what the node runs: it recovers, and then appends.
func (l ledger) boot(w *World, n *Node, acked *int) {
	d := n.Disk()
	f, err := d.Open("wal")
	if err != nil {
		if f, err = d.Create("wal"); err == nil {
			err = d.SyncDir()
		}
	}
	if err != nil {
		return
	}
	data, err := d.ReadFile("wal")
	if err != nil {
		return
	}
	have := l.read(w, data)
	if len(have) < *acked {
		w.Fail(&PropertyError{Name: "what is acknowledged stays", At: w.Elapsed(), Err: fmt.Errorf("%d of %d are there", len(have), *acked)})
	}
	end := int64(len(have) * len(l.record(0)))
	if f.Truncate(end) != nil || f.Sync() != nil {
		return
	}
	next := len(have)
	for range w.Steps(fmt.Sprint("appends of boot ", n.Boot()), 100, Durations{Min: 20 * ms, Max: 60 * ms}) {
		next++
		r := l.record(next)
		if _, err := f.WriteAt(r, end); err != nil && !(l.shortIsWhole && errors.Is(err, io.ErrShortWrite)) {
			return
		}
		end += int64(len(r))
		w.Sleep(15 * ms)
		if !l.noSync {
			err := f.Sync()
			if err != nil && l.syncAgain {
				err = f.Sync()
			}
			if err != nil {
				return
			}
		}
		*acked = max(*acked, next)
	}
}

func (l ledger) scenario(w *World) {
	n := w.Node("n0")
	w.Node("n1").Start(func() {})
	rules := []fault.Rule{
		{Kind: fault.Crash, Rate: 2000, For: fault.Durations{Min: 10 * ms, Max: 300 * ms}},
		{Kind: fault.Torn},
		{Kind: fault.Unsynced, PPM: fault.Range{Min: 100_000, Max: 600_000}},
		{Kind: fault.Pause, Rate: 200, For: fault.Durations{Min: 10 * ms, Max: 300 * ms}},
		{Kind: fault.Drift, Rate: 200, PPM: fault.Range{Min: 10, Max: 100_000}, For: fault.Durations{Min: 10 * ms, Max: 300 * ms}},
	}
	window := 500 * ms
	if l.shortIsWhole {
		rules = append(rules, fault.Rule{Kind: fault.Short, Rate: 100, PPM: fault.Range{Min: 100_000, Max: 600_000}, For: fault.Durations{Min: 100 * ms, Max: time.Second}})
	}
	if !l.noChecksum {
		window = 0 // fewer crashes, since a sync that fails is one more element
		rules = append(rules, fault.Rule{Kind: fault.SyncFail, Rate: 100, PPM: fault.Range{Min: 100_000, Max: 600_000}, For: fault.Durations{Min: 100 * ms, Max: time.Second}})
	}
	w.Inject(fault.Mix{Name: "power", MaxDown: 1, Window: window, Rules: rules}, 5*time.Second)
	acked := 0
	n.Start(func() { l.boot(w, n, &acked) })
	w.Sleep(6 * time.Second)
}

// A log that does without one precaution is found out, and the smallest of its failures says
// which operation it was that was lost or torn, with one more element at most.
func TestWhatIsLostIsTold(t *testing.T) {
	if r := failing0(ledger{}); r != nil {
		t.Fatalf("a log that does it right fails: %v", r.Err)
	}
	setenv(t, "SAMERUN_SHRINK", "1m")
	env, err := readEnv(replay.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		log   ledger
		kinds []fault.Kind // one of these says what it was
		told  []string
	}{
		{ledger{noSync: true}, []fault.Kind{fault.Lose, fault.Torn}, []string{"write #", " to wal is lost"}},
		{ledger{noChecksum: true}, []fault.Kind{fault.Torn}, []string{"write #", " to wal is torn"}},
		{ledger{syncAgain: true}, []fault.Kind{fault.SyncFail}, []string{"sync #", " of wal fails"}},
		{ledger{shortIsWhole: true}, []fault.Kind{fault.Short}, []string{"write #", " to wal is short"}},
	} {
		for _, r := range failing(t, 2, c.log.scenario) {
			x := &tester{t: &fakeT{name: "TestLedger"}, env: env, exec: func(cfg Config) (Config, *Report) { return cfg, Run(cfg, c.log.scenario) }}
			a := &attempt{cfg: Config{Seed: r.Seed}, report: r, failure: r.Err}
			small, _, words := x.minimise(a)
			if small == nil {
				t.Fatalf("seed %d: %s", r.Seed, words)
			}
			p := saved("TestLedger", small.cfg, small.report, small.failure)
			said := slices.ContainsFunc(p.Schedule.Faults, func(f fault.Fault) bool { return f.Nth > 0 && slices.Contains(c.kinds, f.Kind) })
			if p.Schedule.Size() > 2 || !said {
				t.Errorf("%+v, seed %d:\n%v\n%v", c.log, r.Seed, p.Schedule, small.failure)
				continue
			}
			lines, again := traced(small.cfg, c.log.scenario)
			if again.Digest != small.report.Digest {
				t.Errorf("%+v, seed %d: the smallest run does not repeat", c.log, r.Seed)
			}
			wantIn(t, strings.Join(lines, "\n"), c.told...)
			t.Logf("%+v, seed %d: %s\n%v", c.log, r.Seed, words, p.Schedule)
		}
	}
}

// failing0 returns the first failure of 60 seeds, nil if there is none.
func failing0(l ledger) *Report {
	for seed := range uint64(60) {
		if r := Run(Config{Seed: seed + 1}, l.scenario); r.Err != nil {
			return r
		}
	}
	return nil
}

// The losses of a crash are told to whoever asks what elements have befallen: by the element that
// leaves them to chance, by the crash, or by none if it was done by hand.
func TestHitsOfDisks(t *testing.T) {
	for _, c := range []struct {
		name     string
		elements []string
		byHand   bool
		want     string
	}{
		{"a crash", []string{`{"kind":"crash","at":"50ms","nodes":["a"]}`}, false, "0 lose n1 a wal true, 0 lose n2 a wal true"},
		{"by hand", nil, true, "-1 lose n1 a wal true, -1 lose n2 a wal true"},
		{"a crash, and chance", []string{`{"kind":"crash","at":"50ms","nodes":["a"]}`, `{"kind":"unsynced","nodes":["*"]}`}, false, "1 lose n1 a wal true, 1 lose n2 a wal true"},
		{"another file has its own", []string{`{"kind":"unsynced","nodes":["*"],"file":"other"}`}, true, "-1 lose n1 a wal true, -1 lose n2 a wal true"},
		{"picked", []string{`{"kind":"crash","at":"50ms","nodes":["a"]}`, `{"kind":"lose","nodes":["a"],"nth":2,"file":"wal"}`}, false, "1 lose n2 a wal true"},
		{"a sync fails", []string{`{"kind":"syncfail","at":"30ms","nodes":["a"],"ppm":1000000}`}, false, "0 syncfail n1 a wal false, -1 lose n1 a wal false, -1 lose n2 a wal false"},
		{"one more write, which is short", []string{`{"kind":"short","at":"30ms","nodes":["a"],"ppm":1000000}`}, false, "0 short n3 a wal false"},
		{"a write that is picked is short", []string{`{"kind":"short","nodes":["a"],"nth":2,"file":"wal","bytes":2}`}, false, "0 short n2 a wal false"},
		{"crashat", []string{`{"kind":"crashat","nodes":["a"],"nth":3,"file":"wal"}`}, false, "0 lose n1 a wal true, 0 lose n2 a wal true"},
	} {
		cfg, p := probing(Config{Seed: 1, Faults: ptr(schedule(t, 0, c.elements...))})
		r := Run(cfg, func(w *World) {
			a := w.Node("a")
			a.Start(func() {
				f, _ := a.Disk().Create("wal")
				a.Disk().SyncDir()
				f.Write([]byte("one"))
				f.Write([]byte("two"))
				w.Sleep(40 * ms)
				if strings.Contains(c.name, "one more write") {
					f.Write([]byte("three"))
				}
				if !c.byHand && strings.Contains(c.name, "sync") {
					f.Sync()
				}
			})
			w.Sleep(100 * ms)
			if c.byHand {
				a.Crash()
			}
		})
		var got []string
		for _, h := range p.Hits {
			m := h.Message
			got = append(got, fmt.Sprintf("%d %s n%d %s %s %v", h.Index, m.Kind, m.Nth, m.Nodes[0], m.File, h.Crash))
		}
		if r.Err != nil || strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %v\n got %s\nwant %s", c.name, r.Err, strings.Join(got, ", "), c.want)
		}
	}
}
