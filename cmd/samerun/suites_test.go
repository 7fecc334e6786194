package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A well-known library, with clocks, locks, timers and goroutines of its own,
// takes one course for each seed. It comes from the module proxy.
func TestHashicorpRaftRepeats(t *testing.T) {
	takesLong(t)
	dir, err := filepath.Abs(filepath.Join("..", "..", "internal", "overlay", "testdata", "hashiraft"))
	if err != nil {
		t.Fatal(err)
	}
	sweep := func(env ...string) string {
		var out, errOut bytes.Buffer
		a := &app{stdout: &out, stderr: &errOut, dir: dir, environ: append(childEnviron(os.Environ()), env...), self: "samerun"}
		code := a.main(t.Context(), strings.Fields("test -json -keep-going -shrink 0 -seeds 1-4 ."))
		if lines := strings.Count(out.String(), `"digest":`); lines != 4 {
			t.Fatalf("exit status %d, %d runs\n%s%s", code, lines, out.String(), errOut.String())
		}
		return regexp.MustCompile(`"wall_ns":\d+`).ReplaceAllString(out.String(), "")
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
