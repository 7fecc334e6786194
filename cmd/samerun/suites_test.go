package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A well-known library, with clocks, locks, timers and goroutines of its own,
// takes one course for each seed. It comes from the module proxy.
func TestHashicorpRaftRepeats(t *testing.T) {
	takesLong(t)
	sweep := func(env ...string) string {
		a := runToolIn(t, filepath.Join("..", "..", "internal", "overlay", "testdata", "hashiraft"), "test -json -keep-going -shrink 0 -seeds 1-4 .", env...)
		if lines := strings.Count(a.stdout, `"digest":`); lines != 4 {
			t.Fatalf("exit status %d, %d runs\n%s%s", a.code, lines, a.stdout, a.stderr)
		}
		return regexp.MustCompile(`"wall_ns":\d+`).ReplaceAllString(a.stdout, "")
	}
	base := sweep("GOMAXPROCS=1")
	if again := sweep("GOMAXPROCS=8", "GOGC=10"); again != base {
		t.Errorf("one sweep:\n%s\nanother:\n%s", base, again)
	}
	for _, m := range regexp.MustCompile(`"virtual_ns":(\d+)`).FindAllStringSubmatch(base, -1) {
		// 100 virtual seconds and what comes after them.
		if len(m[1]) < len("100000000000") {
			t.Errorf("a run ended after %s ns", m[1])
		}
	}
	if digests := regexp.MustCompile(`"digest":"\w+"`).FindAllString(base, -1); len(digests) > 1 && digests[0] == digests[1] {
		t.Errorf("seeds 1 and 2 share a run: %s", digests[0])
	}
}
