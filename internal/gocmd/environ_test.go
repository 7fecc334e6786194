package gocmd

import (
	"slices"
	"testing"
)

func TestChildEnviron(t *testing.T) {
	for _, c := range []struct{ have, want []string }{
		{nil, []string{"SAMERUN_SHRINK=0", "X=1", "GORACE=atexit_sleep_ms=0"}},
		{[]string{"A=b", "SAMERUN_SEED=3", "SAMERUN_STRICT=1"}, []string{"A=b", "SAMERUN_SHRINK=0", "X=1", "GORACE=atexit_sleep_ms=0"}},
		{[]string{"GORACE=halt_on_error=1"}, []string{"GORACE=halt_on_error=1", "SAMERUN_SHRINK=0", "X=1", "GORACE=halt_on_error=1 atexit_sleep_ms=0"}},
		{[]string{"GORACE=atexit_sleep_ms=5"}, []string{"GORACE=atexit_sleep_ms=5", "SAMERUN_SHRINK=0", "X=1"}},
	} {
		if got := ChildEnviron(c.have, "X=1"); !slices.Equal(got, c.want) {
			t.Errorf("of %q the process gets %q, want %q", c.have, got, c.want)
		}
	}
}
