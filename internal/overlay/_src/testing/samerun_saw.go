package testing

import (
	"strconv"
	_ "unsafe" // for go:linkname
)

//go:linkname samerunSees
func samerunSees()

//go:linkname samerunSawAt
func samerunSawAt(i int) (pair uint64, at int64, ok bool)

// samerunSawJSON is the field of the line about the test that has ended for what it saw: which
// place came behind which, as pairs of a hash and when that was first, in milliseconds.
func samerunSawJSON() string {
	var b []byte
	for i := 0; ; i++ {
		pair, at, ok := samerunSawAt(i)
		if !ok {
			break
		}
		if pair == 0 {
			continue
		}
		if b == nil {
			b = append(b, `,"orders":[`...)
		} else {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, pair, 10)
		b = append(b, ',')
		b = strconv.AppendInt(b, max(at, 0)/1000000, 10)
	}
	if b != nil {
		b = append(b, ']')
	}
	return string(b)
}
