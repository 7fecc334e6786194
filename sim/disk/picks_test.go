package disk

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"samerun/internal/keyed"
)

// three makes a file with three writes of a sector each that wait, behind one that does not.
func three(t *testing.T, d *Disk) *File {
	t.Helper()
	f := file(t, d, "f", "zero")
	for i, s := range []string{"a", "b", "c"} {
		_, err := f.WriteAt([]byte(strings.Repeat(s, SectorSize)), int64(i)*SectorSize)
		check(t, err)
	}
	return f
}

// contents is what the file has, each sector in a letter.
func contents(t *testing.T, d *Disk, name string) string {
	t.Helper()
	got, err := d.ReadFile(name)
	check(t, err)
	var b strings.Builder
	for len(got) > 0 {
		if got[0] == 0 {
			got[0] = '.'
		}
		b.WriteByte(got[0])
		got = got[min(len(got), SectorSize):]
	}
	return b.String()
}

// What a pick loses is lost, and all else survives, also if nothing of that waits; without such a
// pick all that waits is lost.
func TestPicksOfWrites(t *testing.T) {
	for _, c := range []struct {
		picks []Pick
		want  string
		told  string
	}{
		{nil, "z", "lose f 2, lose f 3, lose f 4"},
		{[]Pick{{What: Lose, File: "f", Nth: 3}}, "a.c", "lose f 3"},
		{[]Pick{{What: Lose, File: "f", Nth: 2}, {What: Lose, File: "f", Nth: 4}}, "zb", "lose f 2, lose f 4"},
		{[]Pick{{What: Lose, File: "f", Nth: 1}}, "abc", ""},
		{[]Pick{{What: Lose, File: "f", Nth: 5}}, "abc", ""},
		{[]Pick{{What: Tear, File: "g", Nth: 3}}, "abc", ""},
		{[]Pick{{What: FailSync, File: "f", Nth: 2}}, "z", "lose f 2, lose f 3, lose f 4"},
	} {
		d := New(0)
		three(t, d)
		var told []string
		d.Struck = func(p Pick) { told = append(told, fmt.Sprint(p.What, " ", p.File, " ", p.Nth)) }
		check(t, d.SetPicks(c.picks))
		d.Crash()
		if got := contents(t, d, "f"); got != c.want || strings.Join(told, ", ") != c.told {
			t.Errorf("%v: the file has %s, and told was %s; want %s, %s", c.picks, got, told, c.want, c.told)
		}
	}
}

// The sectors that survive of a torn write are those that the pick says.
func TestPicksOfSectors(t *testing.T) {
	for _, c := range []struct {
		sectors int64
		want    string
		told    What
	}{
		{1, "xzzzz", Tear}, {4, "xxxxz", Tear}, {^0b10010, "zxzzx", Tear}, {^0, "zzzzz", Lose}, {0, "xxzzz", Tear},
	} {
		d := New(0)
		f := file(t, d, "f", strings.Repeat("z", 5*SectorSize))
		_, err := f.WriteAt([]byte(strings.Repeat("x", 5*SectorSize)), 0)
		check(t, err)
		var told []What
		d.Struck = func(p Pick) { told = append(told, p.What) }
		check(t, d.SetPicks([]Pick{{What: Tear, File: "f", Nth: 2, Sectors: c.sectors}}))
		d.Crash()
		if got := contents(t, d, "f"); got != c.want || !slices.Equal(told, []What{c.told}) {
			t.Errorf("sectors %d: the file has %s, and told was %v; want %s, %v", c.sectors, got, told, c.want, c.told)
		}
	}
}

// Changes of the directory are counted together, whatever the file.
func TestPicksOfNames(t *testing.T) {
	d := New(0)
	file(t, d, "a", "a")
	file(t, d, "b", "b")
	check(t, d.Rename("a", "c")) // the third
	check(t, d.Remove("b"))      // the fourth
	check(t, d.SetPicks([]Pick{{What: Lose, File: "/", Nth: 3}}))
	d.Crash()
	if got := strings.Join(d.List(), " "); got != "a" {
		t.Errorf("there are %s", got)
	}
}

