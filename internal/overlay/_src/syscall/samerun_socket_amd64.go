//go:build linux

package syscall

// samerunSendmmsg is the number of sendmmsg.
const samerunSendmmsg = 307
