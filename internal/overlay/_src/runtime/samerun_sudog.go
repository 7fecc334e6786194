//go:build go1.26

package runtime

// samerunChannelOf is the channel that an entry of a queue is for.
func samerunChannelOf(sg *sudog) *hchan { return sg.c.get() }

// samerunDeadExtra is the status of a goroutine for threads that are none of Go's, while
// there is no such thread.
const samerunDeadExtra = _Gdeadextra
