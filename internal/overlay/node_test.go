package overlay

import (
	"fmt"
	"strings"
	"testing"
)

// Nodes are exact: the same output and the same digest whatever the processors, the collector and the race
// detector do.
func TestNodes(t *testing.T) {
	t.Parallel()
	exe := binary(t, "node")
	for seed := range runs(t, 1) {
		plain := sameEveryTime(t, exe, runs(t, 2), fmt.Sprintf("SAMERUN_SEED=%d", seed))
		if race := sameEveryTime(t, binary(t, "node", "-race"), 1, fmt.Sprintf("SAMERUN_SEED=%d", seed)); race != plain {
			t.Errorf("seed %d: with the race detector it is another run:\n%s", seed, differences(plain, race))
		}
	}
}

// Who waits in Park for ever is told so.
func TestParkedForEver(t *testing.T) {
	t.Parallel()
	exe := binary(t, "node")
	out, _, code := run(t, exe, "ParkedForEver", "SAMERUN_SEED=1", "ENDS=1")
	if code == 0 || !strings.Contains(out, "waits for the last train") || !strings.Contains(out, "goroutine 1 (traveller on n1), started by testing.(*samerunHost).Go, waits for the first one") {
		t.Errorf("exit status %d\n%s", code, out)
	}
}
