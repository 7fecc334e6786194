//go:build linux

package net

// samerunSendmmsg is the number of sendmmsg.
const samerunSendmmsg = 307
