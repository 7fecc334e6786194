package disk

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"samerun/internal/keyed"
)

// file makes a durable file with these contents.
func file(t *testing.T, d *Disk, name, contents string) *File {
	t.Helper()
	f, err := d.Create(name)
	check(t, err)
	_, err = f.Write([]byte(contents))
	check(t, err)
	check(t, f.Sync())
	check(t, d.SyncDir())
	return f
}

func reads(t *testing.T, d *Disk, name, want string) {
	t.Helper()
	got, err := d.ReadFile(name)
	check(t, err)
	if string(got) != want {
		t.Errorf("%s has %q, want %q", name, got, want)
	}
}

// The fsyncgate: the second Sync succeeds, and the data is gone all the same.
func TestFailedSyncLosesTheWrites(t *testing.T) {
	d := New(keyed.Root(1).Uint64())
	f := file(t, d, "f", "one")
	check(t, d.SetFaults("f", Faults{SyncFailPPM: keyed.Million}))
	_, err := f.Write([]byte(" two"))
	check(t, err)
	reads(t, d, "f", "one two")
	if err := f.Sync(); !errors.Is(err, ErrSync) || err.Error() != "sync f: sync failed, nothing that waited for it is durable" {
		t.Fatalf("Sync: %v", err)
	}
	reads(t, d, "f", "one") // the page was evicted
	check(t, d.SetFaults("f", Faults{}))
	check(t, f.Sync())
	d.Crash()
	reads(t, d, "f", "one")
	if c := d.Counts("f"); c.FailedSyncs != 1 || c.Lost != 1 {
		t.Errorf("counts %+v", c)
	}
}

// What a failed sync has lost is as unknown as after a crash.
func TestFailedSyncMayHaveWritten(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(40) {
		d := New(keyed.Root(seed + 1).Uint64())
		f := file(t, d, "f", "")
		check(t, d.SetFaults("f", Faults{SyncFailPPM: keyed.Million, KeepPPM: 500_000}))
		for _, s := range []string{"a", "b"} {
			_, err := f.Write([]byte(s))
			check(t, err)
		}
		if f.Sync() == nil {
			t.Fatal("Sync succeeded")
		}
		before, err := d.ReadFile("f")
		check(t, err)
		seen[string(before)] = true
		d.Crash()
		reads(t, d, "f", string(before)) // once settled, it stays
	}
	for _, want := range []string{"", "a", "ab", "\x00b"} {
		if !seen[want] {
			t.Errorf("never left with %q", want)
		}
	}
}

func TestFailedSyncDirCanBeTriedAgain(t *testing.T) {
	d := New(keyed.Root(1).Uint64())
	f, err := d.Create("f")
	check(t, err)
	check(t, d.SetFaults("", Faults{SyncFailPPM: keyed.Million}))
	if err := d.SyncDir(); !errors.Is(err, ErrSync) {
		t.Fatalf("SyncDir: %v", err)
	}
	if len(d.Durable()) != 0 {
		t.Error("a failed SyncDir has made a name durable")
	}
	check(t, d.SetFaults("", Faults{}))
	check(t, d.SyncDir())
	check(t, f.Sync())
	d.Crash()
	reads(t, d, "f", "")
}

func TestNoSpace(t *testing.T) {
	for _, whole := range []string{"f", ""} {
		d := New(keyed.Root(1).Uint64())
		f := file(t, d, "f", "12345")
		full := Faults{NoSpace: true, Capacity: 3}
		check(t, d.SetFaults(whole, full))

		n, err := f.Write([]byte("6789"))
		if n != 3 || !errors.Is(err, ErrNoSpace) || err.Error() != "write f: no space left on the disk" {
			t.Fatalf("Write: %d, %v; want 3 bytes and ErrNoSpace", n, err)
		}
		reads(t, d, "f", "12345678")
		if n, err := f.WriteAt([]byte("ABCDE"), 0); n != 5 || err != nil {
			t.Errorf("overwriting needs no space: %d, %v", n, err)
		}
		if n, err := f.WriteAt([]byte("x"), 100); n != 0 || !errors.Is(err, ErrNoSpace) {
			t.Errorf("a write behind the room: %d, %v", n, err)
		}
		if size, _ := f.Size(); size != 8 {
			t.Errorf("the size is %d, a write of nothing must not extend the file", size)
		}
		if err := f.Truncate(9); !errors.Is(err, ErrNoSpace) {
			t.Errorf("Truncate: %v", err)
		}
		check(t, f.Sync())
		d.Crash() // the fault outlives the crash, and so does what is used
		check(t, d.SetFaults(whole, full))
		f, err = d.Open("f")
		check(t, err)
		if n, _ := f.WriteAt([]byte("y"), 8); n != 0 {
			t.Error("setting the same capacity again has made room")
		}
		check(t, f.Truncate(4))
		if n, _ := f.WriteAt(make([]byte, 9), 4); n != 4 {
			t.Errorf("a truncation made room for %d bytes, want 4", n)
		}
		if c := d.Counts("f"); c.NoSpace != 5 || c != d.Counts("f") {
			t.Errorf("counted %d failures, want 5", c.NoSpace)
		}
	}
}

