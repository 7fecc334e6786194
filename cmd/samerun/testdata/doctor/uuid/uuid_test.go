package uuid

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// TestUUID sleeps for as long as a number says that the kernel makes up.
func TestUUID(t *testing.T) {
	data, err := os.ReadFile("/proc/sys/kernel/random/uuid")
	if err != nil {
		t.Skip(err)
	}
	n, _ := strconv.ParseUint(string(data[:8]), 16, 64)
	time.Sleep(time.Duration(n))
}
