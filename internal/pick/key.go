package pick

// Key is a hash of everything that a decision depends on, under construction. It
// is a value: With and Str return a new one. Package keyed has the same one for all
// other decisions, and computes it here.
//
// Invariant: the zero Key is calm and stays calm: With and Str return zero, and
// Below the middle.
//
// The mixer is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", OOPSLA 2014).
type Key uint64

// RootKey returns the key from which all decisions of a run are drawn. RootKey(0) is the
// calm key.
func RootKey(seed uint64) Key {
	if seed == 0 {
		return 0
	}
	return Key(Scramble(seed + Golden))
}

// IdentKey returns a key for naming things rather than for deciding: it does not
// depend on the seed and is never calm.
func IdentKey(kind string) Key { return Key(Golden).Str(kind) }

// ScheduleKey returns the key from which the strategies of a seed draw. It is never
// calm: the calm key would give all the same priority.
func ScheduleKey(seed uint64) Key {
	if seed == 0 {
		return IdentKey("schedule")
	}
	return RootKey(seed).Str("schedule")
}

// With mixes one more number into the key.
func (k Key) With(n uint64) Key {
	if k == 0 {
		return 0
	}
	return Key(Scramble(uint64(k) + (n+1)*Golden))
}

// Str mixes a string into the key, eight bytes at a time, its length last.
func (k Key) Str(s string) Key {
	if k == 0 {
		return 0
	}
	h, n := uint64(k), len(s)
	for len(s) >= 8 {
		h = Scramble(h ^ eightBytes(s))
		s = s[8:]
	}
	var tail uint64
	for i := len(s) - 1; i >= 0; i-- {
		tail = tail<<8 | uint64(s[i])
	}
	return Key(Scramble(Scramble(h^tail) + uint64(n)*Golden))
}

// Below returns a uniform number in [0, n), and n/2 when calm. Below(0) is 0.
func (k Key) Below(n uint64) uint64 {
	if k == 0 {
		return n / 2
	}
	// The high word of the product of 128 bits. Package math/bits would be an import.
	x := Scramble(uint64(k) ^ Golden)
	if n>>32 == 0 {
		return (x>>32*n + x&lowHalf*n>>32) >> 32
	}
	mid := x>>32*(n&lowHalf) + x&lowHalf*(n&lowHalf)>>32
	return x>>32*(n>>32) + mid>>32 + (x&lowHalf*(n>>32)+mid&lowHalf)>>32
}

// Golden is 2^64 divided by the Golden ratio, made odd: the step of SplitMix64.
const Golden = 0x9e3779b97f4a7c15

// lowHalf is the lower half of a word.
const lowHalf = 1<<32 - 1

// Scramble makes a word of a word, so that each bit depends on each.
func Scramble(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// eightBytes is the first eight bytes of a text.
func eightBytes(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
