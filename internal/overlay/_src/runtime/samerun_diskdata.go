//go:build linux && (amd64 || arm64 || riscv64)

package runtime

import "unsafe"

// System calls about the content of files.

// open makes sure that the journal can read and write a file, of which the program has a
// descriptor.
func (d *samerunDisk) open(f *samerunJournalFile, fd int) bool {
	if f.FD >= 0 {
		return true
	}
	var digits [20]byte
	name := append(samerunDiskNames[0][:0], "/proc/self/fd/"...)
	name = append(append(name, itoa(digits[:], uint64(fd))...), 0)
	r, errno := samerunDiskDo(samerunSysOpenat, samerunCwd, uintptr(unsafe.Pointer(&name[0])), samerunORdwr|samerunOCloexec, 0, 0, 0)
	if errno != 0 {
		samerunDiskNote("writing to " + f.Label.Name + ", which cannot be opened once more")
		return false
	}
	f.FD = samerunDiskUp(int(r), true)
	return true
}

// counts counts an operation, and notes whether the node crashes in it, and for how long the
// caller is to sleep.
func (c *samerunDiskCall) counts(d *samerunDisk, f *samerunJournalFile) {
	if d.j.Counts(f) {
		c.stops, c.node = true, int32(d.j.Node)
	}
	c.slow += d.j.Slow(f)
}

// fails answers with an error.
func (c *samerunDiskCall) fails(errno uintptr) {
	c.r1, c.r2, c.errno, c.made = samerunFailed, 0, errno, true
}

// system has the system answer.
func (c *samerunDiskCall) system(trap, a1, a2, a3, a4, a5, a6 uintptr) {
	c.r1, c.r2, c.errno = samerunDiskSystem(trap, a1, a2, a3, a4, a5, a6)
	c.made = true
}

// samerunDiskPart is an element of what readv and writev are given.
type samerunDiskPart struct {
	base uintptr
	n    uintptr
}

// vector returns an element of the vector that is the second argument.
func (c *samerunDiskCall) vector(i int) *samerunDiskPart {
	return (*samerunDiskPart)(samerunDiskPointer(c.a[1] + uintptr(i)*unsafe.Sizeof(samerunDiskPart{})))
}

// length is how many bytes a call is to transfer.
func (c *samerunDiskCall) length(vectored bool) int64 {
	if !vectored {
		return int64(c.a[2])
	}
	sum := int64(0)
	for i := range min(int(c.a[2]), 1024) {
		sum += int64(c.vector(i).n)
	}
	return sum
}

// write is write, pwrite, writev, pwritev and pwritev2. off is negative if the descriptor has the
// offset.
func (c *samerunDiskCall) write(vectored bool, off int64, more uintptr) {
	e := samerunDiskFileOf(c.a[0])
	if e == nil || e.file.Folder {
		return
	}
	size := samerunDiskLooked.size // of the descriptor, which was looked at
	d, f, fd := e.disk, e.file, int(c.a[0])
	if !d.open(f, fd) {
		return
	}
	const dsync, sync, appends = 2, 4, 16
	n, at := c.length(vectored), off
	switch {
	case e.flags&samerunFDAppends != 0 || more&appends != 0:
		at = size
	case off < 0:
		r, errno := samerunDiskDo(samerunSysLseek, uintptr(fd), 0, 1, 0, 0, 0)
		if errno != 0 {
			return
		}
		at = int64(r)
	}
	room := n
	if n > 0 {
		c.counts(d, f)
		if room = d.j.Room(f, at, n, size); room <= 0 {
			c.fails(samerunENOSPC)
			return
		}
		room = d.j.Short(f, room)
	}
	var old []byte
	if at < size {
		old = d.j.Buffer(min(room, size-at))
		old = old[:d.ReadAt(f.FD, old, at)]
	}
	if room == n {
		c.system(c.trap, c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], c.a[5])
	} else {
		c.some(vectored, off, room)
	}
	if c.errno != 0 || int64(c.r1) <= 0 {
		d.j.Unused(old)
		return
	}
	d.j.Wrote(f, at, int64(c.r1), size, old[:min(len(old), int(c.r1))])
	if (e.flags&samerunFDSyncs != 0 || more&(dsync|sync) != 0) && !c.stops && !d.synced(f, true) {
		c.fails(samerunEIO)
	}
}

