//go:build unix && !(linux && (amd64 || arm64 || loong64 || riscv64))

package net

// samerunTies says that package net answers the system calls of a socket's descriptor.
const samerunTies = false
