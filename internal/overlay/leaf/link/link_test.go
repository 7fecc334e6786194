package link

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"samerun/internal/overlay/leaf/mix"
	"samerun/internal/overlay/leaf/rule"
)

// all is every end.
var all = rule.RuleEnds{All: true}

// sends is a table of three ends, all of which send to each other, and what befell each
// piece and datagram: the whole course of a network.
func sends(rules ...rule.Rule) (course map[string]LinkFate, picks []string, t *Links) {
	t = &Links{}
	for _, r := range rules {
		t.Begin(r)
	}
	t.OnHit = func(index int, what string) { picks = append(picks, fmt.Sprint(index, " ", what)) }
	ends := []*LinkEnd{t.End(1, "n1"), t.End(2, "n2"), t.Listener("listener 1", "127.0.0.1:80")}
	course = map[string]LinkFate{}
	for _, a := range ends {
		for _, b := range ends {
			l := t.Link(a, b)
			if l == nil {
				continue
			}
			for range 3 {
				conn := l.Dial()
				out, in := LinkPiece{Conn: conn, Size: 10}, LinkPiece{Conn: conn, Size: 10, Back: true}
				for range 20 {
					l.Piece(&out)
					l.Concerned(&out)
					course[fmt.Sprint(a.Name(), b.Name(), conn, out.Nth)] = l.Stream(&out, 0, 1000)
					l.Back().Piece(&in)
					l.Back().Concerned(&in)
					course[fmt.Sprint(a.Name(), b.Name(), conn, "back", in.Nth)] = l.Back().Stream(&in, 0, 1000)
				}
				p := LinkPiece{Conn: conn}
				course[fmt.Sprint(a.Name(), b.Name(), conn, "dial", l.Dials(&p, 0, 0, 0), l.State(&p))] = LinkFate{}
			}
			for range 20 {
				p := l.NextDatagram(10)
				course[fmt.Sprint(a.Name(), b.Name(), "datagram", p.Nth)] = l.Datagram(&p, 0, 1000)
			}
		}
	}
	return course, picks, t
}

// some are rules of each kind that leaves something to chance, forty in all, of which no two
// have one key.
func some() (rules []rule.Rule) {
	kinds := []rule.Kind{rule.RuleLatency, rule.RuleLoss, rule.RuleDuplicate, rule.RuleReplay, rule.RuleReorder, rule.RuleFlip, rule.RuleRefuse, rule.RuleReset, rule.RuleStall, rule.RuleHold}
	for i := range 40 {
		r := rule.Rule{Index: i, Key: mix.Mix(7, uint64(i)), Kind: kinds[i%len(kinds)], PPM: 100000, Min: 10, Max: 1000, Shape: i % 4, From: all, To: all, End: -1}
		if r.Kind == rule.RuleHold {
			r.PPM, r.Nth, r.Dir, r.Max = 0, uint64(i), i%3, 0
		}
		rules = append(rules, r)
	}
	return rules
}

// Taking one rule out leaves the draws of all others as they were.
func TestOneRuleLessMovesNoOther(t *testing.T) {
	rules := some()
	_, whole, _ := sends(rules...)
	if len(whole) < 500 {
		t.Fatalf("chance has done %d things", len(whole))
	}
	for i := range rules {
		_, less, _ := sends(slices.Delete(slices.Clone(rules), i, i+1)...)
		want := slices.DeleteFunc(slices.Clone(whole), func(s string) bool { return strings.HasPrefix(s, fmt.Sprint(i, " ")) })
		if i%10 == 6 || i%10 == 8 { // the first that refuses a dial spares the others the question
			continue
		}
		if !slices.Equal(less, want) {
			t.Fatalf("without rule %d, a %v, chance has done %d things, want %d", i, rules[i].Kind, len(less), len(want))
		}
	}
}

