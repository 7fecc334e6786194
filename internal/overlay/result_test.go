package overlay

import (
	"testing"

	"samerun/internal/wire"
)

// The line that the overlay prints about a test by hand is a wire.Result, and says
// all that ordinary Go has to say in one. That it says nothing else is what run
// checks each time.
func TestResultLine(t *testing.T) {
	out, text, _ := run(t, binary(t, "ends"), "^TestTellsAll$", "SAMERUN_SEED=5")
	results, err := wire.Read(text)
	if err != nil || len(results) != 1 {
		t.Fatalf("%d results of one test: %v\n%s", len(results), err, out)
	}
	got := results[0]
	if got.Test != "TestTellsAll" || got.Seed != 5 || got.OK || len(got.Digest) != 16 || got.VirtualNS < 1e9 || got.Events == 0 ||
		got.Left != 1 || got.IO == 0 || got.Refused != "127.0.0.1:1" {
		t.Errorf("%s\n%s", text, out)
	}
}
