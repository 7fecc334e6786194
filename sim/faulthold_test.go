package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/sim/disk"
)

// What is held by a clog or a swizzle, and by hand; copies have fates of their
// own.
func TestHeldMessages(t *testing.T) {
	clog := `{"kind":"clog","at":"15ms","for":"35ms","from":["a"],"to":["b"]}`
	twice := `{"kind":"twice","from":["a"],"to":["b"],"nth":1}`
	hold := func(x *cast, do func(m *Message) bool) {
		for m := range x.link.InFlight {
			if !do(m) {
				x.w.Failf("the message was not in flight any more")
			}
			return
		}
		x.w.Failf("there is no message in flight")
	}
	for _, c := range []struct {
		name     string
		elements []string
		quiet    time.Duration
		steps    func(x *cast) script
		want     string
	}{
		{"clog ends", []string{clog}, 0, nil, "#1 delivered 50ms"},
		{"clog, quiet", []string{clog}, 40 * ms, nil, "#1 delivered 40ms"},
		{"clog, receiver crashes", []string{clog, `{"kind":"crash","at":"30ms","nodes":["b"]}`}, 0, nil, "#1 node down 50ms"},
		{"clog, receiver crashes and comes back", []string{clog, `{"kind":"crash","at":"30ms","for":"5ms","nodes":["b"]}`}, 0, nil, "#1 delivered 50ms"},
		{"swizzle", []string{`{"kind":"swizzle","for":"80ms","nodes":["b"],"period":"1ms"}`}, 0, nil, "#1 delivered 79"},
		{"swizzle, quiet", []string{`{"kind":"swizzle","for":"80ms","nodes":["b"],"period":"1ms"}`}, 40 * ms, nil, "#1 delivered 40ms"},
		{"a clog of a schedule and one by hand", []string{clog}, 0, func(x *cast) script {
			return script{{16 * ms, x.link.Clog}, {70 * ms, x.link.Release}}
		}, "#1 delivered 70ms"},
		{"HealAll ends what was done by hand", []string{clog}, 0, func(x *cast) script {
			return script{{16 * ms, x.link.Clog}, {30 * ms, x.w.HealAll}}
		}, "#1 delivered 50ms"},
		{"a cut of a schedule and one by hand", []string{`{"kind":"cut","at":"15ms","for":"35ms","from":["a"],"to":["b"]}`}, 0, func(x *cast) script {
			return script{{12 * ms, x.link.Cut}, {16 * ms, x.link.Heal}}
		}, "#1 cut 20ms"},
		{"two copies, held", []string{clog, twice}, 0, nil, "#1 delivered 50ms, #1 delivered 50ms"},
		{"two copies, one dropped by hand", []string{twice}, 0, func(x *cast) script {
			return script{{15 * ms, func() { hold(x, (*Message).Drop) }}}
		}, "#1 lost 15ms, #1 delivered 20ms"},
		{"two copies, one brought by hand through a cut", []string{twice, `{"kind":"cut","at":"12ms","from":["a"],"to":["b"]}`}, 0, func(x *cast) script {
			return script{{15 * ms, func() { hold(x, (*Message).Deliver) }}}
		}, "#1 delivered 15ms, #1 cut 20ms"},
		{"held by hand and brought", nil, 0, func(x *cast) script {
			return script{{15 * ms, func() { hold(x, (*Message).Hold) }}, {60 * ms, func() { hold(x, (*Message).Deliver) }}}
		}, "#1 delivered 60ms"},
		{"held by hand and dropped", nil, 0, func(x *cast) script {
			return script{{15 * ms, func() { hold(x, (*Message).Hold) }}, {60 * ms, func() { hold(x, (*Message).Drop) }}}
		}, "#1 lost 60ms"},
		{"held by a clog, brought by hand", []string{clog}, 0, func(x *cast) script {
			return script{{30 * ms, func() { hold(x, (*Message).Deliver) }}}
		}, "#1 delivered 30ms"},
		{"held by a clog by hand, dropped by hand", nil, 0, func(x *cast) script {
			return script{{15 * ms, x.link.Clog}, {30 * ms, func() { hold(x, (*Message).Drop) }}, {50 * ms, x.link.Release}}
		}, "#1 lost 30ms"},
		{"brought by hand to a node that is down", []string{`{"kind":"crash","at":"12ms","nodes":["b"]}`}, 0, func(x *cast) script {
			return script{{15 * ms, func() { hold(x, (*Message).Deliver) }}}
		}, "#1 node down 15ms"},
		{"doubled by hand", nil, 0, func(x *cast) script {
			return script{{15 * ms, func() { hold(x, (*Message).Duplicate) }}}
		}, "#1 delivered 20ms, #1 delivered 25ms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, r := act(t, 1, schedule(t, c.quiet, c.elements...), func(x *cast) {
				if c.steps != nil {
					steps := c.steps(x)
					x.w.Go("steps", func() { steps.play(x.w) })
				}
				x.send(10 * ms)
				x.w.Sleep(190 * ms)
			})
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			want(t, "left in flight", r.Messages.InFlight, uint64(0))
		})
	}
	// By hand nothing happens to a message that has arrived or is lost.
	act(t, 1, schedule(t, 0, `{"kind":"hold","from":["a"],"to":["b"],"nth":1,"min":"1ns"}`), func(x *cast) {
		m := &Message{}
		x.link.Send(m, 0, &x.box)
		x.w.Sleep(100 * ms)
		if m.Deliver() || m.Drop() || m.Hold() || m.Duplicate() || new(Message).Drop() {
			x.w.Failf("a message was moved that is not in flight")
		}
		m.Lost = true
		x.link.Send(m, 10*ms, &x.box)
		if m.Duplicate() {
			x.w.Failf("a message was doubled that its sender loses")
		}
	})
}

