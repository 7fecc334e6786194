package text

import (
	"strconv"
	"time"
)

// AppendTime writes an instant of virtual time, with the microseconds that a story
// needs: "1.284000s".
func AppendTime(b []byte, d time.Duration) []byte {
	b = append(strconv.AppendInt(b, int64(d/time.Second), 10), '.')
	// A leading 1 keeps the zeros; it is written over.
	dot := len(b) - 1
	b = strconv.AppendInt(b, 1_000_000+int64(d%time.Second/time.Microsecond), 10)
	copy(b[dot+1:], b[dot+2:])
	b[len(b)-1] = 's'
	return b
}

// Fill writes blanks up to a length of b, at least one.
func Fill(b []byte, length int) []byte {
	for b = append(b, ' '); len(b) < length; {
		b = append(b, ' ')
	}
	return b
}
