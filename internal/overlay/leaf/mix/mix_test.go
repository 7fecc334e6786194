package mix

import (
	"math/bits"
	"testing"
)

// What a seed means for ordinary Go hangs on these words.
func TestWords(t *testing.T) {
	for _, c := range []struct{ key, x, want uint64 }{
		{0, 0, 0xb1a2023844c12c4f}, {1, 0, 0x7c5ef29049a49a49}, {0, 1, 0xda9f42e3eee2b3b7}, {1<<64 - 1, 1<<64 - 1, 0x2fc2ff09d816da6d},
	} {
		if got := Mix(c.key, c.x); got != c.want {
			t.Errorf("Mix(%#x, %#x) is %#x, want %#x", c.key, c.x, got, c.want)
		}
	}
	if got, want := MixString(7, "TestX"), uint64(0xaf04e0b9a5909ca4); got != want {
		t.Errorf("MixString is %#x, want %#x", got, want)
	}
}

// Neighbours in both words do not meet, and each bit that changes changes about half
// of the others.
func TestNeighbours(t *testing.T) {
	seen := make(map[uint64]bool)
	changed, n := 0, 0
	for key := range uint64(200) {
		for x := range uint64(200) {
			word := Mix(key, x)
			if seen[word] {
				t.Fatalf("Mix(%d, %d) is what another one was", key, x)
			}
			seen[word] = true
			changed += bits.OnesCount64(word^Mix(key^1<<(x%64), x)) + bits.OnesCount64(word^Mix(key, x^1<<(key%64)))
			n += 2
		}
	}
	if changed < 31*n || changed > 33*n {
		t.Errorf("%d bits in %d words change, want about 32 each", changed, n)
	}
}

// A text is not the sum of its parts.
func TestStringsDoNotRunTogether(t *testing.T) {
	if MixString(MixString(1, "ab"), "c") == MixString(MixString(1, "a"), "bc") {
		t.Error(`"ab", "c" and "a", "bc" are one`)
	}
	if MixString(1, "") == MixString(1, "\x00") {
		t.Error("no text and a zero byte are one")
	}
}
