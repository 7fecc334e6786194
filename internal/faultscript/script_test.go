package faultscript

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"samerun/sim/fault"
)

const dir = "../../testdata/faults"

// TestFaults runs the scripts: one for each kind of fault, in which it takes
// effect.
func TestFaults(t *testing.T) {
	for _, info := range fault.Kinds() {
		if info.Group == fault.Sockets {
			continue // tasks have none
		}
		t.Run(string(info.Kind), func(t *testing.T) {
			path := filepath.Join(dir, string(info.Kind)+".txt")
			s := New()
			datadriven.RunTest(t, path, s.Do)
			if !s.Fired()[string(info.Kind)] {
				t.Errorf("%s never took effect in %s", info.Kind, path)
			}
		})
	}
}

// There is no file that nobody runs.
func TestNoOtherFiles(t *testing.T) {
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name, script := strings.CutSuffix(f.Name(), ".txt")
		if _, known := fault.Kind(name).Info(); script && !known {
			t.Errorf("%s is of no kind of fault", f.Name())
		}
	}
}
