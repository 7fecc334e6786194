//go:build linux && !(amd64 || arm64 || riscv64)

package syscall

//go:nosplit
//go:norace
func samerunOnDisk(trap uintptr) bool { return false }

//go:nosplit
//go:norace
func samerunDiskAsk(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr, made bool) {
	return 0, 0, 0, false
}

//go:nosplit
//go:norace
func samerunDiskRaw(trap, a1, a2 uintptr) {}
