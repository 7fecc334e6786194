//go:build linux && (arm64 || loong64 || riscv64)

package net

// samerunSendmmsg is the number of sendmmsg.
const samerunSendmmsg = 269
