//go:build arm64 || riscv64

package disks

const syncfs, renameat2 = 267, 276
