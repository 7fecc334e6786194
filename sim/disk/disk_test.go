package disk

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
	"testing"

	"samerun/internal/keyed"
)

var _ interface {
	io.ReadWriteSeeker
	io.ReaderAt
	io.WriterAt
	io.Closer
} = (*File)(nil)

// TestClassicalBugs has one protocol a row for replacing the contents "old" of
// the file "f" by "new", which is longer than a sector. The row says what may be
// there after a crash at the end; a correct protocol leaves "new" only.
func TestClassicalBugs(t *testing.T) {
	oldData, newData := bytes.Repeat([]byte("old-"), 300), bytes.Repeat([]byte("new-"), 400)
	survive, torn := Faults{KeepPPM: 500_000}, Faults{Torn: true}
	write := func(name string, sync bool) func(*Disk) error {
		return func(d *Disk) error {
			f, err := d.Create(name)
			if err == nil {
				_, err = f.Write(newData)
			}
			if err == nil && sync {
				err = f.Sync()
			}
			return err
		}
	}
	rename := func(d *Disk) error { return d.Rename("g", "f") }
	overwrite := func(d *Disk) error {
		f, err := d.Open("f")
		if err == nil {
			_, err = f.WriteAt(newData, 0)
		}
		return err
	}
	syncDir := (*Disk).SyncDir
	for _, c := range []struct {
		name   string
		faults Faults
		steps  []func(*Disk) error
		want   []string // all of them, over many keys
	}{
		{"write a temporary file, sync, rename, sync the directory", survive, []func(*Disk) error{write("g", true), rename, syncDir}, []string{"new"}},
		{"WriteFile", Faults{KeepPPM: 500_000, Torn: true}, []func(*Disk) error{func(d *Disk) error { return d.WriteFile("f", newData) }}, []string{"new"}},
		{"no sync of the file before the rename", Faults{}, []func(*Disk) error{write("g", false), rename, syncDir}, []string{"empty"}},
		{"the same, torn", torn, []func(*Disk) error{write("g", false), rename, syncDir}, []string{"empty", "mixed"}},
		{"no sync of the directory after the rename", Faults{}, []func(*Disk) error{write("g", true), rename}, []string{"old"}},
		{"the same, some survive", survive, []func(*Disk) error{write("g", true), rename}, []string{"new", "old"}},
		{"neither", survive, []func(*Disk) error{write("g", false), rename}, []string{"empty", "new", "old"}},
		{"truncate in place, synced", survive, []func(*Disk) error{write("f", true)}, []string{"new"}},
		{"truncate in place, not synced", survive, []func(*Disk) error{write("f", false)}, []string{"empty", "new", "old"}},
		{"overwrite in place", Faults{}, []func(*Disk) error{overwrite}, []string{"old"}},
		{"overwrite in place, torn", torn, []func(*Disk) error{overwrite}, []string{"mixed", "new", "old"}},
		{"remove, then rename", survive, []func(*Disk) error{write("g", true), func(d *Disk) error { return d.Remove("f") }, rename}, []string{"missing", "new", "old"}},
		{"remove without a sync of the directory", Faults{}, []func(*Disk) error{func(d *Disk) error { return d.Remove("f") }}, []string{"old"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen := map[string]bool{}
			for seed := range uint64(60) {
				d := New(keyed.Root(seed + 1).Uint64())
				check(t, d.WriteFile("f", oldData))
				check(t, d.SetFaults("", c.faults))
				for _, step := range c.steps {
					check(t, step(d))
				}
				d.Crash()
				data, err := d.ReadFile("f")
				switch {
				case errors.Is(err, fs.ErrNotExist):
					seen["missing"] = true
				case bytes.Equal(data, oldData):
					seen["old"] = true
				case bytes.Equal(data, newData):
					seen["new"] = true
				case len(data) == 0:
					seen["empty"] = true
				default:
					seen["mixed"] = true
				}
			}
			var got []string
			for _, state := range []string{"empty", "missing", "mixed", "new", "old"} {
				if seen[state] {
					got = append(got, state)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("the crash left %q, want %q", got, c.want)
			}
		})
	}
}

// WriteFile must be safe wherever the crash comes, which Slow can place.
func TestWriteFileIsAtomic(t *testing.T) {
	steps := 0
	for at := 0; ; at++ {
		steps = 0
		d := New(keyed.Root(uint64(at) + 1).Uint64())
		check(t, d.WriteFile("f", []byte("old")))
		check(t, d.SetFaults("", Faults{KeepPPM: 500_000, Torn: true}))
		d.Slow = func(op, name string) {
			if name != "f" && name != "" {
				t.Errorf("Slow was told of %s %q, want the name of the file", op, name)
			}
			if steps == at {
				d.Crash()
			}
			steps++
		}
		err := d.WriteFile("f", []byte("new"))
		crashed := steps > at
		d.Slow = nil
		got, readErr := d.ReadFile("f")
		check(t, readErr)
		if !crashed {
			check(t, err)
			break
		}
		if !errors.Is(err, ErrCrashed) {
			t.Fatalf("crash in step %d: WriteFile returned %v, want ErrCrashed", at, err)
		}
		if string(got) != "old" && string(got) != "new" {
			t.Errorf("crash in step %d: the file has %q", at, got)
		}
	}
	if steps < 5 {
		t.Errorf("WriteFile took %d steps, want create, write, sync, rename, syncdir", steps)
	}
}

func TestFailedWriteFileTidiesUp(t *testing.T) {
	for _, c := range []struct {
		file   string
		faults Faults
		want   error
	}{
		{"f", Faults{SyncFailPPM: keyed.Million}, ErrSync},
		{"f", Faults{NoSpace: true, Capacity: 3}, ErrNoSpace},
		{"", Faults{NoSpace: true, Capacity: 3}, ErrNoSpace},
	} {
		d := New(keyed.Root(1).Uint64())
		check(t, d.WriteFile("f", []byte("old")))
		check(t, d.SetFaults(c.file, c.faults))
		if err := d.WriteFile("f", []byte("long")); !errors.Is(err, c.want) {
			t.Errorf("WriteFile: %v, want %v", err, c.want)
		}
		if got, err := d.ReadFile("f"); string(got) != "old" || err != nil {
			t.Errorf("the file has %q, %v, want what it had", got, err)
		}
		if got := d.List(); !slices.Equal(got, []string{"f"}) {
			t.Errorf("List is %q, the temporary file should be gone", got)
		}
		check(t, d.SetFaults(c.file, Faults{}))
		check(t, d.WriteFile("f", []byte("long")))
	}
}

// mustCrashed checks each method of a File from before a crash.
func mustCrashed(t interface {
	Helper()
	Errorf(string, ...any)
}, f *File) {
	t.Helper()
	for op, call := range map[string]func() error{
		"read":     func() error { _, err := f.Read(make([]byte, 1)); return err },
		"readAt":   func() error { _, err := f.ReadAt(make([]byte, 1), 0); return err },
		"write":    func() error { _, err := f.Write([]byte("x")); return err },
		"writeAt":  func() error { _, err := f.WriteAt([]byte("x"), 0); return err },
		"seek":     func() error { _, err := f.Seek(0, io.SeekStart); return err },
		"truncate": func() error { return f.Truncate(0) },
		"sync":     f.Sync,
		"size":     func() error { _, err := f.Size(); return err },
		"close":    f.Close,
	} {
		if err := call(); !errors.Is(err, ErrCrashed) {
			t.Errorf("%s after a crash: %v, want ErrCrashed", op, err)
		}
	}
}

func TestErrors(t *testing.T) {
	d := New(0)
	f, err := d.Create("f")
	check(t, err)
	closed, err := d.Open("f")
	check(t, err)
	check(t, closed.Close())
	for _, c := range []struct {
		do   func() error
		want string
		is   error
	}{
		{func() error { _, err := d.Open("g"); return err }, "open g: file does not exist", fs.ErrNotExist},
		{func() error { _, err := d.ReadFile("g"); return err }, "open g: file does not exist", fs.ErrNotExist},
		{func() error { return d.Remove("g") }, "remove g: file does not exist", fs.ErrNotExist},
		{func() error { return d.Rename("g", "h") }, "rename g: file does not exist", fs.ErrNotExist},
		{func() error { return d.Rename("f", "") }, "rename f: invalid argument: the new name is empty, a file needs one", fs.ErrInvalid},
		{func() error { _, err := d.Create(""); return err }, "create : invalid argument: the name is empty, a file needs one", fs.ErrInvalid},
		{func() error { return d.WriteFile("", nil) }, "create : invalid argument: the name is empty, a file needs one", fs.ErrInvalid},
		{func() error { _, err := f.WriteAt([]byte("x"), -1); return err }, "write f: invalid argument: the offset is -1, offsets count from 0", fs.ErrInvalid},
		{func() error { _, err := f.WriteAt([]byte("x"), 1<<62); return err }, "write f: invalid argument: 1 bytes at 4611686018427387904 do not fit, a file has at most 1073741824 bytes", fs.ErrInvalid},
		{func() error { _, err := f.ReadAt(nil, -1); return err }, "read f: invalid argument: the offset is -1, offsets count from 0", fs.ErrInvalid},
		{func() error { return f.Truncate(-1) }, "truncate f: invalid argument: the size is -1, files have 0 to 1073741824 bytes", fs.ErrInvalid},
		{func() error { _, err := f.Seek(-1, io.SeekEnd); return err }, "seek f: invalid argument: -1 bytes from 0 is outside of 0 to 1073741824", fs.ErrInvalid},
		{func() error { _, err := f.Seek(1<<63-1, io.SeekCurrent); return err }, "seek f: invalid argument: 9223372036854775807 bytes from 0 is outside of 0 to 1073741824", fs.ErrInvalid},
		{func() error { _, err := f.Seek(0, 3); return err }, "seek f: invalid argument: whence is 3, use io.SeekStart, io.SeekCurrent or io.SeekEnd", fs.ErrInvalid},
		{closed.Sync, "sync f: file already closed", fs.ErrClosed},
		{closed.Close, "close f: file already closed", fs.ErrClosed},
	} {
		err := c.do()
		if !errors.Is(err, c.is) || err == nil || err.Error() != c.want {
			t.Errorf("got %q\nwant %q", err, c.want)
		}
		if pe := (*fs.PathError)(nil); !errors.As(err, &pe) {
			t.Errorf("%v is a %T, want an *fs.PathError", err, err)
		}
	}
}

func TestPosition(t *testing.T) {
	var d Disk // the zero value is an empty disk
	f, err := d.Create("f")
	check(t, err)
	for _, s := range []string{"one ", "two ", "three"} {
		_, err := io.WriteString(f, s)
		check(t, err)
	}
	if pos, err := f.Seek(-5, io.SeekEnd); pos != 8 || err != nil {
		t.Fatalf("Seek: %d, %v", pos, err)
	}
	rest, err := io.ReadAll(f)
	check(t, err)
	if string(rest) != "three" {
		t.Errorf("read %q", rest)
	}
	g, err := d.Open("f")
	check(t, err)
	_, err = g.Write([]byte("ONE"))
	check(t, err)
	_, err = g.Seek(1, io.SeekCurrent)
	check(t, err)
	rest, _ = io.ReadAll(g)
	if string(rest) != "two three" {
		t.Errorf("read %q", rest)
	}
	if _, err := f.ReadAt(make([]byte, 4), 11); err != io.EOF {
		t.Errorf("a short ReadAt returned %v, want io.EOF", err)
	}
	data, err := d.ReadFile("f")
	check(t, err)
	if string(data) != "ONE two three" {
		t.Errorf("the file has %q", data)
	}
	data[0] = 'X' // ReadFile returns a copy
	if again, _ := d.ReadFile("f"); again[0] != 'O' {
		t.Error("the caller of ReadFile has changed the file")
	}
}

// The disk shares no memory with its callers, who use their buffers again.
func TestBuffersAreCopied(t *testing.T) {
	d := New(keyed.Root(1).Uint64())
	f := file(t, d, "f", "")
	buf := []byte("right")
	_, err := f.Write(buf)
	check(t, err)
	copy(buf, "wrong")
	check(t, f.Sync())
	copy(d.Durable()[0].Data, "wrong")
	d.Crash()
	reads(t, d, "f", "right")
}
