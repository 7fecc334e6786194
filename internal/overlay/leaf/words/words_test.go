package words

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestListKeepsItsOrder(t *testing.T) {
	var l WordList
	for w := range uintptr(100) {
		if l.IsFull() {
			l.Move(make([]uintptr, max(4, 2*l.Room())))
		}
		l.Push(w)
	}
	if l.Len() != 100 || l.Room() != 128 || l.At(7) != 7 {
		t.Error(l.Len(), l.Room(), l.At(7))
	}
	for w := uintptr(100); w > 40; w-- {
		if got := l.Pop(); got != w-1 {
			t.Fatalf("popped %d, want %d", got, w-1)
		}
	}
	l.Set(7, 1)
	if l.At(7) != 1 || l.At(6) != 6 {
		t.Error(l.At(7), l.At(6))
	}
	l.Clear()
	if l.Len() != 0 || l.IsFull() {
		t.Error("it is not empty")
	}
}

// A set is a set, whatever the words: neighbours, multiples of a large power of two, any.
func TestSetIsOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, word := range []func() uintptr{
		func() uintptr { return uintptr(1 + r.IntN(3000)) },
		func() uintptr { return uintptr(1+r.IntN(3000)) << 16 },
		func() uintptr { return uintptr(r.Uint64() | 1) },
	} {
		var s WordSet
		want := make(map[uintptr]bool)
		for range 2 {
			for range 5000 {
				if s.IsFull() {
					s.Move(make([]uintptr, max(4, 2*s.Room())))
				}
				w := word()
				if s.Has(w) != want[w] {
					t.Fatalf("%#x: in the set is %v", w, s.Has(w))
				}
				if s.Add(w) == want[w] {
					t.Fatalf("%#x: new is %v", w, want[w])
				}
				want[w] = true
			}
			if s.Len() != len(want) || 2*(s.Len()-1) > s.Room() {
				t.Error(s.Len(), len(want), s.Room())
			}
			s.Clear()
			clear(want)
			if s.Has(word()) || slices.ContainsFunc(s.room, func(w uintptr) bool { return w != 0 }) {
				t.Error("it is not empty")
			}
		}
	}
}
