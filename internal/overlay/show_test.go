package overlay

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The diff makes of the toolchain's files those of the overlay.
func TestDiffApplies(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git")
	}
	from := installed(t)
	var diff bytes.Buffer
	if err := from.Diff(&diff); err != nil {
		t.Fatal(err)
	}
	to := copied(t, from)
	cmd := exec.Command(git, "apply", "-")
	cmd.Dir, cmd.Stdin = filepath.Join(to.GOROOT, "src"), &diff
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	parts, err := from.parts()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range parts.files() {
		text, err := os.ReadFile(filepath.Join(to.GOROOT, "src", filepath.FromSlash(f.name)))
		if err != nil || string(text) != f.text {
			t.Errorf("%s is not that of the overlay, %v", f.name, err)
		}
	}
}

// The list has each place of this version with its reason, and no other.
func TestList(t *testing.T) {
	tc := installed(t)
	minor, err := tc.minor()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := tc.List(&b); err != nil {
		t.Fatal(err)
	}
	list := b.String()
	for _, p := range Places() {
		files := 0
		for _, c := range p.Changes {
			if c.Of(minor) {
				files++
			}
		}
		name := strings.TrimSuffix(p.Name, ".edit") + ": "
		if there := strings.Contains("\n"+list, "\n"+name); there != (files > 0) {
			t.Errorf("%s is in the list: %t", name, there)
		}
		if line, _, _ := strings.Cut(p.Reason, "\n"); files > 0 && !strings.Contains(list, "    "+line+"\n") {
			t.Errorf("the list does not say %q", p.Reason)
		}
	}
	for _, want := range []string{"timer/order: runtime/time.go\n    Timers of one instant fire in an order of the seed's.\n", "\n    runtime/samerun_turn.go\n", "\n    runtime/samerun_mix.go\n", fmt.Sprintf("\n%d changes in ", len(changesOf(minor)))} {
		if !strings.Contains(list, want) {
			t.Errorf("the list has no %q:\n%s", want, list)
		}
	}
}

// failing is a writer that is full at once.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestShowFails(t *testing.T) {
	tc := installed(t)
	old := Toolchain{GOROOT: tc.GOROOT, Version: "go1.24.3"}
	for _, show := range []func(Toolchain) error{
		func(tc Toolchain) error { return tc.Diff(failing{}) },
		func(tc Toolchain) error { return tc.List(failing{}) },
	} {
		if err := show(tc); err == nil || err.Error() != "full" {
			t.Errorf("error %v, want that of the writer", err)
		}
		if err := show(old); err == nil || !strings.Contains(err.Error(), "go1.24.3 is not supported") {
			t.Errorf("error %v", err)
		}
	}
}
