//go:build !linux || !amd64

package spin

func stepping() bool { return true }

func popFlags() {}
