package overlay

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// What a crash leaves of files, and what faults do to them, is what testdata/disks says, and is the
// same whatever the processors, the collector and the race detector do.
func TestDisks(t *testing.T) {
	t.Parallel()
	exe := binary(t, "disks")
	for seed := range runs(t, 1) {
		plain := sameEveryTime(t, exe, runs(t, 2), fmt.Sprintf("SAMERUN_SEED=%d", seed))
		if os.Getenv("SAMERUN_LONG") == "" {
			continue // -race builds the standard library once more
		}
		if race := sameEveryTime(t, binary(t, "disks", "-race"), 1, fmt.Sprintf("SAMERUN_SEED=%d", seed)); race != plain {
			t.Errorf("seed %d: with the race detector it is another run:\n%s", seed, differences(plain, race))
		}
	}
}

// A process that a test starts writes where nobody sees it, which is noted.
func TestDisksSeeProcesses(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(binary(t, "disks"), "-test.run=^TestNotesOfProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "SAMERUN_SEED=1", "DISKS_PROCESS=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestNotesOfProcess") {
		t.Errorf("%v\n%s", err, out)
	}
}
