//go:build unix

package os

import _ "unsafe" // for go:linkname

// samerunSaid is in package runtime. It notes what is written to standard output or error, in a
// run of which a trace is made.
//
//go:linkname samerunSaid
func samerunSaid(fd int, b []byte)

// samerunSays notes what is about to be written to f.
func (f *File) samerunSays(b []byte) {
	if fd := f.pfd.Sysfd; fd == 1 || fd == 2 {
		samerunSaid(fd, b)
	}
}