// some writes the first n bytes of what the program has given.
func (c *samerunDiskCall) some(vectored bool, off, n int64) {
	count := 1
	if vectored {
		count = int(c.a[2])
	}
	done := int64(0)
	for i := 0; i < count && done < n; i++ {
		part := samerunDiskPart{c.a[1], c.a[2]}
		if vectored {
			part = *c.vector(i)
		}
		size := min(int64(part.n), n-done)
		if size == 0 {
			continue
		}
		if off < 0 {
			c.system(samerunSysWrite, c.a[0], part.base, uintptr(size), 0, 0, 0)
		} else {
			c.system(samerunSysPwrite, c.a[0], part.base, uintptr(size), uintptr(off+done), 0, 0)
		}
		if c.errno != 0 {
			break
		}
		done += int64(c.r1)
		if int64(c.r1) < size {
			break
		}
	}
	if done > 0 {
		c.r1, c.errno = uintptr(done), 0
	}
}

// synced carries out a sync, and reports whether it succeeds.
func (d *samerunDisk) synced(f *samerunJournalFile, dataOnly bool) bool {
	if d.j.SyncFails(f) {
		d.j.SyncFailed(f)
		return false
	}
	d.j.Synced(f, dataOnly)
	return true
}

// sync is fsync and fdatasync.
func (c *samerunDiskCall) sync() {
	e := samerunDiskFileOf(c.a[0])
	if e == nil {
		return
	}
	c.made = true
	c.counts(e.disk, e.file)
	if !c.stops && !e.disk.synced(e.file, c.trap == samerunSysFdatasync) {
		c.fails(samerunEIO)
	}
}

// syncAll is sync, and syncfs for the file system of a descriptor. The system is not asked to, if
// that is one of a disk's, as it is for no other sync.
func (c *samerunDiskCall) syncAll(all bool) {
	dev := uint64(0)
	if !all {
		s := samerunDiskLook(int(c.a[0]))
		if s == nil {
			return
		}
		dev = s.dev
	}
	for _, d := range samerunDisks.list {
		if all || d.dev == dev {
			d.j.SyncedAll()
			c.made = true
		}
	}
}

// resize lets a file have a size, by a descriptor of the program's or of ours, and answers.
func (c *samerunDiskCall) resize(d *samerunDisk, f *samerunJournalFile, fd int, to int64) {
	if !d.open(f, fd) {
		return
	}
	c.counts(d, f)
	size := d.Size(f.FD)
	var old []byte
	if to >= 0 && to < size {
		old = make([]byte, size-to)
		old = old[:d.ReadAt(f.FD, old, to)]
	}
	c.system(samerunSysFtruncate, uintptr(fd), uintptr(to), 0, 0, 0, 0)
	if c.errno == 0 && to != size {
		d.j.Resized(f, size, to, old)
	}
}

func (c *samerunDiskCall) ftruncate() {
	if e := samerunDiskFileOf(c.a[0]); e != nil && !e.file.Folder {
		c.resize(e.disk, e.file, int(c.a[0]), int64(c.a[1]))
	}
}

func (c *samerunDiskCall) truncate() {
	var p samerunDiskPlace
	if !p.find(samerunCwd, c.a[0], true) {
		return
	}
	if p.exists && p.mode&samerunModeType == samerunModeFile {
		r, errno := samerunDiskDo(samerunSysOpenat, uintptr(p.fd), samerunDiskName(0, p.name), samerunORdwr|samerunOCloexec, 0, 0, 0)
		if errno == 0 {
			c.resize(p.disk, p.before(), int(r), int64(c.a[1]))
			samerunDiskDo(samerunSysClose, r, 0, 0, 0, 0, 0)
		}
	}
	p.leave()
}

