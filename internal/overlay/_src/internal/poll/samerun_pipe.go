//go:build unix || wasip1

package poll

import _ "unsafe" // for go:linkname

// These are in package runtime.

//go:linkname samerunPipeInside
func samerunPipeInside(ctx uintptr) bool

//go:linkname samerunPipePoint
func samerunPipePoint(ctx uintptr)

//go:linkname samerunPipePeer
func samerunPipePeer(ctx uintptr) (peer uintptr)

//go:linkname samerunPipeMoved
func samerunPipeMoved(ctx uintptr, mode int)

//go:linkname samerunPipeReal
func samerunPipeReal(ctx uintptr)

// samerunRead says that something was read at fd, if err is nil: a pipe has room again.
func (fd *FD) samerunRead(err error) {
	if err == nil {
		samerunPipeMoved(samerunPipePeer(fd.pd.runtimeCtx), 'w')
	}
}

// samerunWritten says that n bytes were written at fd.
func (fd *FD) samerunWritten(n int) {
	if n > 0 {
		samerunPipeMoved(samerunPipePeer(fd.pd.runtimeCtx), 'r')
	}
}

// SamerunReal says that the descriptor of fd becomes known to others: if it is an end
// of a pipe, both ends wait for the operating system from now on.
func (fd *FD) SamerunReal() { samerunPipeReal(fd.pd.runtimeCtx) }

// SamerunInside reports whether the operating system must not copy from or to fd by itself:
// it is an end of a pipe of this process alone, or a socket of a test's network, which has
// no descriptor.
func (fd *FD) SamerunInside() bool {
	return samerunPipeInside(fd.pd.runtimeCtx) || fd.Sysfd < 0
}
