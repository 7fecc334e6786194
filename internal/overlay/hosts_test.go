package overlay

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Nodes are machines: each has addresses, ports, names and routes of its own, and each seed
// has one run.
func TestNodesAreMachines(t *testing.T) {
	t.Parallel()
	exe := binary(t, "hosts")
	load(t)
	oneRunPerSeed(t, exe, 4)
}

// golang.org/x/net/nettest says what programs may expect of a connection: one between two
// nodes does it.
func TestNettestBetweenNodes(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("this needs golang.org/x/net; set SAMERUN_LONG=1")
	}
	t.Parallel()
	exe := binary(t, "nettest")
	for seed := range 5 {
		if out, results, code := run(t, exe, ".", fmt.Sprintf("SAMERUN_SEED=%d", seed)); code != 0 || strings.Count(results, `"ok":true`) != 2 {
			t.Errorf("seed %d: exit status %d\n%s%s", seed, code, out, results)
		}
	}
}
