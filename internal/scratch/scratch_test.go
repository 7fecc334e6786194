package scratch

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// A process that is killed leaves its folder, and the next one removes it, and no other.
func TestKilledProcess(t *testing.T) {
	if os.Getenv("SAMERUN_SCRATCH_TEST") != "" {
		d, err := Make()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d.Path, "binary"), []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		select {}
	}
	if runtime.GOOS == "windows" {
		t.Skip("there is no flock")
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	// A folder of another kind, with a name like that, and one of a process that lives.
	other := filepath.Join(temp, prefix+"mine")
	if err := os.Mkdir(other, 0o777); err != nil {
		t.Fatal(err)
	}
	living, err := Make()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$")
	cmd.Env = append(os.Environ(), "SAMERUN_SCRATCH_TEST=1")
	if err := cmd.Run(); err == nil {
		t.Fatal("it was not killed")
	}
	if n := folders(t, temp); n != 3 {
		t.Fatalf("there are %d folders, want the other, the living and the killed one", n)
	}
	d, err := Make()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{other, living.Path, d.Path} {
		if _, err := os.Stat(dir); err != nil {
			t.Error(err)
		}
	}
	if n := folders(t, temp); n != 3 {
		t.Errorf("there are %d folders, want the other and two that live", n)
	}
	d.Remove()
	living.Remove()
	if n := folders(t, temp); n != 1 {
		t.Errorf("there are %d folders, want the other one", n)
	}
}

func folders(t *testing.T, temp string) int {
	t.Helper()
	entries, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestNoPlace(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "nowhere"))
	if runtime.GOOS == "windows" {
		t.Skip("the folder has another name")
	}
	if d, err := Make(); err == nil {
		t.Errorf("%s was made", d.Path)
	}
}