// Nor does one more connection, or another link that is used meanwhile.
func TestDrawsAreOfTheLink(t *testing.T) {
	r := rule.Rule{Key: 5, Kind: rule.RuleLoss, PPM: 300000, From: all, To: all}
	lost := func(other bool) (got []bool) {
		x := &Links{}
		x.Begin(r)
		l := x.Link(x.End(1, "n1"), x.End(2, "n2"))
		o := x.Link(x.End(3, "n3"), x.End(2, "n2"))
		p, q := LinkPiece{Conn: l.Dial()}, LinkPiece{Conn: o.Dial()}
		for range 100 {
			l.Piece(&p)
			l.Concerned(&p)
			got = append(got, l.Stream(&p, 0, 0).Delay > 0)
			if other {
				o.Piece(&q)
				o.Concerned(&q)
				o.Stream(&q, 0, 0)
				d := l.NextDatagram(1)
				l.Datagram(&d, 0, 0)
			}
		}
		return got
	}
	alone, among := lost(false), lost(true)
	if !slices.Equal(alone, among) || !slices.Contains(alone, true) || !slices.Contains(alone, false) {
		t.Errorf("%v\n%v", alone, among)
	}
}

// A chance is what it says, and at the calm key nothing happens but certainties.
func TestChances(t *testing.T) {
	for _, ppm := range []int64{1, 100000, 500000, rule.Million} {
		for _, key := range []uint64{0, 99} {
			x := &Links{}
			x.Begin(rule.Rule{Key: key, Kind: rule.RuleLoss, PPM: ppm, From: all, To: all})
			l := x.Link(x.End(1, "n1"), x.End(2, "n2"))
			n, lost := 20000, 0
			for range n {
				if p := l.NextDatagram(1); l.Datagram(&p, 0, 0).Lost {
					lost++
				}
			}
			want := int(ppm * int64(n) / rule.Million)
			if key == 0 && ppm < rule.Million {
				want = 0
			}
			if lost < want*9/10 || lost > want*11/10+2 {
				t.Errorf("%d ppm, key %d: %d of %d are lost", ppm, key, lost, n)
			}
			if c := x.Count(0); c.Hits != int64(lost) || lost > 0 && !strings.HasPrefix(c.First, "loss nth=") {
				t.Errorf("%d ppm: %+v", ppm, c)
			}
		}
	}
}

// What is sent again when the loss has ended is not lost any more; before, it may be.
func TestLossEnds(t *testing.T) {
	for _, c := range []struct{ end, most int64 }{{-1, LinkGivesUp}, {LinkAgain, LinkAgain}, {LinkAgain + 1, 3 * LinkAgain}, {3 * LinkAgain, 3 * LinkAgain}, {3*LinkAgain + 1, 7 * LinkAgain}} {
		const now = 1_000_000_000
		if c.end > 0 {
			c.end += now
		}
		x := &Links{}
		x.Begin(rule.Rule{Key: 99, Kind: rule.RuleLoss, PPM: 900_000, From: all, To: all, End: c.end})
		l := x.Link(x.End(1, "n1"), x.End(2, "n2"))
		p := LinkPiece{Conn: l.Dial()}
		latest := int64(0)
		for range 1000 {
			l.Piece(&p)
			latest = max(latest, l.Stream(&p, now, 0).Delay)
		}
		if latest > c.most || latest < c.most && c.end > 0 || latest < 10*LinkAgain && c.end < 0 {
			t.Errorf("a loss until %d: the latest piece comes after %d, want %d", c.end, latest, c.most)
		}
	}
}

// What chance has done to a piece or datagram is told as a pick that does the same.
func TestPicksDoTheSame(t *testing.T) {
	for _, r := range some()[:10] {
		if r.Kind == rule.RuleLatency || r.Kind == rule.RuleHold || r.Kind == rule.RuleStall || r.Kind == rule.RuleReplay || r.Kind == rule.RuleDuplicate {
			continue // nothing is picked, or a copy goes its own way
		}
		if r.PPM = 20000; r.Kind == rule.RuleRefuse || r.Kind == rule.RuleReset {
			r.PPM = 400000
		}
		want, picks, _ := sends(r)
		if len(picks) < 5 {
			t.Errorf("%v has hit %d times", r.Kind, len(picks))
		}
		var rules []rule.Rule
		for i, what := range picks {
			rules = append(rules, pickOf(t, i, what))
		}
		got, _, _ := sends(rules...)
		for name, fate := range want {
			if fate.Other = got[name].Other; fmt.Sprint(got[name]) != fmt.Sprint(fate) && r.Kind != rule.RuleFlip && !strings.Contains(name, "dial") {
				t.Errorf("%v: %s: %+v, and by the pick %+v", r.Kind, name, fate, got[name])
			}
		}
	}
}

