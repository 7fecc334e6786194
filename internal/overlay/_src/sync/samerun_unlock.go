package sync

import "unsafe"

// samerunUnlocks lets package runtime give back locks of those whose node has crashed.
//
//go:linkname samerunUnlocks runtime.samerunUnlocks
var samerunUnlocks = samerunUnlock

// samerunUnlock gives a lock back. The kinds are those of package runtime.
func samerunUnlock(kind uint8, what unsafe.Pointer) {
	switch kind {
	case 0:
		(*Mutex)(what).Unlock()
	case 1:
		(*RWMutex)(what).Unlock()
	case 2:
		(*RWMutex)(what).RUnlock()
	}
}
