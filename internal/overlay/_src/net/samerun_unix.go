//go:build unix

package net

import "syscall"

// samerunTruncated is what readMsg says of a packet that was longer than the buffer.
const samerunTruncated = syscall.MSG_TRUNC

// samerunHandle is a socket as package syscall has it.
func samerunHandle(fd uintptr) int { return int(fd) }
