package disks

import (
	"os"
	"runtime"
	"testing"
)

// What is kept to undo what a crash would lose takes memory for what is unsynced alone: not for
// 256 MiB that were written and synced, and not for 128 MiB that were written to one place.
func TestMemory(t *testing.T) {
	m := newMachine(t, 0)
	const page, pages = 64 << 10, 16
	heap := func() uint64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	f, err := os.Create(m.path("f"))
	m.must(err)
	b := make([]byte, page)
	write := func(n int) {
		_, err := f.WriteAt(b, int64(n%pages)*page)
		m.must(err)
	}
	for i := range pages {
		write(i)
	}
	m.must(f.Sync())
	before, most := heap(), uint64(0)
	for round := range 256 { // 256 MiB
		for i := range pages {
			write(i)
		}
		if round%32 == 0 {
			most = max(most, heap())
		}
		m.must(f.Sync())
	}
	const waits = pages * page
	if now := heap(); most > before+2*waits || now > before+2*waits {
		t.Errorf("%d bytes are in use before, %d with %d bytes unsynced, and %d when they are synced", before, most, waits, now)
	}
	most = 0
	for i := range 2048 { // 128 MiB
		if write(3); i%256 == 0 {
			most = max(most, heap())
		}
	}
	if most > before+4*waits {
		t.Errorf("%d bytes are in use before, and %d when %d bytes are unsynced, again and again", before, most, page)
	}
	m.must(f.Close())
}
