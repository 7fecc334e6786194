package cspin

import (
	"cspin/trap"
	"os"
	"testing"
)

func TestThread(t *testing.T) {
	if os.Getenv("SAMERUN_SEED") == "" {
		t.Skip("without a seed nobody goes by steps")
	}
	for range 6 {
		for !trap.Flag() {
		}
		if err := thread(); err != 0 {
			t.Error(err)
		}
	}
}
