package speed

import (
	"os"
	"testing"
)

// commits writes as bbolt does: some pages, a sync, the page that makes them count, a sync. The
// folder is a disk if SPEED_DISK is set.
func commits(t *testing.T, rounds int) {
	dir, err := os.MkdirTemp("", "disk")
	must(t, err)
	defer os.RemoveAll(dir)
	if os.Getenv("SPEED_DISK") != "" {
		h := any(t).(interface{ Samerun() any }).Samerun()
		h.(interface {
			Disk(node int, dir string, level int, key uint64)
		}).Disk(0, dir, 0, 1)
	}
	f, err := os.Create(dir + "/db")
	must(t, err)
	defer f.Close()
	const page = 4096
	b := make([]byte, page)
	for i := range rounds {
		for k := range 4 {
			for at := 0; at < page; at += 16 {
				b[at] = byte(i + k)
			}
			_, err = f.WriteAt(b, int64(2+(i*7+k*3)%64)*page)
			must(t, err)
		}
		must(t, f.Sync())
		_, err = f.WriteAt(b, int64(i%2)*page)
		must(t, err)
		must(t, f.Sync())
	}
}
