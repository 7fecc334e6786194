package net

import "syscall"

// samerunTruncated is what readMsg says of a packet that was longer than the buffer.
const samerunTruncated = 0

func (s *samerunSock) rawRead(f func(uintptr) bool) error { return syscall.EWINDOWS }

func (s *samerunSock) rawWrite(f func(uintptr) bool) error { return syscall.EWINDOWS }
