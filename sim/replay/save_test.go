package replay

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// numbered is a replay of the same name for each number, and another failure.
func numbered(t *testing.T, n int) *File {
	t.Helper()
	p, err := Parse([]byte(goodReplay))
	if err != nil {
		t.Fatal(err)
	}
	p.Seed = uint64(n)
	return p
}

// allIn returns the seeds of the replays in a folder, which all must be whole.
func allIn(t *testing.T, dir string) map[uint64]int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	seeds := map[uint64]int{}
	for _, e := range entries {
		p, err := Read(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Error(err)
			continue
		}
		seeds[p.Seed]++
	}
	return seeds
}

func TestSaveOverwritesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "testdata", "replay")
	for round := range 2 {
		for n := range 3 {
			p := numbered(t, n)
			// Another Go, and other words: still the same run.
			p.Go, p.Error = fmt.Sprint("go", round), fmt.Sprint(round)
			path, err := p.Save(dir)
			name := "TestX-5c1e37d2.json"
			if n > 0 {
				name = fmt.Sprintf("TestX-5c1e37d2-%d.json", n+1)
			}
			if err != nil || path != filepath.Join(dir, name) {
				t.Fatalf("replay %d is in %s (%v), want %s", n, path, err, name)
			}
			q, err := Read(path)
			if err != nil || q.Go != "go0" {
				t.Errorf("%s was written twice: %+v, %v", path, q, err)
			}
		}
	}
	want(t, "files", fmt.Sprint(allIn(t, dir)), "map[0:1 1:1 2:1]")
	// What is no replay is not overwritten either.
	other := t.TempDir()
	mine := filepath.Join(other, "TestX-5c1e37d2.json")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := numbered(t, 0).Save(other)
	if data, _ := os.ReadFile(mine); err != nil || string(data) != "mine" || path == mine {
		t.Errorf("%s, %v, %s", path, err, data)
	}
}

const saveHelper = "SAMERUN_SIM_TEST_SAVE"

// TestSaveHelper is run by TestConcurrentSaves in processes of their own.
func TestSaveHelper(t *testing.T) {
	dir := os.Getenv(saveHelper)
	if dir == "" {
		t.Skip("a part of TestConcurrentSaves")
	}
	var wg sync.WaitGroup
	for n := range 20 {
		p := numbered(t, n)
		wg.Go(func() {
			if _, err := p.Save(dir); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestConcurrentSaves(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "replay")
	var wg sync.WaitGroup
	for range 4 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestSaveHelper$")
		cmd.Env = append(os.Environ(), saveHelper+"="+dir)
		wg.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	got := allIn(t, dir)
	for n := range uint64(20) {
		if got[n] != 1 {
			t.Errorf("failure %d is there %d times, want once", n, got[n])
		}
	}
	want(t, "failures", len(got), 20)
}

func TestSaveWhereNobodyCan(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := numbered(t, 0).Save(filepath.Join(file, "replay")); err == nil {
		t.Error("saved below a file")
	}
}
