//go:build !unix

package runtime

func samerunStraySignal(s uint32) bool { return false }

func samerunSignalComes(s uint32) {}

func samerunSignalsFromOutside() {}
