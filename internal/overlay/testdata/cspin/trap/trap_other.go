//go:build !linux || !amd64

package trap

func Flag() bool { return true }
