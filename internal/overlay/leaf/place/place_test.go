package place

import (
	"os/exec"
	"strings"
	"testing"
)

func TestStandard(t *testing.T) {
	for name, want := range map[string]bool{
		"sync.(*Mutex).Lock":                       true,
		"net/http.(*Server).Serve":                 true,
		"encoding/json.Marshal":                    true,
		"internal/sync.(*HashTrieMap[...]).Load":   true,
		"slices.SortFunc[...]":                     true,
		"math/rand/v2.IntN":                        true,
		"memmove":                                  true,
		"main.main":                                false,
		"raft.(*Raft).tick":                        false,
		"raft/log.(*Log).Append":                   false,
		"example.com/net.Listen":                   false,
		"github.com/hashicorp/raft.(*Raft).run":    false,
		"gopkg.in/yaml%2ev3.Unmarshal":             false,
		"exact.TestMap.func1":                      false,
		"synced.Lock":                              false,
		"net-tools/scan.Run":                       false,
		"exact.(*T).io/reader":                     false,
		"main.run[go.shape.interface { os/exec }]": false,
	} {
		if got := Standard(name); got != want {
			t.Errorf("%s: %t, want %t", name, got, want)
		}
	}
}

// The lists have each package of the standard library of this toolchain.
func TestListsAreComplete(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		if !Standard(pkg + ".Function") {
			t.Errorf("%s is taken for a package of the user's; add its first word to the lists", pkg)
		}
	}
}

// What tests are linked with of samerun is as the standard library is; its examples and its
// tests of itself are programs.
func TestOwn(t *testing.T) {
	for name, want := range map[string]bool{
		"samerun/sched.(*Chan[...]).Send":           true,
		"samerun/clock.(*root).end":                 true,
		"samerun/sim.(*World).quiet":                true,
		"samerun/sim/disk.(*Disk).Sync":             true,
		"samerun/labrpc/labgob.Marshal":             true,
		"samerun/internal/wire.Read":                true,
		"samerun/simple.F":                          false,
		"samerun/internal/engines.TestHostTwoNodes": false,
		"samerun/examples/board.Serve":              false,
		"samerun/examples/sim.F":                    false,
		"samerun.F":                                 false,
		"example.com/samerun/sim.F":                 false,
		"samerun/":                                  false,
	} {
		if got := Standard(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
