package traffic

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// text is the events of a log.
func text(t *testing.T, l *TrafficLog) string {
	t.Helper()
	events, left, ok := TrafficOf(l.Flat(TrafficMost))
	if !ok {
		t.Fatal("the flat form is none")
	}
	var b strings.Builder
	if left > 0 {
		fmt.Fprintf(&b, "%d; ", left)
	}
	for _, e := range events {
		fmt.Fprintf(&b, "%s %d at %d before %d; ", e.Head, e.Fate, e.At, e.Before)
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// What is to come is told otherwise, and what has happened stays.
func TestBecomes(t *testing.T) {
	var l TrafficLog
	a := l.Add(TrafficEvent{At: 10, What: TrafficPiece, Fate: TrafficArrives}, []byte("a"))
	b := l.Add(TrafficEvent{At: 20, What: TrafficPiece, Fate: TrafficArrives}, []byte("b"))
	for _, step := range []struct {
		number  *uint64
		fate    TrafficFate
		at, now int64
		want    string
	}{
		{&a, TrafficArrives, 10, 5, "a 1 at 10 before 0; b 1 at 20 before 0"},
		{&b, TrafficCut, 20, 15, "a 1 at 10 before 0; b 3 at 20 before 0"},
		{&a, TrafficArrives, 10, 15, "a 1 at 10 before 0; b 3 at 20 before 0"},
		{&b, TrafficArrives, 20, 18, "a 1 at 10 before 0; b 1 at 20 before 0"},
		{&b, TrafficWaits, 20, 20, "a 1 at 10 before 0; b 4 at 20 before 0"},
		{&b, TrafficWaits, 20, 25, "a 1 at 10 before 0; b 4 at 20 before 0"},
		{&b, TrafficCut, 20, 30, "a 1 at 10 before 0; b 4 at 20 before 0; b 3 at 30 before 4"},
		{&b, TrafficCut, 20, 31, "a 1 at 10 before 0; b 4 at 20 before 0; b 3 at 30 before 4"},
		{&b, TrafficArrives, 60, 40, "a 1 at 10 before 0; b 4 at 20 before 0; b 3 at 30 before 4; b 1 at 60 before 3"},
	} {
		*step.number = l.Becomes(*step.number, step.fate, step.at, step.now)
		if got := text(t, &l); got != step.want {
			t.Errorf("at %d:\n got %s\nwant %s", step.now, got, step.want)
		}
	}
	for _, number := range []uint64{0, a, 99} {
		l.Corrects(number, TrafficNoRoom, int64(number*7))
	}
	if l.Corrects(a, TrafficLost, 0); !strings.HasPrefix(text(t, &l), "a 2 at 7 before 0; b 4 at 20") {
		t.Errorf("corrected: %s", text(t, &l))
	}
	if l.Becomes(0, TrafficCut, 1, 1) != 0 || l.Becomes(99, TrafficCut, 1, 1) != 99 || strings.Count(text(t, &l), ";") != 3 {
		t.Error("an event that there is not becomes something")
	}
	if l.Clear(); text(t, &l) != "" {
		t.Errorf("cleared: %s", text(t, &l))
	}
}

// The log keeps the last events, and says how many there were before.
func TestMost(t *testing.T) {
	var l TrafficLog
	first := l.Add(TrafficEvent{At: 1, What: TrafficPiece, Fate: TrafficArrives}, nil)
	last := uint64(0)
	for i := range TrafficMost + 2 {
		last = l.Add(TrafficEvent{At: int64(i), What: TrafficDatagram, Fate: TrafficLost}, nil)
	}
	if l.Becomes(first, TrafficCut, 1, 0); l.Becomes(last, TrafficCut, TrafficMost+1, 0) != last {
		t.Error("the last event is not there")
	}
	events, left, ok := TrafficOf(l.Flat(TrafficMost))
	if !ok || left != 3 || len(events) != TrafficMost {
		t.Fatalf("%d before, %d kept", left, len(events))
	}
	if few, left, ok := TrafficOf(l.Flat(5)); !ok || len(few) != 5 || left != TrafficMost+3-5 || few[0] != events[TrafficMost-5] {
		t.Errorf("the last five are %+v, after %d", few, left)
	}
	for i, e := range events {
		if want := (TrafficEvent{At: int64(i + 2), What: TrafficDatagram, Fate: TrafficLost}); i < TrafficMost-1 && e != want {
			t.Fatalf("event %d is %+v", i, e)
		}
	}
	if events[TrafficMost-1].Fate != TrafficCut {
		t.Error("the last event is as it was")
	}
}

// The flat form has all of an event.
func TestFlat(t *testing.T) {
	all := TrafficEvent{1, 2, TrafficPiece, TrafficCut, TrafficWaits, 5, -1, 7, 8, 9, true, true, true, "head", "from", "to"}
	for i := range reflect.ValueOf(all).NumField() {
		e := all
		reflect.ValueOf(&e).Elem().Field(i).SetZero()
		if e.What == 0 || e.Fate == 0 {
			continue
		}
		var l TrafficLog
		l.Add(e, []byte(e.Head+strings.Repeat("x", TrafficHead)))
		e.Head = (e.Head + strings.Repeat("x", TrafficHead))[:TrafficHead]
		if got, _, ok := TrafficOf(l.Flat(TrafficMost)); !ok || len(got) != 1 || got[0] != e {
			t.Errorf("%+v is %+v", e, got)
		}
	}
	if _, _, ok := TrafficOf(make([]int64, 1), make([]string, 2)); ok {
		t.Error("two texts are taken for an event")
	}
	for _, nums := range [][]int64{{0, 1}, {0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0}, {0, 1, 1, 1, 99, 0, 0, 0, 0, 0, 0, 0}, {0, 1, 1, 1, 1, -1, 0, 0, 0, 0, 0, 0}} {
		if _, _, ok := TrafficOf(nums, make([]string, 3)); ok {
			t.Errorf("%v is taken for events", nums)
		}
	}
}
