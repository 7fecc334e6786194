package overlay

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Debuggers have everything compiled without optimisation, package syscall, too: then functions need
// more of the stack, of which those that make system calls have little. The linker counts it.
func TestLinksUnoptimised(t *testing.T) {
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("this takes some ten seconds; set SAMERUN_LONG=1")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module unoptimised\n\ngo 1.25\n",
		"main.go": "package main\n\nimport \"syscall\"\n\nfunc main() {\n\tsyscall.RawSyscall(syscall.SYS_GETPID, 0, 0, 0)\n\tsyscall.Syscall(syscall.SYS_GETPID, 0, 0, 0)\n\tsyscall.Syscall6(syscall.SYS_GETPID, 0, 0, 0, 0, 0, 0)\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, arch := range []string{"amd64", "arm64"} {
		cmd := exec.CommandContext(t.Context(), goCommand(), "build", "-overlay="+cached(t), "-gcflags=syscall=-N -l", "-o", filepath.Join(dir, "x"), ".")
		cmd.Dir, cmd.Env = dir, append(toolchainEnviron(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", arch, err, out)
		}
	}
}
