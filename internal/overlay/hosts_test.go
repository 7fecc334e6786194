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
	seen := make(map[string]int)
	for seed := range 4 {
		first := ""
		for i := range max(2, runs(t, 4)/5) {
			out, results, code := run(t, exe, ".", fmt.Sprintf("SAMERUN_SEED=%d", seed),
				fmt.Sprintf("GOMAXPROCS=%d", []int{1, 2, 8}[i%3]), fmt.Sprintf("GOGC=%s", []string{"10", "off", "100"}[i%3]))
			if code != 0 {
				t.Fatalf("seed %d: exit status %d\n%s", seed, code, out)
			}
			if strings.Count(results, `"io":0`) != strings.Count(results, "\n") {
				t.Errorf("seed %d: real input or output:\n%s", seed, results)
			}
			if first == "" {
				first = results
			} else if results != first {
				t.Errorf("seed %d: two runs:\n%s", seed, differences(first, results))
			}
		}
		seen[first]++
	}
	if len(seen) != 4 {
		t.Errorf("4 seeds have %d runs", len(seen))
	}
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
