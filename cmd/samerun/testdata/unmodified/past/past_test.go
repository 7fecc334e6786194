// Package past writes to a file by a mapping, which no fault of disks befalls.
package past

import (
	"os"
	"syscall"
	"testing"
)

func TestPast(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/mapped")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(make([]byte, 4096)); err != nil {
		t.Skip(err)
	}
	m, err := syscall.Mmap(int(f.Fd()), 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	copy(m, "past")
	if err := syscall.Munmap(m); err != nil {
		t.Fatal(err)
	}
}