// The write that is picked stores what the pick says, and no other is short.
func TestPickOfAShortWrite(t *testing.T) {
	d := New(1)
	f := file(t, d, "f", "one")
	var told []Pick
	d.Struck = func(p Pick) { told = append(told, p) }
	picks := []Pick{{What: Shorten, File: "f", Nth: 2, Bytes: 2}, {What: Shorten, File: "f", Nth: 3, Bytes: 9}, {What: Shorten, File: "f", Nth: 4}, {What: Shorten, File: "f", Nth: 5, Bytes: 1}}
	check(t, d.SetPicks(picks))
	for i, c := range []struct {
		text   string
		stored int
	}{{"two", 2}, {"three", 4}, {"four", -1}, {"x", 1}, {"six", 3}} {
		n, err := f.WriteAt([]byte(c.text), 0)
		if c.stored < 0 { // by chance
			c.stored = n
			if n < 1 || n >= len(c.text) {
				t.Errorf("write %d stored %d of %d bytes", i+2, n, len(c.text))
			}
		}
		if n != c.stored || errors.Is(err, io.ErrShortWrite) != (n < len(c.text)) {
			t.Errorf("write %d: %d, %v; want %d", i+2, n, err, c.stored)
		}
	}
	for i, p := range told {
		if p.What != Shorten || p.Nth != uint64(i)+2 || p.Bytes < 1 {
			t.Errorf("told was %+v", p)
		}
	}
	if len(told) != 3 || d.Counts("f").Short != 3 {
		t.Errorf("told was %+v, counted %d", told, d.Counts("f").Short)
	}
	// What waits for a sync survives no crash because of them.
	d.Crash()
	reads(t, d, "f", "one")
}

// The sync that is picked fails, and no other.
func TestPickOfASync(t *testing.T) {
	d := New(0)
	f := file(t, d, "f", "one")
	check(t, d.SetPicks([]Pick{{What: FailSync, File: "f", Nth: 2}, {What: FailSync, File: "/", Nth: 2}}))
	_, err := f.WriteAt([]byte("two"), 0)
	check(t, err)
	if err := f.Sync(); !errors.Is(err, ErrSync) {
		t.Errorf("the second sync: %v", err)
	}
	check(t, f.Sync())
	reads(t, d, "f", "one")
	if err := d.SyncDir(); !errors.Is(err, ErrSync) {
		t.Errorf("the second sync of the directory: %v", err)
	}
	check(t, d.SyncDir())
}

// After counts what changes or syncs something. If the disk crashes in it, the operation is in
// the cache that is lost, and a sync has done nothing.
func TestAfter(t *testing.T) {
	d := New(0)
	var ops []string
	crash := ""
	d.After = func(name string, nth uint64) {
		op := fmt.Sprint(name, nth)
		if ops = append(ops, op); op == crash {
			d.Crash()
		}
	}
	f := file(t, d, "f", "one")
	_, err := f.WriteAt([]byte("two"), 0)
	check(t, err)
	check(t, f.Truncate(3))
	_, err = f.ReadAt(make([]byte, 3), 0)
	check(t, err)
	check(t, d.Rename("f", "g"))
	crash = "g2"
	if err := f.Sync(); !errors.Is(err, ErrCrashed) {
		t.Errorf("the sync in which the disk crashes: %v", err)
	}
	reads(t, d, "f", "one")
	check(t, d.Remove("f"))
	if want := "f1 f2 f3 /1 f4 f5 g1 g2"; strings.Join(ops[:8], " ") != want {
		t.Errorf("operations %v", ops)
	}
}

func TestPicksThatSayTooLittle(t *testing.T) {
	d := New(0)
	three(t, d)
	check(t, d.SetPicks([]Pick{{What: Lose, File: "f", Nth: 3}}))
	for _, c := range []struct {
		p    Pick
		want string
	}{
		{Pick{File: "f", Nth: 1}, "a pick of the disk has What 0, it must be Lose, Tear, FailSync or Shorten"},
		{Pick{What: Lose, Nth: 1}, `a pick of the disk names no file, operations are counted by file; name one, or "/" for the directory`},
		{Pick{What: Shorten, File: "f", Nth: 1, Bytes: -1}, `a pick of the disk, shorten of "f", has Bytes -1, less than none`},
		{Pick{What: Tear, File: "f"}, `a pick of the disk, tear of "f", has Nth 0, operations count from 1`},
	} {
		if err := d.SetPicks([]Pick{c.p}); err == nil || err.Error() != c.want {
			t.Errorf("%v: %v", c.p, err)
		}
	}
	d.Crash()
	if got := contents(t, d, "f"); got != "a.c" {
		t.Errorf("after picks that were refused the file has %s", got)
	}
}

