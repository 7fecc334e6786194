package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A tool that is killed in the middle of its seeds takes its test processes with it, and the next
// call removes the folder that it has left.
func TestKilledToolLeavesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and runs test binaries")
	}
	dir, err := fixtureDir()
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	mark := filepath.Join(temp, "mark")
	cmd := exec.Command(os.Args[0], "test", "-j", "2", "-seeds", "1-4", "-run", "TestSlow", "./zoo")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SAMERUN_TEST_AS_TOOL=1", "SAMERUN_OVERLAY=off", "FIXTURE_MARK="+mark, "TMPDIR="+temp)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if data, _ := os.ReadFile(mark); len(data) == 2 { // both workers are in seeds that last an hour
			break
		}
		if time.Since(began) > 2*time.Minute {
			cmd.Process.Kill()
			t.Fatal("no seed began")
		}
	}
	if n := len(running(t, temp)); n != 2 {
		t.Errorf("%d test processes are at work, want 2", n)
	}
	cmd.Process.Kill()
	cmd.Wait()
	for began := time.Now(); len(running(t, temp)) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatalf("processes %q go on without the tool", running(t, temp))
		}
	}
	left := func() int {
		folders, err := filepath.Glob(filepath.Join(temp, "samerun-*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(folders)
	}
	if n := left(); n != 1 {
		t.Fatalf("%d folders are left, want that of the killed tool", n)
	}
	again := exec.Command(os.Args[0], "test", "-seeds", "1", "-run", "TestGood", "./zoo")
	again.Dir, again.Env = dir, append(os.Environ(), "SAMERUN_TEST_AS_TOOL=1", "SAMERUN_OVERLAY=off", "TMPDIR="+temp)
	if out, err := again.CombinedOutput(); err != nil || left() != 0 {
		t.Errorf("%d folders are left after the next call, %v\n%s", left(), err, out)
	}
}

// running returns the processes whose programs are below a folder, where the system tells.
func running(t *testing.T, below string) (pids []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil || len(all) == 0 {
		t.Skip("this system does not tell which processes there are")
	}
	for _, link := range all {
		if exe, err := os.Readlink(link); err == nil && strings.HasPrefix(exe, below+string(filepath.Separator)) {
			pids = append(pids, filepath.Base(filepath.Dir(link)))
		}
	}
	return pids
}
