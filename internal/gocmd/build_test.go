package gocmd

import (
	"debug/elf"
	"runtime"
	"testing"
)

// Test binaries have debug information where somebody may read it, and only there.
func TestDebugInformation(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("runs the go command, and reads what it makes for Linux")
	}
	dir := t.TempDir()
	writeTree(t, dir, map[string]string{"go.mod": "module m\n\ngo 1.25\n", "good_test.go": goodTest})
	for _, tt := range []struct {
		why     string
		build   Build
		goflags string
		want    bool
	}{
		{why: "nobody asks"},
		{why: "Debug", build: Build{Debug: true}, want: true},
		{why: "-exec", build: Build{Exec: []string{"dlv"}}, want: true},
		{why: "-ldflags", build: Build{Ldflags: "-X m.x=y"}, want: true},
		{why: "GOFLAGS", goflags: "-ldflags=-X=m.x=y", want: true},
		{why: "other GOFLAGS", goflags: "-tags=x"},
	} {
		c := &Caller{Dir: dir, Environ: plainGo("GOFLAGS=" + tt.goflags)}
		p := &Package{Path: "m", Arg: "."}
		if err := c.BuildAll(t.Context(), &tt.build, 1, t.TempDir(), []*Package{p}, func() {}); err != nil || p.Unready != nil {
			t.Fatalf("%s: %v, %v", tt.why, err, p.Unready)
		}
		bin, err := elf.Open(p.Binary)
		if err != nil {
			t.Fatal(err)
		}
		// A section of that name may be compressed.
		got := bin.Section(".debug_info") != nil || bin.Section(".zdebug_info") != nil
		if bin.Close(); got != tt.want {
			t.Errorf("%s: debug information %t, want %t", tt.why, got, tt.want)
		}
	}
}
