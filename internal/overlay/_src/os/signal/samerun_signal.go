//go:build unix

package signal

import (
	"runtime"
	"sync/atomic"
	"syscall"
	_ "unsafe" // for go:linkname
)

// These are in package runtime.

//go:linkname samerunSignalsTo
func samerunSignalsTo(deliver func()) bool

//go:linkname samerunSignalTake
func samerunSignalTake() (s uint32, ok bool)

//go:linkname samerunSignalsSettled
func samerunSignalsSettled() bool

// samerunOn says that signals are delivered by samerunDeliver, and not by a goroutine
// that waits for them.
var samerunOn bool

// samerunBusy is how many goroutines deliver a signal.
var samerunBusy atomic.Int32

// samerunDeliver starts a goroutine for each signal that has come.
func samerunDeliver() {
	for {
		s, ok := samerunSignalTake()
		if !ok {
			return
		}
		samerunBusy.Add(1)
		go samerunProcess(syscall.Signal(s))
	}
}

func samerunProcess(s syscall.Signal) {
	defer samerunBusy.Add(-1)
	process(s)
}

// samerunSettle returns when all signals that have come are delivered.
func samerunSettle() {
	for {
		samerunDeliver()
		if samerunBusy.Load() == 0 && samerunSignalsSettled() {
			return
		}
		runtime.Gosched()
	}
}
