package testproc

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
)

// A process whose own processes go on and hold its output does not hold up the tool, and is told
// apart from one that leaves nobody.
func TestOutlived(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no sh")
	}
	t.Parallel()
	for _, c := range []struct {
		name, script string
		outlived     bool
	}{
		{"nobody", "echo said", false},
		{"one that has ended", "sleep 0 & echo said", false},
		{"one that goes on", "sleep 3600 & echo said", true},
		{"one that goes on with its own output", "sleep 3600 >/dev/null 2>&1 & echo said", false},
		{"one that is deaf", "(trap '' TERM INT HUP; sleep 3600) & echo said", true},
		{"much to say", "yes said | head -n 2000000", false},
	} {
		p := &Process{Pkg: &gocmd.Package{Dir: t.TempDir(), Binary: "x"}, Exec: []string{"sh", "-c", c.script}, Timeout: time.Minute}
		end, err := p.Run(t.Context())
		if err != nil || !end.OK || end.Outlived != c.outlived || !strings.HasPrefix(end.Output, "said\n") {
			t.Errorf("%s: %v, %+v", c.name, err, end)
		}
		if end.Elapsed > 30*time.Second {
			t.Errorf("%s: it took %v", c.name, end.Elapsed)
		}
	}
}
