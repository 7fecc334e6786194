//go:build !unix || solaris || aix

package scratch

import "os"

// lock cannot lock: this system has no flock.
func lock(*os.File) bool { return false }
