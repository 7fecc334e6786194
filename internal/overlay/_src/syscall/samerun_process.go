package syscall

import _ "unsafe" // for go:linkname

// samerunProcess notes that the goroutine starts another process. It is in package
// runtime.
//
//go:linkname samerunProcess
func samerunProcess()
