package testing

import (
	"strconv"
	_ "unsafe" // for go:linkname
)

// A calm run counts the events of goroutines, for URW and SURW, if the tool asks for it.

//go:linkname samerunCountEvents
func samerunCountEvents()

//go:linkname samerunCountedAt
func samerunCountedAt(i int) (who uint64, by int, events *[32]uint32, ok bool)

// samerunCountedJSON is the field of the line about the test that has ended for what was
// counted. For each goroutine, in the order in which they were started, it has the identity,
// who started it, as the number of that one in the list or -1, and pairs of a kind and how
// many events of it there were.
func samerunCountedJSON() string {
	var b []byte
	for i := 0; ; i++ {
		who, by, events, ok := samerunCountedAt(i)
		if !ok {
			break
		}
		if b == nil {
			b = append(b, `,"counted":[`...)
		} else {
			b = append(b, ',')
		}
		b = append(b, `{"who":`...)
		b = strconv.AppendUint(b, who, 10)
		b = append(b, `,"by":`...)
		b = strconv.AppendInt(b, int64(by), 10)
		b = append(b, `,"events":[`...)
		first := true
		for kind, n := range events {
			if n == 0 {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(kind), 10)
			b = append(b, ',')
			b = strconv.AppendUint(b, uint64(n), 10)
			b = append(b, ']')
		}
		b = append(b, "]}"...)
	}
	if b != nil {
		b = append(b, ']')
	}
	return string(b)
}
