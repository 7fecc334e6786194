package disks

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// Files that have lost their names stay beside the disk until that is durable. What a process has left
// there that has died is removed by the next one; what another one uses, and what is none of
// samerun's, is not.
func TestKept(t *testing.T) {
	m := newMachine(t, 0)
	beside := filepath.Dir(m.dir)
	at := func(name string) string { return filepath.Join(beside, name) }
	m.must(os.MkdirAll(at(".samerun-kept-dead/folder"), 0o777), os.WriteFile(at(".samerun-kept-dead/folder/k1"), nil, 0o666),
		os.Mkdir(at(".samerun-kept-alive"), 0o777), os.WriteFile(at(".samerun-kept-file"), nil, 0o666), os.Mkdir(at(".samerun"), 0o777),
		os.Symlink(".samerun", at(".samerun-kept-link")), os.WriteFile(at(".samerun/mine"), nil, 0o666))
	alive, err := os.Open(at(".samerun-kept-alive"))
	m.must(err, syscall.Flock(int(alive.Fd()), syscall.LOCK_EX))
	names := func() (list []string) {
		entries, err := os.ReadDir(beside)
		m.must(err)
		for _, e := range entries {
			list = append(list, e.Name())
		}
		return list
	}
	others := []string{".samerun", ".samerun-kept-alive", ".samerun-kept-file", ".samerun-kept-link", "disk"}
	for round := range 2 {
		m.run(func() {
			m.write("f", "data")
			m.sync("f", ".")
			m.must(os.Remove(m.path("f")))
		})
		want := append(slices.Clone(others), ".samerun-kept-disk")
		slices.Sort(want)
		if got := names(); !slices.Equal(got, want) {
			t.Errorf("round %d: %q, want %q", round, got, want)
		}
		if m.crash(); m.tree() != "f=data" {
			t.Errorf("round %d: %s", round, m.tree())
		}
		if got := names(); !slices.Equal(got, others) {
			t.Errorf("round %d: %q, want %q", round, got, others)
		}
		m.run(func() { m.must(os.Remove(m.path("f"))); m.sync(".") })
	}
	if _, err := os.Stat(at(".samerun/mine")); err != nil {
		t.Error(err)
	}
	m.must(alive.Close())
}
