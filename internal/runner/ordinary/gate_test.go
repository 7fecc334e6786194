package ordinary

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"samerun/internal/gocmd"
)

// The first process of a package runs alone; if it wrote in the package's folder, so do all
// others, and else they do not wait for each other.
func TestGate(t *testing.T) {
	for _, writes := range []bool{false, true} {
		dir := t.TempDir()
		p := &gocmd.Package{Arg: "./a", Dir: dir}
		u := someRunner(t, nil)
		u.noteFolders([]*gocmd.Package{p})
		var now atomic.Int32
		var all sync.WaitGroup
		met := make(chan bool)
		leave := u.enterGate(p)
		for range 8 {
			all.Go(func() {
				defer u.enterGate(p)()
				if n := now.Add(1); writes && n != 1 {
					t.Errorf("%d processes write at the same time", n)
				}
				if !writes {
					// Two of them meet only if they run at the same time.
					select {
					case met <- true:
					case <-met:
					case <-time.After(time.Minute):
						t.Error("one waits for another")
					}
				}
				now.Add(-1)
			})
		}
		time.Sleep(5 * time.Millisecond)
		if now.Load() != 0 {
			t.Error("the first process is not alone")
		}
		if writes {
			if err := os.WriteFile(filepath.Join(dir, "mr-out"), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		leave()
		all.Wait()
	}
	// Who was not prepared waits for nobody.
	someRunner(t, nil).enterGate(&gocmd.Package{Arg: "./b"})()
}
