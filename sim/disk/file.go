package disk

import (
	"io"
	"io/fs"
)

// File is an open file with a position for Read, Write and Seek. Several may be
// open on one file; they see each other's writes at once.
//
// Made by Create and Open; the zero File is not usable. After a crash of the
// disk each method returns ErrCrashed, after Close fs.ErrClosed.
type File struct {
	disk    *Disk
	inode   *inode
	name    string // that it was opened by
	pos     int64
	crashes uint64 // of the disk when it was opened
	closed  bool
}

// Name returns the name that the file was opened by.
func (f *File) Name() string { return f.name }

// Write writes p at the position and moves it on. The bytes are durable after
// Sync. With ErrNoSpace the first n bytes were written.
func (f *File) Write(p []byte) (n int, err error) {
	if err := f.begin("write"); err != nil {
		return 0, err
	}
	n, err = f.disk.writeAt(f, p, f.pos)
	f.pos += int64(n) // of an incarnation that has ended meanwhile it does not matter
	return n, err
}

// WriteAt writes p at the offset in bytes, and leaves the position alone. A gap
// between the end of the file and the offset is filled with zeros. Durability and
// errors are those of Write.
func (f *File) WriteAt(p []byte, off int64) (n int, err error) {
	if err := f.begin("write"); err != nil {
		return 0, err
	}
	return f.disk.writeAt(f, p, off)
}

// Read reads up to len(p) bytes at the position and moves it on. At the end of
// the file it returns 0 and io.EOF.
func (f *File) Read(p []byte) (n int, err error) {
	if err := f.begin("read"); err != nil {
		return 0, err
	}
	n = f.disk.readAt(f.inode, p, f.pos)
	f.pos += int64(n)
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// ReadAt reads len(p) bytes at the offset in bytes, and leaves the position
// alone. If there are fewer it returns io.EOF with those that there are.
func (f *File) ReadAt(p []byte, off int64) (n int, err error) {
	if err := f.begin("read"); err != nil {
		return 0, err
	}
	if off < 0 {
		return 0, invalid("read", f.name, "the offset is %d, offsets count from 0", off)
	}
	n = f.disk.readAt(f.inode, p, off)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Seek moves the position to offset bytes from the start, the position or the
// end (io.SeekStart, io.SeekCurrent, io.SeekEnd) and returns it. It may be
// behind the end.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	if err := f.check("seek"); err != nil {
		return 0, err
	}
	base := int64(0)
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		base = f.pos
	case io.SeekEnd:
		base = int64(len(f.inode.cache))
	default:
		return 0, invalid("seek", f.name, "whence is %d, use io.SeekStart, io.SeekCurrent or io.SeekEnd", whence)
	}
	// Compared without adding, which could overflow.
	if offset < -base || offset > maxFileSize-base {
		return 0, invalid("seek", f.name, "%d bytes from %d is outside of 0 to %d", offset, base, maxFileSize)
	}
	f.pos = base + offset
	return f.pos, nil
}

// Truncate cuts the file to size bytes, or extends it with zeros. Like a write
// it is durable after Sync, and it fails with ErrNoSpace as a whole.
func (f *File) Truncate(size int64) error {
	if err := f.begin("truncate"); err != nil {
		return err
	}
	if size < 0 || size > maxFileSize {
		return invalid("truncate", f.name, "the size is %d, files have 0 to %d bytes", size, maxFileSize)
	}
	n, d := f.inode, f.disk
	if grow := size - int64(len(n.cache)); grow > 0 && grow > d.room(n.label) {
		for _, c := range d.tally(n.label) {
			c.NoSpace++
		}
		return fail("truncate", f.name, ErrNoSpace)
	}
	d.truncate(n, size)
	return d.after("truncate", f.name, n.label)
}

// Sync makes the contents of the file durable, whichever File wrote them. It
// does not make the name durable: see Disk.SyncDir. If it fails (ErrSync), the
// writes that were not yet durable are lost, and the next Sync succeeds without
// them; see the package documentation.
func (f *File) Sync() error {
	if err := f.begin("sync"); err != nil {
		return err
	}
	n, d := f.inode, f.disk
	for _, c := range d.tally(n.label) {
		c.Syncs++
	}
	if err := d.after("sync", f.name, n.label); err != nil {
		return err
	}
	if d.syncFails(n.label) {
		d.settle(n)
		return fail("sync", f.name, ErrSync)
	}
	n.sync()
	return nil
}

// Size returns the number of bytes in the file.
func (f *File) Size() (int64, error) {
	if err := f.check("size"); err != nil {
		return 0, err
	}
	return int64(len(f.inode.cache)), nil
}

// Close ends the use of this File. It does not sync.
func (f *File) Close() error {
	err := f.check("close")
	f.closed = true
	return err
}

// check reports a File that is of no more use. A crash comes before a close: the
// incarnation that closed the file is gone.
func (f *File) check(op string) error {
	if f.crashes != f.disk.crashes {
		return fail(op, f.name, ErrCrashed)
	}
	if f.closed {
		return fail(op, f.name, fs.ErrClosed)
	}
	return nil
}

// begin starts an operation that takes time.
func (f *File) begin(op string) error {
	if err := f.check(op); err != nil {
		return err
	}
	if err := f.disk.begin(op, f.name, f.inode.label); err != nil {
		return err
	}
	return f.check(op) // another task may have closed it while this one slept
}
