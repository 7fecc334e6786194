//go:build (unix && !linux) || windows

package net

// samerunKeepAlive are the names of the options of keep-alive: here they are not asked for,
// and Go's own settings hold.
var samerunKeepAlive [0]int
