package sim

import (
	"testing"
	"time"
)

// The fate table of the package documentation, cell by cell. One message leaves
// at 10 ms and reaches the far end at 20 ms; the steps happen around it.
func TestFatesOfOneMessage(t *testing.T) {
	type table struct {
		name  string
		steps func(w *World, l *Link) script
		want  string
	}
	at := func(n int, do func()) step { return step{time.Duration(n) * ms, do} }
	for _, c := range []table{
		{"no fault", func(w *World, l *Link) script { return nil }, "#1 delivered 20ms"},

		{"cut when sent", func(w *World, l *Link) script { return script{at(5, l.Cut)} }, "#1 cut 10ms"},
		{"cut when sent, healed before arrival", func(w *World, l *Link) script { return script{at(5, l.Cut), at(15, l.Heal)} }, "#1 cut 10ms"},
		{"cut and healed before sending", func(w *World, l *Link) script { return script{at(5, l.Cut), at(6, l.Heal)} }, "#1 delivered 20ms"},
		{"cut in flight", func(w *World, l *Link) script { return script{at(15, l.Cut)} }, "#1 cut 20ms"},
		{"cut and healed in flight", func(w *World, l *Link) script { return script{at(12, l.Cut), at(18, l.Heal)} }, "#1 delivered 20ms"},
		{"cut after arrival", func(w *World, l *Link) script { return script{at(21, l.Cut)} }, "#1 delivered 20ms"},

		{"clogged when sent, released before arrival", func(w *World, l *Link) script { return script{at(5, l.Clog), at(15, l.Release)} }, "#1 delivered 20ms"},
		{"clogged in flight, released later", func(w *World, l *Link) script { return script{at(15, l.Clog), at(50, l.Release)} }, "#1 delivered 50ms"},
		{"clogged, never released", func(w *World, l *Link) script { return script{at(15, l.Clog)} }, ""},
		{"clogged twice", func(w *World, l *Link) script {
			return script{at(15, l.Clog), at(16, l.Clog), at(30, l.Release), at(40, l.Release)}
		}, "#1 delivered 30ms"},
		{"clogged again at its release", func(w *World, l *Link) script {
			return script{at(15, l.Clog), at(30, func() { l.Release(); l.Clog() }), at(40, l.Release)}
		}, "#1 delivered 40ms"},
		{"clogged and cut, released first", func(w *World, l *Link) script {
			return script{at(15, l.Clog), at(16, l.Cut), at(30, l.Release), at(40, l.Heal)}
		}, "#1 cut 30ms"},
		{"clogged and cut, healed first", func(w *World, l *Link) script {
			return script{at(15, l.Clog), at(16, l.Cut), at(30, l.Heal), at(40, l.Release)}
		}, "#1 delivered 40ms"},
		{"clogged and cut, HealAll", func(w *World, l *Link) script {
			return script{at(15, l.Clog), at(16, l.Cut), at(30, w.HealAll)}
		}, "#1 delivered 30ms"},
		{"sent over a clogged and cut link", func(w *World, l *Link) script { return script{at(5, l.Clog), at(5, l.Cut)} }, "#1 cut 10ms"},
		{"held, receiver crashes", func(w *World, l *Link) script {
			return script{at(15, l.Clog), at(25, l.To().Crash), at(30, l.Release)}
		}, "#1 node down 30ms"},

		{"receiver down at arrival", func(w *World, l *Link) script { return script{at(15, l.To().Crash)} }, "#1 node down 20ms"},
		{"receiver down when sent only", func(w *World, l *Link) script { return script{at(5, l.To().Crash), at(15, l.To().Restart)} }, "#1 delivered 20ms"},
		{"receiver restarted in flight", func(w *World, l *Link) script { return script{at(15, l.To().Restart)} }, "#1 delivered 20ms"},
		{"receiver down, link cut too", func(w *World, l *Link) script { return script{at(15, l.To().Crash), at(15, l.Cut)} }, "#1 cut 20ms"},
		{"receiver paused", func(w *World, l *Link) script { return script{at(15, l.To().Pause), at(30, l.To().Resume)} }, "#1 delivered 20ms"},

		{"sender crashed in flight", func(w *World, l *Link) script { return script{at(15, l.From().Crash)} }, "#1 delivered 20ms"},
		{"sender down when sent", func(w *World, l *Link) script { return script{at(5, l.From().Crash)} }, "#1 delivered 20ms"},
		{"sender paused", func(w *World, l *Link) script { return script{at(5, l.From().Pause)} }, "#1 delivered 20ms"},

		{"the way back is cut and clogged", func(w *World, l *Link) script {
			back := w.Link(l.To(), l.From())
			return script{at(5, back.Cut), at(15, back.Clog)}
		}, "#1 delivered 20ms"},
		{"the pair is cut", func(w *World, l *Link) script {
			return script{at(15, func() { w.Cut([]*Node{l.To()}, []*Node{l.From()}) })}
		}, "#1 cut 20ms"},
		{"the pair is cut and healed", func(w *World, l *Link) script {
			a, b := []*Node{l.To()}, []*Node{l.From()}
			return script{at(15, func() { w.Cut(a, b) }), at(16, func() { w.Heal(b, a) })}
		}, "#1 delivered 20ms"},
		{"a setting in flight", func(w *World, l *Link) script {
			return script{at(15, func() { l.Set(LinkConfig{Loss: Million}) })}
		}, "#1 delivered 20ms"},
		{"lost", func(w *World, l *Link) script {
			return script{at(5, func() { l.Set(LinkConfig{Loss: Million}) })}
		}, "#1 lost 10ms"},
		{"lost on a cut link", func(w *World, l *Link) script {
			return script{at(5, func() { l.Set(LinkConfig{Loss: Million}); l.Cut() })}
		}, "#1 cut 10ms"},
		{"twice", func(w *World, l *Link) script {
			return script{at(5, func() { l.Set(twice(10 * ms)) })}
		}, "#1 delivered 20ms, #1 delivered 20ms"},
		{"twice, clogged", func(w *World, l *Link) script {
			return script{at(5, func() { l.Set(twice(10 * ms)) }), at(15, l.Clog), at(30, l.Release)}
		}, "#1 delivered 30ms, #1 delivered 30ms"},
		{"twice, receiver down", func(w *World, l *Link) script {
			return script{at(5, func() { l.Set(twice(10 * ms)) }), at(15, l.To().Crash)}
		}, "#1 node down 20ms, #1 node down 20ms"},
		{"late", func(w *World, l *Link) script {
			return script{at(5, func() {
				l.Set(LinkConfig{Latency: Durations{Min: 10 * ms, Max: 10 * ms}, Reorder: Million, Late: Durations{Min: 7 * ms, Max: 7 * ms}})
			})}
		}, "#1 delivered 27ms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b box
			r := mustRun(t, Config{Seed: 1, Link: fixed(10 * ms)}, func(w *World) {
				from, to := w.Node("a"), w.Node("b")
				from.Start(func() {})
				to.Start(func() {})
				l := w.Link(from, to)
				steps := append(c.steps(w, l), step{10 * ms, func() { l.Send(&Message{}, 0, &b) }})
				w.Go("faults", func() { steps.play(w) })
				w.Sleep(100 * ms)
			})
			want(t, "fate", b.String(), c.want)
			addsUp(t, r.Messages)
		})
	}
}

