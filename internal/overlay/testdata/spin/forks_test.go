//go:build unix

package spin

import (
	"os"
	"syscall"
	"testing"
)

// While a thread makes a process, all signals are blocked for it: one that goes by steps would die
// of the next.
func TestForksInSteps(t *testing.T) {
	if os.Getenv("SAMERUN_SEED") == "" {
		t.Skip("without a seed nobody goes by steps")
	}
	for range 6 {
		for !stepping() {
		}
		pid, err := syscall.ForkExec("/bin/true", []string{"true"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil || status != 0 {
			t.Error(err, status)
		}
	}
}