// pickOf reads what OnHit was told.
func pickOf(t *testing.T, index int, what string) rule.Rule {
	_, what, _ = strings.Cut(what, " ")
	line, ends, _ := strings.Cut(what, " from ")
	words := strings.Fields(line)
	r := rule.Rule{Index: index, Key: 1, Kind: rule.KindOf(words[0])}
	for _, w := range words[1:] {
		var n int64
		name, value, _ := strings.Cut(w, "=")
		if _, err := fmt.Sscan(value, &n); err != nil {
			t.Fatal(what)
		}
		switch name {
		case "conn":
			r.Conn = uint64(n)
		case "nth":
			r.Nth = uint64(n)
		case "dir":
			r.Dir = int(n)
		case "min":
			r.Min = n
		default:
			t.Fatal(what)
		}
	}
	from, to, _ := strings.Cut(ends, " to ")
	r.From, r.To = rule.RuleEnds{Names: []string{strings.Trim(from, `"`)}}, rule.RuleEnds{Names: []string{strings.Trim(to, `"`)}}
	return r
}

// Who is meant: by number, by each of its names, all, and all but some. A node has no link
// to itself.
func TestEnds(t *testing.T) {
	x := &Links{}
	n1, l1, main := x.End(1, "n1"), x.Listener("listener 1", "127.0.0.1:80"), x.End(0, "TestX", "main")
	for _, c := range []struct {
		ends rule.RuleEnds
		want string
	}{
		{all, "n1 listener 1 TestX "},
		{rule.RuleEnds{}, ""},
		{rule.RuleEnds{Nodes: []int{1, 2}}, "n1 "},
		{rule.RuleEnds{Nodes: []int{0}}, "listener 1 TestX "},
		{rule.RuleEnds{Names: []string{"127.0.0.1:80"}}, "listener 1 "},
		{rule.RuleEnds{Names: []string{"main", "n1"}}, "n1 TestX "},
		{rule.RuleEnds{All: true, Names: []string{"listener 1"}}, "n1 TestX "},
	} {
		got := ""
		for _, e := range []*LinkEnd{n1, l1, main} {
			if e.isOf(&c.ends) {
				got += e.Name() + " "
			}
		}
		if got != c.want {
			t.Errorf("%+v means %q, want %q", c.ends, got, c.want)
		}
	}
	if x.Link(n1, n1) != nil || x.Link(nil, n1) != nil {
		t.Error("there is a link from a node to itself, or from nobody")
	}
	l := x.Link(n1, l1)
	if x.End(1, "n1") != n1 || x.Link(n1, l1) != l || x.Link(n1, l1).Back() != x.Link(l1, n1) {
		t.Error("an end or a link is there twice")
	}
}

// Another test begins without rules and counts, and knows a listener of an earlier one by its
// address.
func TestAgain(t *testing.T) {
	x := &Links{}
	old := x.Listener("listener 1", "127.0.0.1:80")
	l := x.Link(x.End(0, "TestX", "main"), old)
	x.Begin(rule.Rule{Kind: rule.RuleLoss, PPM: rule.Million, From: all, To: all})
	if p := l.NextDatagram(1); !l.Datagram(&p, 0, 0).Lost || p.Nth != 1 {
		t.Error("the rule does not hold")
	}
	l.Dial()
	x.Again()
	if p := l.NextDatagram(1); l.Datagram(&p, 0, 0).Lost || p.Nth != 1 || l.Dial() != 1 || x.Count(0).Hits != 0 || x.Rules != 0 {
		t.Error("something is left of the test before")
	}
	if fresh := x.Listener("listener 1", "127.0.0.1:81"); fresh == old || old.Name() != "127.0.0.1:80" {
		t.Errorf("the old listener is %q", old.Name())
	}
	if got := len(x.Ends()); got != 1 {
		t.Errorf("%d ends", got)
	}
}