func TestNoSpaceIsOfTheWholeDiskOrOfOneFile(t *testing.T) {
	d := New(keyed.Root(1).Uint64())
	f, g := file(t, d, "f", "1234"), file(t, d, "g", "")
	check(t, d.SetFaults("", Faults{NoSpace: true}))
	if n, _ := g.Write([]byte("x")); n != 0 {
		t.Error("a full disk took a byte")
	}
	check(t, d.Remove("f"))
	if n, err := g.Write([]byte("1234")); n != 4 || err != nil {
		t.Errorf("a removed file makes room: %d, %v", n, err)
	}
	_ = f
	check(t, d.SetFaults("", Faults{}))
	check(t, d.SetFaults("g", Faults{NoSpace: true}))
	h := file(t, d, "h", "as much as it likes")
	if n, _ := g.Write([]byte("x")); n != 0 {
		t.Error("the full file took a byte")
	}
	if _, err := h.Write([]byte("more")); err != nil {
		t.Errorf("another file: %v", err)
	}
}

// A million parts per million is certain, also on the calm key of seed 0.
func TestCorruption(t *testing.T) {
	for _, key := range []keyed.Key{0, keyed.Root(3)} {
		d := New(key.Uint64())
		want := bytes.Repeat([]byte{0xa5}, 3*SectorSize-100)
		f := file(t, d, "f", string(want))
		check(t, d.SetFaults("f", Faults{CorruptPPM: keyed.Million}))
		got, err := d.ReadFile("f")
		check(t, err)
		for s := 0; s < len(want); s += SectorSize {
			wrong := 0
			for i := s; i < min(s+SectorSize, len(want)); i++ {
				wrong += bits.OnesCount8(got[i] ^ want[i])
			}
			if wrong != 1 {
				t.Errorf("sector at %d has %d wrong bits, want 1", s, wrong)
			}
		}
		one := make([]byte, 1) // the wrong bit is in what is read, however little
		if _, err := f.ReadAt(one, 700); err != nil || one[0] == 0xa5 {
			t.Errorf("read %x, %v, want a wrong bit", one, err)
		}
		if c := d.Counts(""); c.Corrupted != 4 || c.Reads != 2 {
			t.Errorf("counts %+v, want 4 sectors in 2 reads", c)
		}
		check(t, d.SetFaults("f", Faults{}))
		reads(t, d, "f", string(want))
	}
}

func TestShares(t *testing.T) {
	const n = 4000
	d := New(keyed.Root(5).Uint64())
	f := file(t, d, "f", "")
	check(t, d.SetFaults("", Faults{KeepPPM: 250_000, CorruptPPM: 100_000, SyncFailPPM: 50_000}))
	for i := range n {
		_, err := f.WriteAt([]byte{1}, int64(i))
		check(t, err)
	}
	d.Crash()
	f, err := d.Open("f")
	check(t, err)
	for range n {
		_, err := f.ReadAt(make([]byte, 1), 0)
		check(t, err)
		_ = f.Sync()
	}
	c := d.Counts("f")
	for _, x := range []struct {
		what      string
		got, want uint64
	}{{"kept", c.Kept, n / 4}, {"lost", c.Lost, n * 3 / 4}, {"corrupted", c.Corrupted, n / 10}, {"failed syncs", c.FailedSyncs, n / 20}} {
		if x.got < x.want*4/5 || x.got > x.want*6/5 {
			t.Errorf("%s: %d of %d, want about %d", x.what, x.got, n, x.want)
		}
	}
}

