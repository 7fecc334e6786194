package overlay

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A process that the system stops for a while, or that gets no processor, does not lose its
// patience by it: what has come meanwhile is there before the clock goes on.
func TestOutsideStopped(t *testing.T) {
	t.Parallel()
	exe := binary(t, "outside")
	for _, polled := range []string{"", "POLLED=1"} {
		t.Run(polled, func(t *testing.T) {
			t.Parallel()
			fifo := filepath.Join(t.TempDir(), "fifo")
			if err := syscall.Mkfifo(fifo, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(exe, "-test.run=^TestStopped$", "-test.timeout=2m")
			cmd.Env = append(os.Environ(), "SAMERUN_SEED=1", "SAMERUN_LIMIT=0", "STOPPED="+fifo, polled)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(out)
			if line, err := lines.ReadString('\n'); line != "waiting\n" {
				t.Error(line, err)
			}
			signal := func(s syscall.Signal) {
				if err := cmd.Process.Signal(s); err != nil {
					t.Error(err)
				}
			}
			time.Sleep(100 * time.Millisecond)
			signal(syscall.SIGSTOP)
			time.Sleep(1500 * time.Millisecond)
			if err := os.WriteFile(fifo, []byte("now"), 0); err != nil {
				t.Error(err)
			}
			signal(syscall.SIGCONT)
			rest, err := io.ReadAll(lines)
			if err != nil {
				t.Error(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v\n%s", err, rest)
			}
		})
	}
}
