package feature

import (
	"slices"
	"strings"
	"testing"
	"time"
)

type point struct{ x, y int }

type holder struct {
	name string
	what any
}

// Values that differ have different hashes, equal ones equal hashes, and no address takes part.
func TestHash(t *testing.T) {
	values := []any{
		nil, true, false, 1, 2, -1, uint(1), int64(1), "", "a", "b", "ab", 1.5, 2.5, complex(1, 2), complex(2, 1),
		point{1, 2}, point{2, 1}, [2]int{1, 2}, [2]int{2, 1}, [3]int{1, 2, 0},
		holder{"a", nil}, holder{"a", 1}, holder{"a", "1"}, holder{"a", point{1, 2}}, (*int)(nil),
	}
	seen := map[uint64]any{}
	for _, v := range values {
		h, err := Hash(v)
		if err != nil {
			t.Fatalf("%#v: %v", v, err)
		}
		if again, _ := Hash(v); again != h {
			t.Errorf("%#v has two hashes", v)
		}
		if other, twice := seen[h]; twice {
			t.Errorf("%#v and %#v have one hash", v, other)
		}
		seen[h] = v
	}
	minus := 0.0
	minus = -minus
	zero, _ := Hash(0.0)
	if negative, _ := Hash(minus); negative != zero {
		t.Error("0 and -0 are equal, and have different hashes")
	}
}

// The hash of a value is part of what a search finds: it must not change by accident.
func TestHashIsStable(t *testing.T) {
	if h, _ := Hash(holder{"a", point{1, 2}}); h != 0xb2c33b78e7bb1130 {
		t.Errorf("the hash is now %#x", h)
	}
}

func TestHashRefuses(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{new(int), "a *int is an address, which is another one in each run; give what it leads to"},
		{make(chan int), "a chan int is an address"},
		{holder{"a", new(int)}, "field what: a *int is an address"},
		{[]int{1}, "a []int cannot be compared"},
		{map[int]int{}, "a map[int]int cannot be compared"},
		{func() {}, "a func() cannot be compared"},
	} {
		if _, err := Hash(c.v); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%T: %v; want %q", c.v, err, c.want)
		}
	}
}

// What was seen comes sorted, each once with its first time, and through the text as it was.
func TestSeen(t *testing.T) {
	var s Set
	for i, h := range []uint64{3, 1, 2, 1} {
		s.Add(Order, h, time.Duration(i+1)*time.Second)
	}
	s.Add(Sometimes, 9, time.Millisecond)
	got := s.Seen()
	want := Seen{{Feature{Sometimes, 9}, time.Millisecond}, {Feature{Order, 1}, 2 * time.Second}, {Feature{Order, 2}, 3 * time.Second}, {Feature{Order, 3}, time.Second}}
	if !slices.Equal(got, want) {
		t.Fatalf("seen: %v; want %v", got, want)
	}
	text, err := got.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back Seen
	if err := back.UnmarshalText(text); err != nil || !slices.Equal(back, want) {
		t.Errorf("back from the text: %v, %v", back, err)
	}
	for _, bad := range []string{"?", "AAAA", "CQAAAAAAAAAAAAAAAA=="} {
		if back.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
