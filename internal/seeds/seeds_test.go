package seeds

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func Example() {
	set, err := Parse("1-3,0x10,2-5")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Len(), "seeds:", set)
	head, rest := set.Cut(2)
	fmt.Println(head, "then", rest)
	_, err = Parse("10-1")
	fmt.Println(err)
	// Output:
	// 6 seeds: 1-5,16
	// 1-2 then 3-5,16
	// seeds "10-1": the range ends before it begins; write the smaller number first
}

func TestParse(t *testing.T) {
	tests := []struct {
		in, want string
		n        uint64
	}{
		{"7", "7", 1},
		{"0x2f", "47", 1},
		{"0X2F", "47", 1},
		{"010", "10", 1},
		{"0", "0", 1},
		{"1-1000", "1-1000", 1000},
		{"1-10,15,0x20-0x2f", "1-10,15,32-47", 27},
		{"5,4,3", "3-5", 3},
		{"1-10,5-6,2", "1-10", 10},
		{" 1 - 3 , 9 ", "1-3,9", 4},
		{"1-1000000000000", "1-1000000000000", 1_000_000_000_000},
		{"1-18446744073709551615", "1-18446744073709551615", math.MaxUint64},
		{"18446744073709551615,0", "0,18446744073709551615", 2},
		{"0xffffffffffffffff,0xfffffffffffffffe", "18446744073709551614-18446744073709551615", 2},
	}
	for _, tt := range tests {
		set, err := Parse(tt.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.in, err)
			continue
		}
		if set.String() != tt.want || set.Len() != tt.n {
			t.Errorf("Parse(%q) = %s with %d seeds, want %s with %d", tt.in, set, set.Len(), tt.want, tt.n)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", `seeds "": nothing is there; write a seed such as 7 or a range such as 1-1000`},
		{"10-1", `seeds "10-1": the range ends before it begins; write the smaller number first`},
		{"1-5,10-1,7", `seeds "10-1": the range ends before it begins; write the smaller number first`},
		{"1,,2", `seeds "": there is nothing between two commas or at an end; remove the extra comma`},
		{"-5", `seeds "-5": the number before the dash is missing; seeds are never negative, write a range as 1-1000`},
		{"5-", `seeds "5-": the number after the dash is missing; write both ends, as in 1-1000`},
		{"1-2-3", `seeds "1-2-3": "2-3" is not a whole number; write seeds such as 7, 0x2f or 1-1000`},
		{"x", `seeds "x": "x" is not a whole number; write seeds such as 7, 0x2f or 1-1000`},
		{"+1", `seeds "+1": "+1" is not a whole number; write seeds such as 7, 0x2f or 1-1000`},
		{"1_000", `seeds "1_000": "1_000" is not a whole number; write seeds such as 7, 0x2f or 1-1000`},
		{"0x", `seeds "0x": "0x" is not a whole number; write seeds such as 7, 0x2f or 1-1000`},
		{"18446744073709551616", `seeds "18446744073709551616": a seed has 64 bits; write a number up to 18446744073709551615 (0xffffffffffffffff)`},
		{"0-5,6-18446744073709551615", `seeds "0-5,6-18446744073709551615": these are all 2^64 seeds, one more than can be counted; start at 1`},
	}
	for _, tt := range tests {
		if _, err := Parse(tt.in); err == nil || err.Error() != tt.want {
			t.Errorf("Parse(%q):\n got %v\nwant %s", tt.in, err, tt.want)
		}
	}
}

