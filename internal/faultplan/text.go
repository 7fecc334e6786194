package faultplan

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"samerun/sim/fault"
)

// Text is the faults of the tests of a process, as the file has them that SAMERUN_FAULTS
// names: a line for each test, and behind it one for each element of its schedule.
//
//	test TestX
//	rule 0 9f3c6a0000000001 cut 2000000 302000000 0 0 0 0 0 0 0 from "*" to "listener 1"
//
// The numbers are the place of the element, its key (fault.Schedule.Keys, 16 hexadecimal
// digits), the kind, when it begins and ends in nanoseconds of virtual time (-1 for never),
// ppm, shape, min, max, bytes, queue and nth. Names are quoted as in Go. An element that
// would begin in the quiet time is there, too, and ends as it begins.
func Text(given []Given) string {
	var b strings.Builder
	for _, g := range given {
		fmt.Fprintf(&b, "test %s\n", g.Test)
		keys := g.Schedule.Keys()
		for i := range g.Schedule.Faults {
			f := &g.Schedule.Faults[i]
			begin, end := span(f, g.Schedule.Quiet)
			fmt.Fprintf(&b, "rule %d %016x %s %d %d %d %d %d %d %d %d %d from", i, keys[i], f.Kind, begin, end, f.PPM, f.Shape, int64(f.Min), int64(f.Max), f.Bytes, f.Queue, f.Nth)
			for _, name := range f.From {
				b.WriteString(" " + strconv.Quote(name))
			}
			b.WriteString(" to")
			for _, name := range f.To {
				b.WriteString(" " + strconv.Quote(name))
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// span is when an element begins and ends.
func span(f *fault.Fault, quiet time.Duration) (begin, end int64) {
	begin, end = int64(f.At), -1
	if at, ends := f.End(); ends {
		end = int64(at)
	}
	if quiet > 0 && (end < 0 || end > int64(quiet)) {
		end = max(begin, int64(quiet))
	}
	return begin, end
}
