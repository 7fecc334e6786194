//go:build race

package sched

import (
	"runtime"
	"unsafe"
)

// meet tells the race detector that whatever called into the run before happened before
// what the caller does now. Under samerun test -race this module is built without the
// detector, because its goroutines take turns, which the detector does not count as an
// order: it looks at the program alone, for which locks and channels of this package are
// what those of package sync are.
func (x *hosting) meet() {
	runtime.RaceAcquire(unsafe.Pointer(x))
	runtime.RaceReleaseMerge(unsafe.Pointer(x))
}