func TestParseSeed(t *testing.T) {
	for in, want := range map[string]uint64{"7": 7, "0x2f": 47, " 9 ": 9, "18446744073709551615": math.MaxUint64} {
		if got, err := ParseSeed(in); err != nil || got != want {
			t.Errorf("ParseSeed(%q) = %d, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "1-2", "-1", "x", "18446744073709551616"} {
		if _, err := ParseSeed(in); err == nil || !strings.HasPrefix(err.Error(), `seed "`) {
			t.Errorf("ParseSeed(%q): %v", in, err)
		}
	}
}

// A model of a set is a sorted slice of its members, near 0 or near the largest seed.
func drawModel(t *rapid.T) (Set, []uint64) {
	base := rapid.SampledFrom([]uint64{0, 1000, math.MaxUint64 - 60}).Draw(t, "base")
	var parts []string
	var model []uint64
	for range rapid.IntRange(1, 6).Draw(t, "parts") {
		first := base + rapid.Uint64Range(0, 40).Draw(t, "first")
		last := first + rapid.Uint64Range(0, 20).Draw(t, "more")
		format := rapid.SampledFrom([]string{"%d-%d", "%#x-%#x", "%d-%#x"}).Draw(t, "format")
		parts = append(parts, fmt.Sprintf(format, first, last))
		for seed := first; ; seed++ {
			model = append(model, seed)
			if seed == last {
				break
			}
		}
	}
	slices.Sort(model)
	set, err := Parse(strings.Join(parts, ","))
	if err != nil {
		t.Fatal(err)
	}
	return set, slices.Compact(model)
}

func TestSetLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set, model := drawModel(t)
		if got := slices.Collect(set.All()); !slices.Equal(got, model) || set.Len() != uint64(len(model)) {
			t.Fatalf("%s: All %v, Len %d, model %v", set, got, set.Len(), model)
		}
		again, err := Parse(set.String())
		if err != nil || !slices.Equal(again.spans, set.spans) {
			t.Fatalf("%s reads back as %s, %v", set, again, err)
		}
		if first, ok := set.First(); !ok || first != model[0] {
			t.Fatalf("%s: First %d, %v", set, first, ok)
		}

		n := rapid.IntRange(0, len(model)+1).Draw(t, "n")
		head, rest := set.Cut(uint64(n))
		n = min(n, len(model))
		if !slices.Equal(slices.Collect(head.All()), model[:n]) || !slices.Equal(slices.Collect(rest.All()), model[n:]) {
			t.Fatalf("%s: Cut(%d) = %s and %s", set, n, head, rest)
		}
		if !slices.Equal(slices.Collect(set.All()), model) {
			t.Fatalf("Cut changed the set it was called on: %s, model %v", set, model)
		}

		seed := model[0] + rapid.Uint64Range(0, 70).Draw(t, "seed") - 3 // may wrap, to stand on either side
		i, found := slices.BinarySearch(model, seed)
		if set.Has(seed) != found {
			t.Fatalf("%s: Has(%d) = %v", set, seed, !found)
		}
		if found {
			i++
		}
		if got := slices.Collect(set.After(seed).All()); !slices.Equal(got, model[i:]) {
			t.Fatalf("%s: After(%d) = %v, want %v", set, seed, got, model[i:])
		}
	})
}

func TestEmpty(t *testing.T) {
	var set Set
	head, rest := set.Cut(3)
	_, ok := set.First()
	if set.Len() != 0 || set.String() != "" || ok || set.Has(0) || head.Len()+rest.Len() != 0 || set.After(0).Len() != 0 {
		t.Error("the zero Set is not empty")
	}
	for range set.All() {
		t.Error("the zero Set has a seed")
	}
}

// A lazy set: the work does not grow with the number of seeds.
func TestLargeSetIsLazy(t *testing.T) {
	allocs := testing.AllocsPerRun(10, func() {
		set, err := Parse("1-1000000000000")
		if err != nil {
			t.Fatal(err)
		}
		for seed := range set.All() {
			if seed == 10 {
				break
			}
		}
		head, rest := set.Cut(500_000_000_000)
		if head.Len() != rest.Len() {
			t.Fatalf("%s and %s", head, rest)
		}
	})
	if allocs > 20 {
		t.Errorf("%v allocations for a set of one range", allocs)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"7", "0x2f", "1-10,15,0x20-0x2f", "10-1", ",", "-", "0-18446744073709551615", "1 - 2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := Parse(text)
		if err != nil {
			msg := err.Error()
			if !strings.HasPrefix(msg, `seeds "`) || strings.ContainsAny(msg, "\n\r") || len(msg) > 800 {
				t.Fatalf("a message that does not read well: %q", msg)
			}
			return
		}
		if set.Len() == 0 {
			t.Fatalf("Parse(%q) gave an empty set", text)
		}
		again, err := Parse(set.String())
		if err != nil || again.String() != set.String() || again.Len() != set.Len() {
			t.Fatalf("%q reads as %s, then as %s (%v)", text, set, again, err)
		}
		for i := 1; i < len(set.spans); i++ {
			if a, b := set.spans[i-1], set.spans[i]; a.first > a.last || b.first <= a.last || b.first-a.last < 2 {
				t.Fatalf("%q: the spans %v and %v break the invariant", text, a, b)
			}
		}
	})
}