// Both ways to tear must happen, and the share of sectors that are lost must be
// about half.
func TestTearing(t *testing.T) {
	prefixes, gaps := 0, 0
	d := New(keyed.Root(9).Uint64())
	check(t, d.SetFaults("", Faults{Torn: true}))
	for i := range 200 {
		name := fmt.Sprint("f", i)
		f, err := d.Create(name)
		check(t, err)
		check(t, d.SyncDir())
		_, err = f.Write(bytes.Repeat([]byte{1}, 8*SectorSize))
		check(t, err)
	}
	d.Crash()
	for _, s := range d.Durable() {
		if len(s.Data)%SectorSize != 0 {
			t.Fatalf("%s has %d bytes; sectors are atomic", s.Name, len(s.Data))
		}
		if slices.Contains(s.Data, 0) {
			gaps++
		} else if len(s.Data) > 0 {
			prefixes++
		}
	}
	c := d.Counts("")
	if prefixes < 60 || gaps < 60 {
		t.Errorf("%d prefixes and %d with gaps of 200", prefixes, gaps)
	}
	if share := 100 * c.TornSectors / (8 * c.Torn); share < 40 || share > 60 {
		t.Errorf("%d %% of the sectors of torn writes were lost, want about half", share)
	}

	calm := New(0)
	f := file(t, calm, "f", "")
	check(t, calm.SetFaults("f", Faults{Torn: true}))
	_, err := f.Write(make([]byte, 8*SectorSize))
	check(t, err)
	calm.Crash()
	if got := len(calm.Durable()[0].Data); got != 4*SectorSize {
		t.Errorf("on the calm key %d bytes of 8 sectors survived, want the first half", got)
	}
}

func TestBadFaults(t *testing.T) {
	d := New(1)
	for _, c := range []struct {
		f    Faults
		want string
	}{
		{Faults{KeepPPM: -1}, `disk faults for "f": KeepPPM is -1, it must be in 0 to 1000000 parts per million`},
		{Faults{SyncFailPPM: 1_000_001}, `disk faults for "f": SyncFailPPM is 1000001, it must be in 0 to 1000000 parts per million`},
		{Faults{CorruptPPM: 1 << 40}, `disk faults for "f": CorruptPPM is 1099511627776, it must be in 0 to 1000000 parts per million`},
		{Faults{NoSpace: true, Capacity: -1}, `disk faults for "f": Capacity is -1, it must be 0 or more bytes`},
		{Faults{Capacity: 9}, `disk faults for "f": Capacity is 9 without NoSpace, set NoSpace to put it in force`},
	} {
		if err := d.SetFaults("f", c.f); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	check(t, d.SetFaults("f", Faults{NoSpace: true, Capacity: 1<<63 - 1}))
	file(t, d, "f", "there is room")
}

// busy works on one file with all faults in force, and returns what became of it.
func busy(d *Disk, name string, steps []byte) string {
	log := ""
	f, err := d.Create(name)
	for _, s := range steps {
		if err != nil {
			f, err = d.Open(name)
			if err != nil {
				return log + "gone"
			}
		}
		switch s % 6 {
		case 0:
			err = f.Sync()
		case 1:
			log += fmt.Sprintf("%x;", sum(d.ReadFile(name)))
		case 2:
			err = f.Truncate(int64(s))
		default:
			_, err = f.WriteAt(bytes.Repeat([]byte{s}, 40*int(s)), int64(s))
		}
		log += fmt.Sprintf("%t;", err == nil)
	}
	return log
}

func sum(b []byte, err error) string {
	var s keyed.Digest
	s.AddBytes(b)
	return fmt.Sprint(s, err == nil)
}

// The history of one file does not matter to another (rule D4), and the same
// operations have the same outcome (D1).
func TestFilesAreIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		one := rapid.SliceOfN(rapid.Byte(), 1, 30).Draw(t, "steps of f")
		other := rapid.SliceOf(rapid.Byte()).Draw(t, "steps of g")
		run := func(others ...string) (log string, contents []byte, counts Counts) {
			d := New(keyed.Root(seed).Uint64())
			check(t, d.SetFaults("", Faults{Torn: true, KeepPPM: 300_000, SyncFailPPM: 300_000, CorruptPPM: 300_000}))
			for _, name := range others {
				busy(d, name, other)
			}
			log = busy(d, "f", one)
			for _, name := range others {
				busy(d, name, other)
			}
			d.Crash()
			for _, s := range d.Durable() {
				if s.Name == "f" {
					contents = s.Data
				}
			}
			return log, contents, d.Counts("f")
		}
		log, contents, counts := run()
		for _, others := range [][]string{nil, {"g"}, {"a", "z"}} {
			log2, contents2, counts2 := run(others...)
			if log2 != log || !bytes.Equal(contents2, contents) || counts2 != counts {
				t.Fatalf("with %q f fares differently:\n%s\n%s\n%+v\n%+v", others, log, log2, counts, counts2)
			}
		}
	})
}

