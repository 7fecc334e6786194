package keyed

import (
	"fmt"
	"math/bits"
)

// Digest is a running hash over 64-bit words: the proof that two runs were the
// same. The order of the words matters. The zero value is an empty digest.
//
// It is a folded multiplication per word (the idea of wyhash), fast enough to
// stay switched on in every run. It guards against accidents, not attackers.
type Digest uint64

// Add takes one word into the digest.
func (d *Digest) Add(x uint64) {
	hi, lo := bits.Mul64(uint64(*d)^x^0xa0761d6478bd642f, 0xe7037ed1a0b428db)
	// Rotating the old state back in keeps a word that happens to zero the
	// product from erasing all that came before it.
	*d = Digest(hi ^ lo ^ bits.RotateLeft64(uint64(*d), 23))
}

// AddBytes takes the bytes and their number into the digest.
func (d *Digest) AddBytes(b []byte) {
	n := len(b)
	for len(b) >= 8 {
		d.Add(uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56)
		b = b[8:]
	}
	var tail uint64
	for i := len(b) - 1; i >= 0; i-- {
		tail = tail<<8 | uint64(b[i])
	}
	d.Add(tail)
	d.Add(uint64(n))
}

// String writes the digest as 16 hexadecimal digits.
func (d Digest) String() string { return fmt.Sprintf("%016x", uint64(d)) }
