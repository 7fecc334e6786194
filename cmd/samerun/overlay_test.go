package main

import (
	"strings"
	"testing"
)

func TestOverlay(t *testing.T) {
	a := runUnmodifiedTool(t, "overlay")
	a.want(t, exitOK, a.stdout, "the overlay of go1.", "overlay.json\n\n", "\nturn/yield: runtime/proc.go, runtime/mgcmark.go\n    Gosched of the program gives the turn up", "\n    runtime/samerun_turn.go\n")
	a = runUnmodifiedTool(t, "overlay -diff")
	a.want(t, exitOK, a.stdout, "--- a/runtime/proc.go\n+++ b/runtime/proc.go\n@@ -", "\n+\tsamerunInit()\n", "\n+func samerunMix(key, x uint64) uint64 {\n", "--- /dev/null\n+++ b/runtime/samerun_turn.go\n@@ -0,0 +1,")
	if a.stderr != "" || strings.Contains(a.stdout, "the overlay of") {
		t.Errorf("the diff comes with %q", a.stderr)
	}
	a = runUnmodifiedTool(t, "help overlay")
	a.want(t, exitOK, a.stdout, "usage: samerun overlay [-diff]")
	for line, want := range map[string]string{
		"overlay ./calm": `"./calm" is one word too many`,
		"overlay -patch": "-patch",
	} {
		a := runUnmodifiedTool(t, line)
		a.want(t, exitMisuse, a.stderr, want)
	}
}