// Rules hold from when they begin until they end, each index by itself.
func TestBeginAndEnd(t *testing.T) {
	x := &Links{}
	l := x.Link(x.End(1, "n1"), x.End(2, "n2"))
	cut := func(index int) rule.Rule { return rule.Rule{Index: index, Kind: rule.RuleCut, From: all, To: all} }
	p := LinkPiece{Conn: 1}
	steps := []struct {
		do   func() bool
		want bool
	}{
		{func() bool { x.Begin(cut(3)); return true }, true},
		{func() bool { x.Begin(cut(1)); return true }, true},
		{func() bool { return x.EndRule(3) }, true},
		{func() bool { return !x.EndRule(3) }, true},
		{func() bool { return x.EndRule(1) }, false},
		{func() bool { x.Begin(cut(1)); x.Begin(cut(1)); return x.Rules == 2 }, true},
		{func() bool { return x.EndRule(-1) && x.Rules == 0 }, false},
	}
	for i, s := range steps {
		if !s.do() || l.State(&p).Cut != s.want {
			t.Errorf("step %d: cut is %v", i, l.State(&p).Cut)
		}
	}
}

// What is sent again has the times of Linux.
func TestTimesOfTCP(t *testing.T) {
	const ms = 1000000
	for _, c := range []struct{ sent, from, want int64 }{
		{0, 0, 200 * ms}, {0, 200 * ms, 200 * ms}, {0, 200*ms + 1, 600 * ms}, {50, 1000 * ms, 1400*ms + 50},
		{0, 24000 * ms, 25400 * ms}, {0, 204600 * ms, 204600 * ms}, {0, 204601 * ms, 324600 * ms}, {0, 924600 * ms, 924600 * ms},
	} {
		if got := LinkNextTry(c.sent, c.from, false); got != c.want {
			t.Errorf("what was sent at %d is sent again after %d at %d, want %d", c.sent, c.from, got, c.want)
		}
	}
	for n, want := range []int64{1, 3, 7, 15, 31, 63, 127} {
		from := int64(0)
		if n > 0 {
			from = []int64{1, 3, 7, 15, 31, 63}[n-1]*1000*ms + 1
		}
		if got := LinkNextTry(0, from, true); got != want*1000*ms {
			t.Errorf("dial %d is sent at %d, want %d s", n, got, want)
		}
	}
	k := LinkProbes{Idle: 15e9, Interval: 15e9, Count: 9}
	if k.Dies(0, 0) != 150e9 || k.Dies(0, 15e9) != 150e9 || k.Dies(0, 15e9+1) != 165e9 || k.Next(0, 40e9) != 45e9 {
		t.Error(k.Dies(0, 0), k.Dies(0, 15e9), k.Dies(0, 15e9+1), k.Next(0, 40e9))
	}
}

// A narrow link carries one thing after the other; what finds too many waiting is lost, if it
// is a datagram.
func TestBandwidth(t *testing.T) {
	x := &Links{}
	x.Begin(rule.Rule{Kind: rule.RuleBandwidth, Bytes: 1000, Queue: 2, From: all, To: all})
	l := x.Link(x.End(1, "n1"), x.End(2, "n2"))
	var got []string
	for range 4 {
		p := l.NextDatagram(10)
		f := l.Datagram(&p, 0, 5e6)
		got = append(got, fmt.Sprint(f.Delay/1e6, f.Lost))
	}
	if want := "[15 false 25 false 35 false 5 true]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// Holding is not 0 when State of a datagram may say that it is held up or lost.
func TestHolding(t *testing.T) {
	for kind := rule.Kind(1); kind.String() != "none"; kind++ {
		for _, r := range []rule.Rule{{PPM: rule.Million}, {PPM: 10}, {PPM: rule.Million, Nth: 3}} {
			r.Kind, r.Key, r.From, r.To, r.Bytes = kind, 7, all, all, 1
			x := &Links{}
			x.Begin(r)
			l := x.Link(x.End(1, "n1"), x.End(2, "n2"))
			p := l.NextDatagram(1)
			if s := l.State(&p); (s.Cut || s.Clog) != (x.Holding > 0) {
				t.Errorf("%v, %d ppm, nth %d: %+v, and Holding is %d", kind, r.PPM, r.Nth, s, x.Holding)
			}
			if x.EndRule(-1); x.Holding != 0 {
				t.Errorf("%v: %d hold when none is left", kind, x.Holding)
			}
		}
	}
}
