//go:build unix

package runtime

import (
	"internal/runtime/atomic"
	_ "unsafe" // for go:linkname
)

// A signal that a program sends to itself arrives before the call that sends it returns:
// the sender keeps its turn until the handler has taken the signal, and then starts a
// goroutine that hands it to the channels of os/signal, in its turn as all others. There
// is no goroutine that waits for signals. Those from outside of the process are seen
// by samerunSentinel, now and then.

// samerunSignals is what is known of them.
var samerunSignals struct {
	mu      mutex
	sending int                  // calls that send one, and wait until it has come
	looking bool                 // the sentinel takes those that have come; nobody sends one meanwhile
	urgent  atomic.Int32         // of these, for SIGURG, which the runtime sends as well
	came    [_NSIG]atomic.Uint32 // how often each has come
	deliver func()               // starts a goroutine for each that has come; of os/signal
}

// samerunSignalsTo says what delivers signals, and reports whether it is to be asked.
//
//go:linkname samerunSignalsTo os/signal.samerunSignalsTo
func samerunSignalsTo(deliver func()) bool {
	samerunSignals.deliver = deliver
	return samerunCfg.on
}

// samerunStraySignal reports whether a signal is one by which the runtime stops
// goroutines: those come by chance.
func samerunStraySignal(s uint32) bool {
	return s == sigPreempt && samerunCfg.on && samerunSignals.urgent.Load() == 0
}

// samerunSignalComes is called by the handler of a signal that the program wants.
func samerunSignalComes(s uint32) {
	if s < _NSIG {
		samerunSignals.came[s].Add(1)
	}
}

// samerunSignalTake takes one of those that have come, if there is any.
//
//go:linkname samerunSignalTake os/signal.samerunSignalTake
func samerunSignalTake() (s uint32, ok bool) {
	for i := range sig.mask {
		for {
			mask := atomic.Load(&sig.mask[i])
			if mask == 0 {
				break
			}
			bit := mask & -mask
			if atomic.Cas(&sig.mask[i], mask, mask&^bit) {
				for s = uint32(i) * 32; bit > 1; bit >>= 1 {
					s++
				}
				return s, true
			}
		}
	}
	return 0, false
}

// samerunSignalSends is called before a program sends signal s to process pid. It returns what
// samerunSignalSent wants to know afterwards: 0 if the signal is not for this process, or
// if the program does not ask to be told of it.
func samerunSignalSends(pid int, s uint32) uint64 {
	if !samerunCfg.on || samerunSignals.deliver == nil || s == 0 || s >= _NSIG || getg().m.locks > 0 {
		return 0
	}
	if pid != 0 && pid != samerunPid() || atomic.Load(&sig.wanted[s/32])>>(s&31)&1 == 0 {
		return 0
	}
	lock(&samerunSignals.mu)
	for samerunSignals.looking {
		unlock(&samerunSignals.mu)
		usleep(5)
		lock(&samerunSignals.mu)
	}
	samerunSignals.sending++
	unlock(&samerunSignals.mu)
	if s == sigPreempt {
		samerunSignals.urgent.Add(1)
	}
	return 1<<32 | uint64(samerunSignals.came[s].Load())
}

// samerunSignalSent is called when the call has returned.
func samerunSignalSent(before uint64, s uint32, sent bool) {
	if before == 0 {
		return
	}
	const patience = 5_000_000_000
	for begin := nanotime(); sent && nanotime()-begin < patience; {
		if samerunSignals.came[s].Load() != uint32(before) && sig.delivering.Load() == 0 {
			break
		}
		usleep(5)
	}
	if s == sigPreempt {
		samerunSignals.urgent.Add(-1)
	}
	samerunSignals.deliver()
	lock(&samerunSignals.mu)
	samerunSignals.sending--
	unlock(&samerunSignals.mu)
}

//go:linkname samerunSyscallSends syscall.samerunSignalSends
func samerunSyscallSends(pid int, s uint32) uint64 { return samerunSignalSends(pid, s) }

//go:linkname samerunSyscallSent syscall.samerunSignalSent
func samerunSyscallSent(before uint64, s uint32, sent bool) { samerunSignalSent(before, s, sent) }

//go:linkname samerunOsSends os.samerunSignalSends
func samerunOsSends(pid int, s uint32) uint64 { return samerunSignalSends(pid, s) }

//go:linkname samerunOsSent os.samerunSignalSent
func samerunOsSent(before uint64, s uint32, sent bool) { samerunSignalSent(before, s, sent) }

// samerunSignalsSettled reports whether no handler of a signal runs.
//
//go:linkname samerunSignalsSettled os/signal.samerunSignalsSettled
func samerunSignalsSettled() bool { return sig.delivering.Load() == 0 }

// samerunSignalsFromOutside delivers those that nobody in this process has sent. The sentinel
// calls it: the goroutines that deliver them belong to the test.
func samerunSignalsFromOutside() {
	come := uint32(0)
	for i := range sig.mask {
		come |= atomic.Load(&sig.mask[i])
	}
	if come == 0 || samerunSignals.deliver == nil {
		return
	}
	lock(&samerunSignals.mu)
	looking := samerunSignals.sending == 0
	samerunSignals.looking = looking
	unlock(&samerunSignals.mu)
	if !looking {
		return
	}
	// It must not be preempted as a goroutine of the test.
	mp := acquirem()
	gp := getg()
	if samerunWorld.samerun.on {
		gp.bubble = &samerunWorld
	}
	samerunSignals.deliver()
	gp.bubble = nil
	releasem(mp)
	lock(&samerunSignals.mu)
	samerunSignals.looking = false
	unlock(&samerunSignals.mu)
}
