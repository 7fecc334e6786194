package main

import (
	"reflect"
	"testing"
)

// A store has what was saved when it is opened again: the last promise, and of each slot what
// was saved last.
func TestStoreIsOpenedAgain(t *testing.T) {
	dir := t.TempDir()
	a := func(b Ballot, text string) Accepted { return Accepted{b, Entry{"c", 1, text}} }
	for _, step := range []struct {
		promised Ballot
		from     int
		list     []Accepted
		want     []Accepted
	}{
		{1, 0, nil, nil},
		{1, 1, []Accepted{a(1, "x"), a(1, "y")}, []Accepted{a(1, "x"), a(1, "y")}},
		{7, 2, []Accepted{a(7, "z"), {}}, []Accepted{a(1, "x"), a(7, "z"), {}}},
		{9, 0, nil, []Accepted{a(1, "x"), a(7, "z"), {}}},
	} {
		s, err := openStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.save(step.promised, step.from, step.list); err != nil {
			t.Fatal(err)
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
		if s, err = openStore(dir); err != nil {
			t.Fatal(err)
		}
		promised, list, err := s.load()
		if err != nil || promised != step.promised || !reflect.DeepEqual(list, step.want) {
			t.Errorf("after %+v there is %v, %v, %v", step, promised, list, err)
		}
		s.close()
	}
}

// Each request is one line, and keeps its number, in however many slots it is.
func TestBook(t *testing.T) {
	var b book
	for slot, want := range []int{1, 2, 0, 1, 3, 0} {
		b.enter([]Entry{{"c", 1, "x"}, {"d", 1, "y"}, {}, {"c", 1, "x"}, {"c", 2, "z"}, {"c", 1, "x"}}[slot])
		if got := b.lineOf(slot + 1); got != want {
			t.Errorf("slot %d is line %d, want %d", slot+1, got, want)
		}
	}
	if got := b.after(1); len(got) != 2 || got[1].Text != "z" || b.line(Entry{"c", 2, "z"}) != 3 || b.line(Entry{"c", 3, ""}) != 0 || b.line(Entry{"e", 1, ""}) != 0 {
		t.Errorf("the book is %+v", b)
	}
}