// fallocate can make a file longer, or holes into it.
func (c *samerunDiskCall) fallocate() {
	e := samerunDiskFileOf(c.a[0])
	if e == nil || e.file.Folder {
		return
	}
	d, f, fd := e.disk, e.file, int(c.a[0])
	if !d.open(f, fd) {
		return
	}
	const keepSize, punch, zero = 1, 2, 16
	mode, off, n, size := c.a[1], int64(c.a[2]), int64(c.a[3]), d.Size(fd)
	if mode&^(keepSize|punch|zero) != 0 {
		c.fails(samerunEOPNOTSUPP)
		return
	}
	c.counts(d, f)
	longer := mode&keepSize == 0 && off+n > size
	if longer && d.j.Room(f, size, off+n-size, size) < off+n-size {
		c.fails(samerunENOSPC)
		return
	}
	var old []byte
	changes := mode&(punch|zero) != 0 && off < size
	if changes {
		old = make([]byte, min(n, size-off))
		old = old[:d.ReadAt(f.FD, old, off)]
	}
	c.system(c.trap, c.a[0], c.a[1], c.a[2], c.a[3], 0, 0)
	if c.errno != 0 {
		return
	}
	if changes {
		d.j.Wrote(f, off, int64(len(old)), size, old)
	}
	if longer {
		d.j.Resized(f, size, off+n, nil)
	}
}

// transfer is copy_file_range and sendfile into a file, at an offset or, if that is negative, where
// the descriptor is. n is how many bytes at most.
func (c *samerunDiskCall) transfer(fd uintptr, off, n int64, count *uintptr) {
	e := samerunDiskFileOf(fd)
	if e == nil || e.file.Folder {
		return
	}
	d, f := e.disk, e.file
	if !d.open(f, int(fd)) {
		return
	}
	if e.flags&samerunFDAppends != 0 {
		c.fails(samerunEINVAL) // as the system does
		return
	}
	if off < 0 {
		r, errno := samerunDiskDo(samerunSysLseek, fd, 0, 1, 0, 0, 0)
		if errno != 0 {
			return
		}
		off = int64(r)
	}
	c.counts(d, f)
	size := d.Size(int(fd))
	const most = 1 << 20 // so that little has to be kept
	n = min(n, most)
	room := d.j.Room(f, off, n, size)
	if room <= 0 && n > 0 {
		c.fails(samerunENOSPC)
		return
	}
	*count = uintptr(d.j.Short(f, room))
	var old []byte
	if off < size {
		old = make([]byte, min(int64(*count), size-off))
		old = old[:d.ReadAt(f.FD, old, off)]
	}
	c.system(c.trap, c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], c.a[5])
	if c.errno == 0 && int64(c.r1) > 0 {
		d.j.Wrote(f, off, int64(c.r1), size, old[:min(len(old), int(c.r1))])
		if e.flags&samerunFDSyncs != 0 && !c.stops && !d.synced(f, true) {
			c.fails(samerunEIO)
		}
	}
}

// read is read, pread, readv, preadv and preadv2: it is seen only if a rule is about it.
func (c *samerunDiskCall) read(vectored bool, off int64) {
	e := samerunDiskFileOf(c.a[0])
	if e == nil || e.file.Folder {
		return
	}
	d, f := e.disk, e.file
	if off < 0 {
		r, errno := samerunDiskDo(samerunSysLseek, c.a[0], 0, 1, 0, 0, 0)
		if errno != 0 {
			return
		}
		off = int64(r)
	}
	c.system(c.trap, c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], c.a[5])
	d.j.Reads(f)
	c.slow += d.j.Slow(f)
	left := int64(c.r1)
	if c.errno != 0 || left <= 0 {
		return
	}
	if !vectored {
		d.j.Corrupts(f, unsafe.Slice((*byte)(samerunDiskPointer(c.a[1])), left), off)
		return
	}
	for i := 0; left > 0; i++ {
		v := c.vector(i)
		if n := min(int64(v.n), left); n > 0 {
			d.j.Corrupts(f, unsafe.Slice((*byte)(samerunDiskPointer(v.base)), n), off)
			left -= n
			off += n
		}
	}
}
