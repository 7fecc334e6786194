// Package mix makes one word of several: the identities of goroutines, and what they
// draw, are made so. Package runtime gets it from internal/overlay/bundle.
package mix

// Mix makes one word of two. Its body is the finaliser of SplitMix64
// (Steele, Lea and Flood, OOPSLA 2014).
//
//go:nosplit
func Mix(key, x uint64) uint64 {
	z := key ^ (x+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	// Twice, so that neighbours in key and x together do not meet.
	z = (z ^ key) * 0xbf58476d1ce4e5b9
	return z ^ z>>32
}

// MixString makes one word of a word and a text.
func MixString(key uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		key = Mix(key, uint64(s[i]))
	}
	return Mix(key, uint64(len(s)))
}
