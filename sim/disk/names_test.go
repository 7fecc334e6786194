package disk

import (
	"errors"
	"io/fs"
	"slices"
	"testing"

	"samerun/internal/keyed"
)

// Faults and counts go by the present name of a file: they follow a rename, and
// go back with it if a crash takes it back.
func TestFaultsFollowTheName(t *testing.T) {
	d := New(keyed.Root(1).Uint64())
	f := file(t, d, "a", "")
	check(t, d.SetFaults("b", Faults{SyncFailPPM: keyed.Million}))
	check(t, f.Sync())
	check(t, d.Rename("a", "b"))
	if err := f.Sync(); !errors.Is(err, ErrSync) {
		t.Errorf("Sync of a file that is b now: %v", err)
	}
	d.Crash()
	f, err := d.Open("a")
	check(t, err)
	if err := f.Sync(); err != nil {
		t.Errorf("Sync of a file that is a again: %v", err)
	}
	if a, b := d.Counts("a").Syncs, d.Counts("b").Syncs; a != 3 || b != 1 {
		t.Errorf("%d syncs of a and %d of b, want 3 and 1", a, b)
	}
}

// The faults of a file stand in place of those of the disk until they are taken
// back.
func TestFaultsOfAFileComeFirst(t *testing.T) {
	d := New(keyed.Root(1).Uint64())
	f, g := file(t, d, "f", ""), file(t, d, "g", "")
	check(t, d.SetFaults("", Faults{SyncFailPPM: keyed.Million}))
	check(t, d.SetFaults("f", Faults{Torn: true}))
	if errF, errG := f.Sync(), g.Sync(); errF != nil || !errors.Is(errG, ErrSync) {
		t.Errorf("Sync of f: %v, of g: %v; want only g to fail", errF, errG)
	}
	check(t, d.SetFaults("f", Faults{}))
	if err := f.Sync(); !errors.Is(err, ErrSync) {
		t.Errorf("Sync of f: %v, want the fault of the disk", err)
	}
}

// What waits goes with what it was for: a file whose name is lost is lost, and a
// crash with nothing in the cache changes nothing.
func TestLostIsCounted(t *testing.T) {
	d := New(keyed.Root(1).Uint64())
	f, err := d.Create("f")
	check(t, err)
	_, err = f.Write([]byte("x"))
	check(t, err)
	d.Crash()
	if c := d.Counts(""); c.Lost != 2 || c.Crashes != 1 {
		t.Errorf("counts %+v, want a file and a write lost", c)
	}
	before := d.digest()
	d.Crash()
	if c := d.Counts(""); c.Lost != 2 || d.digest() != before {
		t.Errorf("counts %+v, the second crash had nothing to lose", c)
	}
	if _, err := d.Open("f"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open: %v", err)
	}
	if c := d.Counts("unheard of"); c != (Counts{}) {
		t.Errorf("counts of a file that never was: %+v", c)
	}
}

// While Slow sleeps the world moves on.
func TestWhileSlowSleeps(t *testing.T) {
	operations := func(d *Disk, f *File) map[string]func() error {
		return map[string]func() error{
			"create":   func() error { _, err := d.Create("g"); return err },
			"open":     func() error { _, err := d.Open("f"); return err },
			"remove":   func() error { return d.Remove("f") },
			"rename":   func() error { return d.Rename("f", "g") },
			"syncdir":  d.SyncDir,
			"read":     func() error { _, err := f.Read(make([]byte, 1)); return err },
			"write":    func() error { _, err := f.Write([]byte("y")); return err },
			"truncate": func() error { return f.Truncate(0) },
			"sync":     f.Sync,
		}
	}
	for op := range operations(nil, nil) {
		d := New(keyed.Root(1).Uint64())
		f := file(t, d, "f", "x")
		told := ""
		d.Slow = func(op, name string) { told = op; d.Crash() }
		before := d.digest()
		if err := operations(d, f)[op](); !errors.Is(err, ErrCrashed) {
			t.Errorf("%s: %v, want ErrCrashed", op, err)
		}
		if told != op || d.digest() != before {
			t.Errorf("%s: Slow was told of %s; digest %v, before it %v", op, told, d.digest(), before)
		}
	}

	d := New(keyed.Root(1).Uint64())
	f := file(t, d, "f", "x")
	d.Slow = func(string, string) { _ = f.Close() }
	if _, err := f.Write([]byte("y")); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("Write to a file that was closed meanwhile: %v", err)
	}
	d.Slow = func(string, string) { d.Crash() }
	if names := d.List(); names != nil {
		t.Errorf("List of a dead incarnation is %q", names)
	}
}

// A WriteFile that a crash has cut short is dead: it must not tidy up in the
// disk of the next incarnation.
func TestDeadWriteFileLeavesTheDiskAlone(t *testing.T) {
	d := New(keyed.Root(1).Uint64())
	check(t, d.SetFaults("", Faults{KeepPPM: keyed.Million}))
	d.Slow = func(op, _ string) {
		if op == "sync" {
			d.Crash()
		}
	}
	if err := d.WriteFile("f", []byte("x")); !errors.Is(err, ErrCrashed) {
		t.Fatalf("WriteFile: %v", err)
	}
	if got := d.List(); !slices.Equal(got, []string{"f.tmp"}) {
		t.Errorf("List is %q, want the temporary file that survived", got)
	}
}
