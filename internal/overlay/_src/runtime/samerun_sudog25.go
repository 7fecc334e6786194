//go:build !go1.26

package runtime

// samerunChannelOf is the channel that an entry of a queue is for.
func samerunChannelOf(sg *sudog) *hchan { return sg.c }

// samerunDeadExtra is the status of a goroutine for threads that are none of Go's, while
// there is no such thread: this version has none of its own for it.
const samerunDeadExtra = _Gdead
