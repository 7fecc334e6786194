//samerun:allow float: a codec carries the numbers of others, and decides nothing by them
package gobwire

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// appendUint appends x as gob does: one byte up to 127, else the negated count of bytes and the bytes, big-endian.
func appendUint(b []byte, x uint64) []byte {
	if x <= 0x7f {
		return append(b, byte(x))
	}
	return appendLongUint(b, x)
}

func appendLongUint(b []byte, x uint64) []byte {
	zeros := bits.LeadingZeros64(x) >> 3
	n := len(b)
	if cap(b)-n < 9 {
		b = append(b, make([]byte, 9)...)
	}
	b = b[:n+9]
	b[n] = byte(zeros - 8)
	// Eight bytes at once cost less than a copy of unknown length; what is too much is cut off again.
	binary.BigEndian.PutUint64(b[n+1:], x<<(zeros*8))
	return b[:n+9-zeros]
}

// appendInt appends x with its sign in the lowest bit.
func appendInt(b []byte, x int64) []byte {
	u := uint64(x<<1) ^ uint64(x>>63)
	if u <= 0x7f {
		return append(b, byte(u))
	}
	return appendLongUint(b, u)
}

// uintLen returns how many bytes appendUint writes for x.
func uintLen(x uint64) int {
	if x <= 0x7f {
		return 1
	}
	return 9 - bits.LeadingZeros64(x)>>3
}

// readUint splits an unsigned number off b. It panics with errSlow on bad bytes.
func readUint(b []byte) (uint64, []byte) {
	if len(b) > 0 && b[0] <= 0x7f {
		return uint64(b[0]), b[1:]
	}
	return readLongUint(b)
}

func readLongUint(b []byte) (uint64, []byte) {
	if len(b) == 0 {
		panic(errSlow)
	}
	if b[0] <= 0x7f {
		return uint64(b[0]), b[1:]
	}
	n := -int(int8(b[0]))
	if n > 8 || n >= len(b) {
		panic(errSlow)
	}
	var x uint64
	for _, c := range b[1 : n+1] {
		x = x<<8 | uint64(c)
	}
	return x, b[n+1:]
}

func readInt(b []byte) (int64, []byte) {
	u, b := readUint(b)
	return unzigzag(u), b
}

func unzigzag(u uint64) int64 {
	return int64(u>>1) ^ -int64(u&1)
}

// appendFloat appends the bits of f byte-reversed, so that whole numbers are short.
func appendFloat(b []byte, f float64) []byte {
	return appendUint(b, bits.ReverseBytes64(math.Float64bits(f)))
}

func readFloat(b []byte) (float64, []byte) {
	u, b := readUint(b)
	return math.Float64frombits(bits.ReverseBytes64(u)), b
}

// zeroFloat tells whether f is 0 or -0, which gob leaves out alike.
func zeroFloat(f float64) bool { return math.Float64bits(f)<<1 == 0 }

// float32Overflows tells whether a finite f is too large for a float32.
func float32Overflows(f float64) bool {
	const infinity = 0x7ff << 52
	abs := math.Float64bits(f) &^ (1 << 63)
	return abs > math.Float64bits(math.MaxFloat32) && abs < infinity
}
