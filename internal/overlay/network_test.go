package overlay

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What programs may expect of sockets holds in the network of a test, and each seed
// has one run there.
func TestNetworkOfATest(t *testing.T) {
	t.Parallel()
	exe := binary(t, "network")
	load(t)
	oneRunPerSeed(t, exe, 5)
}

// oneRunPerSeed wants all tests of a binary to pass on each seed from 0 on, without real input
// or output, in one run for each whatever the conditions, and another one than on other seeds.
func oneRunPerSeed(t *testing.T, exe string, seeds int) {
	t.Helper()
	seen := make(map[string]int)
	for seed := range seeds {
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
	if len(seen) != seeds {
		t.Errorf("%d seeds have %d runs", seeds, len(seen))
	}
}

// A test alone takes the course that it took among the others.
func TestNetworkAlone(t *testing.T) {
	t.Parallel()
	exe := binary(t, "network")
	_, results, _ := run(t, exe, ".", "SAMERUN_SEED=3")
	for line := range strings.Lines(results) {
		name := regexp.MustCompile(`"test":"(\w+)"`).FindStringSubmatch(line)[1]
		if _, alone, _ := run(t, exe, "^"+name+"$", "SAMERUN_SEED=3"); alone != line {
			t.Errorf("among others: %salone:        %s", line, alone)
		}
	}
}

// Without a seed, or when the machine's network is asked for, sockets are real.
func TestRealNetwork(t *testing.T) {
	exe := binary(t, "network")
	if out, _, code := run(t, exe, ".", "SAMERUN_SEED="); code != 0 {
		t.Errorf("exit status %d\n%s", code, out)
	}
	if out, _, code := run(t, exe, "TestStream|TestAddresses", "SAMERUN_SEED=1", "SAMERUN_NET=real"); code != 0 {
		t.Errorf("exit status %d\n%s", code, out)
	}
	// How often a test waits for real input is the machine's affair, but for one whose server does not answer before.
	out, results, code := run(t, binary(t, "ends"), "^TestServerOfItsOwn$", "SAMERUN_SEED=1", "SAMERUN_NET=real")
	if code != 0 || !regexp.MustCompile(`"io":[1-9]`).MatchString(results) {
		t.Errorf("exit status %d, results %s\n%s", code, results, out)
	}
}

// How long something is on its way is a deviation like others.
func TestNetworkReplays(t *testing.T) {
	exe := binary(t, "network")
	dir := t.TempDir()
	record := filepath.Join(dir, "record")
	_, results, code := run(t, exe, "TestManyClients|TestHTTP$", "SAMERUN_SEED=1", "SAMERUN_RECORD="+record)
	data, err := os.ReadFile(record)
	if code != 0 || err != nil || !strings.Contains(string(data), " delay ") {
		t.Fatalf("exit status %d, %v, a record of %d bytes", code, err, len(data))
	}
	_, again, code := run(t, exe, "TestManyClients|TestHTTP$", "SAMERUN_SEED=1", "SAMERUN_PICKS="+record)
	if code != 0 || again != results {
		t.Errorf("exit status %d\n%s", code, differences(results, again))
	}
	_, calm, _ := run(t, exe, "TestManyClients|TestHTTP$", "SAMERUN_SEED=1", "SAMERUN_STRATEGY=fifo")
	if calm == results {
		t.Error("the calm run is the same")
	}
}
