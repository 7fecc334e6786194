package overlay

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// What decoders and encoders of package gob remember of each other changes nothing that they do.
// Without a seed the same binary has the package as it is.
func TestGobs(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("62,000 lines; set SAMERUN_LONG=1")
	}
	t.Parallel()
	exe := binary(t, "gobs")
	said := func(settings ...string) []string {
		out, _, code := run(t, exe, ".", settings...)
		if code != 0 {
			t.Fatalf("exit status %d:\n%s", code, out)
		}
		lines := strings.Split(out, "\n")
		return slices.DeleteFunc(lines, func(line string) bool { return !strings.HasPrefix(line, "gob ") })
	}
	plain, seeded := said(), said("SAMERUN_SEED=1")
	if len(plain) < 20000 {
		t.Errorf("%d lines in all", len(plain))
	}
	failed := 0
	for i, line := range plain {
		if !strings.HasSuffix(line, "<nil>") {
			failed++
		}
		if i >= len(seeded) || seeded[i] != line {
			t.Fatalf("line %d of %d and %d:\nplain   %s\nseeded  %s", i, len(plain), len(seeded), line, append(seeded, "")[min(i, len(seeded))])
		}
	}
	if len(seeded) != len(plain) || failed < 10000 {
		t.Errorf("%d lines plain, %d with a seed; %d of errors", len(plain), len(seeded), failed)
	}
}