// A short write says how much it has stored.
func TestShortWrites(t *testing.T) {
	short := 0
	for seed := range uint64(50) {
		d := New(keyed.Root(seed + 1).Uint64())
		check(t, d.SetFaults("", Faults{ShortPPM: 500_000}))
		f, err := d.Create("f")
		check(t, err)
		n, err := f.Write([]byte("hello"))
		size, _ := f.Size()
		if int(size) != n || n < 1 || (n < 5) != errors.Is(err, io.ErrShortWrite) {
			t.Fatalf("%d bytes, of which the file has %d: %v", n, size, err)
		}
		if n < 5 {
			short++
		}
		if c := d.Counts("f"); c.Short != d.Counts("").Short || c.Short > 0 != (n < 5) {
			t.Errorf("counts %+v", c)
		}
	}
	if short < 10 || short > 40 {
		t.Errorf("%d of 50 writes were short", short)
	}
}

// What chance has lost, torn and let fail, the picks that were told of it do as well.
func TestPicksDoWhatChanceDid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64Range(1, 1<<40).Draw(t, "seed")
		type op struct{ what, file, size, at int }
		ops := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) op {
			return op{rapid.IntRange(0, 9).Draw(t, "what"), rapid.IntRange(0, 1).Draw(t, "file"), rapid.IntRange(1, 3000).Draw(t, "size"), rapid.IntRange(0, 3000).Draw(t, "at")}
		}), 1, 40).Draw(t, "ops")
		faults := Faults{KeepPPM: 300_000, Torn: rapid.Bool().Draw(t, "torn"), SyncFailPPM: 300_000}
		run := func(d *Disk, settled func(waiting bool)) (trace string) {
			for i, o := range ops {
				name := []string{"a", "b"}[o.file]
				f, err := d.Open(name)
				if err != nil {
					if f, err = d.Create(name); err != nil {
						t.Fatal(err)
					}
				}
				switch o.what {
				case 0:
					waits := len(d.changes) > 0
					for _, e := range d.names {
						waits = waits || len(e.inode.pending) > 0
					}
					d.Crash()
					settled(waits)
				case 1, 2:
					waits := len(f.inode.pending) > 0
					if f.Sync() != nil {
						settled(waits)
						trace += "!"
					}
				case 3:
					if d.SyncDir() != nil {
						trace += "!"
					}
				case 4:
					f.Truncate(int64(o.at))
				case 5:
					d.Rename(name, []string{"b", "a"}[o.file])
				default:
					f.WriteAt([]byte(strings.Repeat(string(rune('a'+i%26)), o.size)), int64(o.at))
				}
				for _, name := range d.List() {
					data, _ := d.ReadFile(name)
					trace += fmt.Sprintf("%s %x\n", name, keyed.Ident(string(data)).Uint64())
				}
			}
			return trace
		}
		var told []Pick
		lost, kept := false, false
		chance := New(seed)
		chance.Struck = func(p Pick) {
			told = append(told, p)
			lost = lost || p.What == Lose || p.What == Tear
		}
		if err := chance.SetFaults("", faults); err != nil {
			t.Fatal(err)
		}
		want := run(chance, func(waiting bool) { kept = kept || waiting })
		if kept && !lost {
			t.Skip("that all was there after the crashes is nothing that picks can say")
		}
		picked := New(seed + 1)
		if err := picked.SetPicks(told); err != nil {
			t.Fatal(err)
		}
		if got := run(picked, func(bool) {}); got != want {
			t.Fatalf("by %v:\n%s\nby chance:\n%s", told, got, want)
		}
	})
}