// A swizzle releases node by node, and holds the rest on.
func TestSwizzleHoldsOnce(t *testing.T) {
	_, r := act(t, 5, schedule(t, 0, `{"kind":"swizzle","for":"100ms","nodes":["*"],"period":"40ms"}`), func(x *cast) {
		for range 10 {
			x.w.Sleep(10 * ms)
			for _, n := range []*Node{x.b, x.c, x.d, x.e} {
				x.w.Link(x.a, n).Send(&Message{}, 0, &x.box)
			}
		}
		x.w.Sleep(100 * ms)
	})
	want(t, "in flight", r.Messages.InFlight, uint64(0))
	if r.Messages.Held == 0 || r.Messages.Held > r.Messages.Sent {
		t.Errorf("%d messages were held %d times", r.Messages.Sent, r.Messages.Held)
	}
}

func TestRule(t *testing.T) {
	got, r := act(t, 1, schedule(t, 0, `{"kind":"deliver","from":["a"],"to":["b"],"nth":3}`, `{"kind":"drop","from":["a"],"to":["b"],"nth":4}`,
		`{"kind":"twice","from":["a"],"to":["b"],"nth":2}`), func(x *cast) {
		x.w.Rule(func(m *Message) Verdict {
			switch m.Nth {
			case 1:
				return Verdict{Delay: 50 * ms}
			case 5:
				return Verdict{}
			}
			return Verdict{Drop: true}
		})
		for i := range 5 {
			x.send(time.Duration(10+20*i) * ms)
		}
		x.w.Rule(nil)
		x.send(110 * ms)
		x.w.Sleep(100 * ms)
	})
	want(t, "messages", inOrder(got), "#2 lost 30ms, #3 delivered 50ms, #1 delivered 70ms, #4 lost 70ms, #5 delivered 100ms, #6 delivered 120ms")
	want(t, "counts", fmt.Sprint(r.Faults), "[{rule 1 2}]")
	says(t, Config{}, func(w *World) {
		w.Rule(func(*Message) Verdict { return Verdict{Delay: -1} })
		w.Link(w.Node("a"), w.Node("b")).Send(&Message{}, 0, &box{})
	}, "a → b", "cannot be negative")
}

func TestBuggify(t *testing.T) {
	on, yes, asked := 0, 0, 0
	for seed := range uint64(400) {
		r := mustRun(t, Config{Seed: seed}, func(w *World) {
			for range 20 {
				w.Buggify("small buffer")
			}
		})
		for _, p := range r.Properties {
			asked += int(p.Checked)
			yes += int(p.Met)
			if p.Met > 0 {
				on++
			}
			if seed == 0 && p.Met > 0 {
				t.Error("it fired at seed 0")
			}
		}
	}
	want(t, "asked", asked, 8000)
	if on < 70 || on > 130 || yes < on*3 || yes > on*7 {
		t.Errorf("in 400 seeds it was on in %d, and fired %d times", on, yes)
	}
	// Another name and another node make no difference.
	answers := func(others bool) (out []bool) {
		mustRun(t, Config{Seed: 5}, func(w *World) {
			for _, name := range []string{"x", "y", "z", "u", "v", "w"} {
				for range 8 {
					if others {
						w.Buggify("other")
						w.Node("n").Go("", func() { w.Buggify(name) })
					}
					out = append(out, w.Buggify(name))
				}
			}
		})
		return out
	}
	want(t, "answers", fmt.Sprint(answers(true)), fmt.Sprint(answers(false)))
}

