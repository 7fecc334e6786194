package pick

import (
	"go/parser"
	"go/token"
	"math/bits"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The product by hand is that of package math/bits.
func TestBelowIsTheHighWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Key(rapid.Uint64Min(1).Draw(t, "key"))
		n := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 1<<32+1), rapid.SampledFrom([]uint64{1<<32 - 1, 1 << 32, 1<<64 - 1})).Draw(t, "n")
		want, _ := bits.Mul64(Scramble(uint64(k)^Golden), n)
		if got := k.Below(n); got != want {
			t.Fatalf("%#x below %#x is %#x, want %#x", k, n, got, want)
		}
	})
	if Key(0).Below(7) != 3 || Key(5).Below(0) != 0 {
		t.Error("the calm key does not give the middle, or there is a number below 0")
	}
}

// The marks are the draws in order, equal ones in the order in which they are drawn.
func TestMarksAreSortedDraws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := Key(rapid.Uint64Min(1).Draw(t, "key"))
		from := rapid.Uint64Range(0, 1).Draw(t, "from")
		to := rapid.Uint64Range(0, 12).Draw(t, "to")
		length := rapid.Uint64Range(1, 20).Draw(t, "length")
		type mark struct{ at, nth uint64 }
		var want, got []mark
		for i := from; i < to; i++ {
			want = append(want, mark{key.With(i).Below(length), i})
		}
		slices.SortStableFunc(want, func(a, b mark) int { return int(a.at) - int(b.at) })
		m := newMarks(key, from, to, length)
		for choice := range length {
			for m.due(choice) {
				got = append(got, mark{choice, m.pass()})
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("marks %v, want %v", got, want)
		}
	})
}

// What is copied into the runtime is all of the package, and imports nothing.
func TestSourceImportsNothing(t *testing.T) {
	files, err := source.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	copied := make(map[string]bool)
	for _, f := range files {
		copied[f.Name()] = true
		text, err := source.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			t.Errorf("%s imports %s: nothing can be imported in package runtime", f.Name(), i.Path.Value)
		}
	}
	here, err := filepath.Glob("*.go")
	if err != nil || len(here) == 0 {
		t.Fatal(err, here)
	}
	for _, name := range here {
		if !copied[name] && name != "source.go" && name != "tally.go" && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s is not in Source", name)
		}
	}
}
