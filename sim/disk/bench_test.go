package disk

import (
	"testing"

	"samerun/internal/keyed"
)

// BenchmarkAppend is what a log does for each record.
func BenchmarkAppend(b *testing.B) {
	d := New(keyed.Root(1).Uint64())
	f, err := d.Create("wal")
	if err != nil {
		b.Fatal(err)
	}
	record := make([]byte, 100)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		off := int64(i % 1000 * len(record)) // a log is cut now and then
		if _, err := f.WriteAt(record, off); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWriteFile is what a Raft does each time that it persists its state.
func BenchmarkWriteFile(b *testing.B) {
	d := New(keyed.Root(1).Uint64())
	data := make([]byte, 1000)
	b.ReportAllocs()
	for b.Loop() {
		if err := d.WriteFile("state", data); err != nil {
			b.Fatal(err)
		}
	}
}