// Faults of disks are set, joined where they overlap, and taken back.
func TestFaultsOfDisks(t *testing.T) {
	s := schedule(t, 0,
		`{"kind":"syncfail","at":"10ms","for":"20ms","nodes":["a"],"ppm":1000000}`,
		`{"kind":"syncfail","at":"20ms","for":"20ms","nodes":["a"],"ppm":1000000,"file":"wal"}`,
		`{"kind":"nospace","at":"50ms","for":"10ms","nodes":["a"]}`,
		`{"kind":"corrupt","at":"70ms","for":"10ms","nodes":["a"],"ppm":1000000,"file":"wal"}`,
		`{"kind":"slowdisk","at":"90ms","for":"20ms","nodes":["a"],"min":"5ms","file":"wal"}`,
		`{"kind":"unsynced","at":"120ms","for":"10ms","nodes":["a"],"ppm":1000000}`,
		`{"kind":"torn","at":"140ms","for":"10ms","nodes":["a"]}`,
		`{"kind":"torn","at":"140ms","for":"10ms","nodes":["b"]}`,
		`{"kind":"torn","nodes":["main"]}`,
		`{"kind":"nospace","at":"160ms","nodes":["*"],"bytes":10}`,
	)
	var got []string
	_, r := act(t, 1, s, func(x *cast) {
		d := x.a.Disk()
		step := func(at int, name string, do func(f *disk.File) error) {
			x.w.Sleep(time.Duration(at)*ms - x.w.Elapsed())
			f, err := d.Open(name)
			if err != nil {
				f, err = d.Create(name)
			}
			if err == nil {
				err = do(f)
			}
			line := fmt.Sprintf("%d %s ok", at, name)
			if err != nil {
				line = fmt.Sprintf("%d %s failed", at, name)
			}
			if late := x.w.Elapsed() - time.Duration(at)*ms; late > 0 {
				line += fmt.Sprint(" after ", late)
			}
			got = append(got, line)
		}
		sync := (*disk.File).Sync
		write := func(f *disk.File) error { _, err := f.WriteAt(make([]byte, 2000), 0); return err }
		for _, at := range []int{5, 15, 25, 35, 45} {
			step(at, "wal", sync)
			step(at, "other", sync)
		}
		d.SyncDir()
		step(55, "wal", write)
		step(65, "wal", write)
		step(66, "wal", sync)
		read := func(f *disk.File) error {
			b := make([]byte, 2000)
			_, err := f.ReadAt(b, 0)
			if strings.Trim(string(b), "\x00") != "" {
				return fmt.Errorf("corrupt")
			}
			return err
		}
		step(75, "wal", read)
		step(85, "wal", read)
		step(95, "wal", sync) // two operations: Open, Sync
		step(115, "wal", sync)
		step(121, "wal", write)
		x.w.Sleep(4 * ms)
		x.a.Restart()
		x.w.Sleep(10 * ms)
		step(141, "wal", write)
		x.w.Sleep(ms)
		x.a.Restart()
		x.w.Sleep(10 * ms)
		step(155, "wal", write)
		x.a.Restart() // no fault in force
		x.w.Sleep(100 * ms)
	})
	want(t, "disk", strings.Join(got, ", "), "5 wal ok, 5 other ok, 15 wal failed, 15 other failed, 25 wal failed, 25 other failed, "+
		"35 wal failed, 35 other ok, 45 wal ok, 45 other ok, 55 wal failed, 65 wal ok, 66 wal ok, 75 wal failed, 85 wal ok, "+
		"95 wal ok after 10ms, 115 wal ok, 121 wal ok, 141 wal ok, 155 wal ok")
	none := "it met nothing: no disk that it befell did what it spoils"
	want(t, "fired", fired(r), "4; 2; 1; 4; 2; 1; 1; "+none+"; "+missMain+"; "+none)
}

// How long an operation of a slow disk takes depends neither on other files nor
// on other faults.
func TestSlowDiskIsKeyed(t *testing.T) {
	const element = `{"kind":"slowdisk","nodes":["a"],"min":"1ms","max":"9ms","file":"wal"}`
	times := func(other bool, elements ...string) string {
		var took []string
		act(t, 3, schedule(t, 0, elements...), func(x *cast) {
			x.w.Sleep(ms)
			d := x.a.Disk()
			f, _ := d.Create("wal")
			g, _ := d.Create("other")
			for range 5 {
				if other {
					g.Sync()
				}
				before := x.w.Elapsed()
				f.Sync()
				took = append(took, fmt.Sprint(x.w.Elapsed()-before))
			}
		})
		return strings.Join(took, " ")
	}
	alone := times(false, element)
	want(t, "with another file", times(true, element), alone)
	want(t, "with another fault", times(true, element, `{"kind":"slowdisk","nodes":["a"],"min":"1ms","max":"5ms","file":"other"}`), alone)
}
