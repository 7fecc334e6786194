package gocmd

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Binaries that this machine does not run are told in a sentence, before anything is
// built, unless there is a command that runs them.
func TestCheckPlatform(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("compiles package runtime for other machines: set SAMERUN_LONG=1")
	}
	dir := t.TempDir()
	environ := func(goos, goarch string) []string { return append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch) }
	var other *Caller
	var refused error
	for _, platform := range []string{"linux/s390x", "windows/amd64", "plan9/386"} {
		goos, goarch, _ := strings.Cut(platform, "/")
		other = &Caller{Dir: dir, Environ: environ(goos, goarch)}
		if refused = other.CheckPlatform(t.Context(), &Build{}); refused != nil {
			for _, want := range []string{"this machine is " + runtime.GOOS + "/" + runtime.GOARCH, "does not run tests for " + platform, "unset GOOS and GOARCH", "-exec"} {
				if !strings.Contains(refused.Error(), want) || strings.Contains(refused.Error(), "\n") {
					t.Errorf("%v, want %s", refused, want)
				}
			}
			break
		}
	}
	if refused == nil {
		t.Skip("this machine runs programs of all platforms that were tried")
	}
	told := false
	built := other.BuildAll(t.Context(), &Build{}, 1, t.TempDir(), []*Package{{Path: "nowhere", Arg: "nowhere"}}, func() { told = true })
	if built == nil || built.Error() != refused.Error() || told {
		t.Errorf("something was built: %v", built)
	}
	if err := other.CheckPlatform(t.Context(), &Build{Exec: []string{"emulator"}}); err != nil {
		t.Errorf("refused, though there is a command that runs it: %v", err)
	}
}

// Nobody is refused whose tests might run.
func TestCheckPlatformAllows(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	for _, set := range [][]string{nil, {"GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH}, {"GOARCH=none"}} {
		c := &Caller{Dir: t.TempDir(), Environ: append(os.Environ(), set...)}
		if err := c.CheckPlatform(t.Context(), &Build{}); err != nil {
			t.Errorf("%q: %v", set, err)
		}
	}
}

// The machine itself says which programs it runs: a kernel can run those of other
// machines, too.
func TestTryStart(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("programs of Linux")
	}
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := write("foreign", "\x7fELF of a machine that there is not", 0o777)
	if err := tryStart(t.Context(), foreign); err == nil || err.Error() != "exec format error" {
		t.Errorf("a program of another machine: %v", err)
	}
	for name, program := range map[string]string{
		"one that fails":          write("fails", "#!/bin/sh\nexit 3\n", 0o777),
		"one that may not be run": write("forbidden", "x", 0o666),
	} {
		if err := tryStart(t.Context(), program); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