// The value is part of the meaning of a seed (D8): a change here changes the runs
// of users, and is told in CHANGELOG.md.
func TestDecisionsAreStable(t *testing.T) {
	d := New(keyed.Root(7).Uint64())
	check(t, d.SetFaults("", Faults{Torn: true, KeepPPM: 300_000, SyncFailPPM: 100_000, CorruptPPM: 300_000}))
	var all keyed.Digest
	steps := []byte("same seed, same run: the decisions of a disk are a function of its key")
	for _, name := range []string{"f", "g", "f"} {
		all.AddBytes([]byte(busy(d, name, steps)))
		_ = d.SyncDir()
		busy(d, name, steps[:20])
		d.Crash()
		all.Add(uint64(d.digest()))
	}
	if got := all.String(); got != "7beca56359b32799" {
		t.Errorf("the digest is %s, want it unchanged", got)
	}
}

func TestDigestTellsDisksApart(t *testing.T) {
	seen := map[keyed.Digest]string{}
	for name, setup := range map[string]func(d *Disk){
		"empty":    func(*Disk) {},
		"unsynced": func(d *Disk) { _, _ = d.Create("f") },
		"synced":   func(d *Disk) { _ = d.WriteFile("f", nil) },
		"contents": func(d *Disk) { _ = d.WriteFile("f", []byte("x")) },
		"name":     func(d *Disk) { _ = d.WriteFile("fx", nil) },
	} {
		d := New(0)
		setup(d)
		if other, dup := seen[d.digest()]; dup {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[d.digest()] = name
	}
}

// A write tears between its sectors, be they only two: under some keys the first
// survives alone, under others the second, under others none or both. In a longer
// write that tears in order, each beginning can be what is left.
func TestEveryTear(t *testing.T) {
	const parts = 4
	for n := 2; n <= parts; n++ {
		seen := map[string]int{}
		for k := range uint64(600) {
			d := New(k + 1)
			old, fresh := bytes.Repeat([]byte{'-'}, n*SectorSize), bytes.Repeat([]byte{'x'}, n*SectorSize)
			f := file(t, d, "f", string(old))
			check(t, d.SetFaults("f", Faults{Torn: true}))
			_, err := f.WriteAt(fresh, 0)
			check(t, err)
			d.Crash()
			got, err := d.ReadFile("f")
			check(t, err)
			left := ""
			for i := range n {
				sector := got[i*SectorSize : (i+1)*SectorSize]
				if !bytes.Equal(sector, old[:SectorSize]) && !bytes.Equal(sector, fresh[:SectorSize]) {
					t.Fatalf("sector %d is torn inside", i)
				}
				left += string(sector[:1])
			}
			seen[left]++
		}
		if len(seen) != 1<<n {
			t.Errorf("of %d sectors these survive: %v; want each of the %d sets", n, seen, 1<<n)
		}
		// In order half of the time: then all beginnings but the whole are as likely.
		for i := range n {
			beginning := strings.Repeat("x", i) + strings.Repeat("-", n-i)
			if seen[beginning] < 600/2/n {
				t.Errorf("of %d sectors the first %d survived in %d of 600 crashes; tears in order make it %d at least", n, i, seen[beginning], 600/2/n)
			}
		}
	}
}
