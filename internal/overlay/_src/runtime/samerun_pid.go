//go:build unix && !linux

package runtime

// samerunPid is for systems on which signals come when they come.
func samerunPid() int { return -1 }