func twice(d time.Duration) LinkConfig {
	return LinkConfig{Latency: Durations{Min: d, Max: d}, Duplicate: Million}
}

func addsUp(t testing.TB, c MessageCounts) {
	t.Helper()
	if c.Sent+c.Duplicated != c.Delivered+c.Lost+c.Cut+c.NodeDown+c.InFlight {
		t.Errorf("the counts do not add up: %+v", c)
	}
}

// Each copy has a fate of its own.
func TestTheCopiesOfAMessageAreIndependent(t *testing.T) {
	var b box
	r := mustRun(t, Config{Seed: 1, Link: LinkConfig{Latency: Durations{Min: ms, Max: 100 * ms}, Duplicate: Million}}, func(w *World) {
		a, z := w.Node("a"), w.Node("z")
		z.Start(func() {})
		l := w.Link(a, z)
		m := &Message{}
		l.Send(m, 0, &b)
		for m.Copies == 2 {
			w.Sleep(ms)
		}
		l.Cut()
		w.Sleep(200 * ms)
		want(t, "copies left", m.Copies, 0)
	})
	want(t, "fates", len(b.log), 2)
	want(t, "delivered", r.Messages.Delivered, 1)
	want(t, "cut", r.Messages.Cut, 1)
	addsUp(t, r.Messages)
}

// That one copy was dropped is nothing to the other.
func TestADroppedCopyDoesNotTakeTheOtherAlong(t *testing.T) {
	for name, fault := range map[string][2]func(l *Link){
		"cut":       {(*Link).Cut, (*Link).Heal},
		"node down": {func(l *Link) { l.To().Crash() }, func(l *Link) { l.To().Restart() }},
	} {
		var b box
		mustRun(t, Config{Seed: 1, Link: LinkConfig{Latency: Durations{Min: ms, Max: 100 * ms}, Duplicate: Million}}, func(w *World) {
			z := w.Node("z")
			z.Start(func() {})
			l := w.Link(w.Main(), z)
			m := &Message{}
			l.Send(m, 0, &b)
			fault[0](l)
			for m.Copies == 2 {
				w.Sleep(ms)
			}
			fault[1](l)
			w.Sleep(200 * ms)
		})
		if len(b.log) != 2 || b.got != 1 {
			t.Errorf("%s: the fates of two copies are %v", name, &b)
		}
		wantIn(t, b.log[0], name)
		wantIn(t, b.log[1], "delivered")
	}
}

// Lost by the sender's own rules, which no fault of the link is counted for.
func TestLostByTheSender(t *testing.T) {
	var b box
	r := mustRun(t, Config{Seed: 1, Link: fixed(ms)}, func(w *World) {
		l := w.Link(w.Node("a"), w.Node("b"))
		l.Send(&Message{Lost: true}, 5*ms, &b)
		w.Sleep(10 * ms)
	})
	want(t, "fate", b.String(), "#1 lost 5ms")
	want(t, "faults", len(r.Faults), 0)
}

// A receiver may send a message again as soon as it knows its fate.
func TestAMessageCanBeUsedAgain(t *testing.T) {
	var b box
	mustRun(t, Config{Seed: 1, Link: LinkConfig{Latency: Durations{Min: ms, Max: 9 * ms}}}, func(w *World) {
		a, z := w.Node("a"), w.Node("z")
		a.Start(func() {})
		z.Start(func() {})
		again := &bouncer{left: 5, box: &b}
		w.Link(a, z).Send(&Message{}, 0, again)
		w.Sleep(time.Second)
	})
	want(t, "arrivals", b.got, 6)
	seen := map[string]bool{}
	for _, l := range b.log {
		if seen[l] {
			t.Errorf("two messages of one fate: %v", b.log)
		}
		seen[l] = true
	}
}

type bouncer struct {
	left int
	*box
}

func (x *bouncer) Deliver(m *Message) {
	x.box.Deliver(m)
	if x.left--; x.left >= 0 {
		m.Link().Send(m, 0, x)
	}
}
