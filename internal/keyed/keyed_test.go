package keyed

import (
	"testing"

	"pgregory.net/rapid"
)

// The calm key is the contract of seed 0: whatever is mixed in, nothing happens.
func TestSeedZeroIsCalm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Root(0).Str(rapid.String().Draw(t, "what")).With(rapid.Uint64().Draw(t, "n"))
		if k.Chance(999_999) {
			t.Fatal("the calm key decided yes")
		}
		if n := rapid.Uint64().Draw(t, "range"); k.Below(n) != n/2 {
			t.Fatalf("the calm key drew %d below %d, want the middle", k.Below(n), n)
		}
	})
}

func TestBetweenStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Root(rapid.Uint64().Draw(t, "seed"))
		lo := rapid.Int64Range(-1e12, 1e12).Draw(t, "lo")
		hi := rapid.Int64Range(lo, 2e12).Draw(t, "hi")
		if got := k.Between(lo, hi); got < lo || got > hi {
			t.Fatalf("Between(%d, %d) = %d", lo, hi, got)
		}
	})
}

// A tenth must be a tenth, for every way of counting n up.
func TestChanceIsFair(t *testing.T) {
	for _, k := range []Key{Root(1), Root(2), Root(1).Str("loss"), Ident("x")} {
		const n = 100_000
		yes := 0
		for i := range uint64(n) {
			if k.With(i).Chance(100_000) {
				yes++
			}
		}
		if yes < n/10-500 || yes > n/10+500 {
			t.Errorf("key %x: %d of %d were yes, want about %d", uint64(k), yes, n, n/10)
		}
	}
}

func TestStringsDoNotRunTogether(t *testing.T) {
	seen := map[Key]string{}
	for _, s := range []string{"", "\x00", "\x00\x00", "a", "a\x00", "abcdefgh", "abcdefgh\x00", "abcdefghi", "bcdefghia"} {
		k := Root(7).Str(s)
		if other, dup := seen[k]; dup {
			t.Errorf("%q and %q have one key", s, other)
		}
		seen[k] = s
	}
}

// These values are part of the meaning of a seed (D8): a change here changes
// every run of every user, and is told in CHANGELOG.md.
func TestKeysAreStable(t *testing.T) {
	var d Digest
	d.AddBytes([]byte("same seed, same run"))
	for _, c := range []struct{ got, want uint64 }{
		{Root(1).Uint64(), 0x910a2dec89025cc1},
		{Root(1).Str("loss").With(3).Uint64(), 0xd882807c9741fc0a},
		{Root(7).Below(1000), 0x240},
		{Rand(7, Ident("n0")).Uint64(), 0x8843fac8c427f8cf},
		{uint64(d), 0x7f857bc046785a36},
	} {
		if c.got != c.want {
			t.Errorf("got %#x, want %#x", c.got, c.want)
		}
	}
}
