//go:build !unix

package signal

var samerunOn bool

func samerunSignalsTo(deliver func()) bool { return false }

func samerunDeliver() {}

func samerunSettle() {}
