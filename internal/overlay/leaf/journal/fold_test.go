package journal

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"samerun/internal/overlay/leaf/diskrule"
)

// What a journal holds depends on what is unsynced alone: not on how much was written and synced
// before, nor on how often the same place was written since.
func TestHeldIsBoundedByWhatIsUnsynced(t *testing.T) {
	const page, size = 4096, 256 * 4096 // a file of 1 MiB
	m := newMemory(JournalPosix, &JournalFaults{})
	m.create("a", false)
	m.write("a", 0, strings.Repeat("x", size))
	m.j.SyncedAll()
	if held := m.j.Held(); held != 0 || m.j.spared > journalSpareBytes {
		t.Fatalf("%d bytes held, %d spared, of what is synced", held, m.j.spared)
	}
	most := int64(0)
	text := strings.Repeat("y", page)
	for round := range 64 { // 256 MiB
		for i := range 1024 {
			m.write("a", int64(i*7%256)*page, text)
			most = max(most, m.j.Held())
		}
		if m.sync("a"); m.j.Held() != 0 || m.j.spared > journalSpareBytes {
			t.Fatalf("round %d: %d bytes held, %d spared, of what is synced", round, m.j.Held(), m.j.spared)
		}
	}
	// Twice as much as 256 pages take that wait, and the latest quarter of what may be held.
	if bound := int64(2*(size+256*journalOpCost) + journalFoldFrom); most > bound {
		t.Errorf("%d bytes held at most, and the bound is %d", most, bound)
	}
	// Nothing is synced any more: 128 MiB into the same page, in parts that overlap, and by writing the whole anew.
	most = 0
	for i := range 32 << 10 {
		m.write("a", int64(i%100), text)
		most = max(most, m.j.Held())
	}
	for range 100 {
		m.resize("a", 0)
		m.write("a", 0, strings.Repeat("z", size/2))
		most = max(most, m.j.Held())
	}
	if bound := int64(2*size + 3*journalFoldFrom); most > bound {
		t.Errorf("%d bytes held at most of what was written again and again, and the bound is %d", most, bound)
	}
	m.j.Crash()
	if got := string(m.root.names["a"].data); got != strings.Repeat(text, 256) {
		t.Errorf("after all that, a crash leaves %d bytes, which are not what was synced", len(got))
	}
}

// Operations of which some were made one undo the same as all of them did, and a crash that they
// survive in part leaves no byte that was never there.
func TestFold(t *testing.T) {
	folded := map[bool]int{}
	for seed := range uint64(300) {
		for _, survive := range []int64{0, diskrule.DiskMillion, 500_000} {
			x := &JournalFaults{}
			m := newMemory(JournalLevel(seed%2), x)
			m.j.foldFrom = 6000
			d := &draws{key: seed}
			m.create("a", false)
			m.write("a", 0, strings.Repeat("-", d.below(3000)))
			m.j.SyncedAll()
			a := m.root.names["a"]
			before := slices.Clone(a.data)
			was := make([]uint32, 6000) // a bit for each letter
			note := func() {
				for i, b := range a.data {
					was[i] |= 1 << (b & 31)
				}
			}
			note()
			done := 3 + d.below(50)
			for range done {
				if d.below(8) == 0 {
					m.resize("a", int64(d.below(2)*d.below(3000)))
				} else {
					m.write("a", int64(d.below(6)*d.below(600)), strings.Repeat(string(rune('a'+d.below(26))), 1+d.below(900)))
				}
				note()
			}
			after := slices.Clone(a.data)
			folded[m.j.Waiting() < done]++
			if survive > 0 {
				x.Begin(diskrule.DiskRule{Kind: diskrule.DiskUnsynced, Node: -1, Key: seed + 1, PPM: survive})
			}
			m.j.Crash()
			got := m.root.names["a"].data
			switch {
			case survive == 0 && !bytes.Equal(got, before):
				t.Fatalf("seed %d: a crash leaves\n%s\nand not\n%s", seed, got, before)
			case survive == diskrule.DiskMillion && !bytes.Equal(got, after):
				t.Fatalf("seed %d: a crash that all survives leaves\n%s\nand not\n%s", seed, got, after)
			}
			for i, b := range got {
				if b != 0 && was[i]>>(b&31)&1 == 0 {
					t.Fatalf("seed %d: byte %d is %q, which it never was", seed, i, b)
				}
			}
		}
	}
	if folded[true] < 300 || folded[false] < 100 {
		t.Errorf("folded and not: %v", folded)
	}
}
