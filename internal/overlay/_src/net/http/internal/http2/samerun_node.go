package http2

import (
	"strconv"
	_ "unsafe" // for go:linkname
)

// samerunLife is in package runtime: see package net.
//
//go:linkname samerunLife
func samerunLife() uint32

// samerunKey is a key of what a process keeps, of which each boot of a node has its own.
func samerunKey(key string) string {
	if life := samerunLife(); life != 0 {
		return key + "\000" + strconv.Itoa(int(life))
	}
	return key
}
