//go:build linux && (amd64 || arm64 || riscv64)

package runtime

// System calls about files: which there are, and those about names and descriptors.

const (
	samerunSysIOUring = 425
	samerunSysOpenat2 = 437
)

// samerunDiskAsked are the system calls that are seen while there is a disk, and
// samerunDiskReads those that are seen if a rule is about reading.
var samerunDiskAsked = [...]uint16{
	samerunSysWrite, samerunSysPwrite, samerunSysWritev, samerunSysPwritev, samerunSysPwritev2,
	samerunSysOpen, samerunSysCreat, samerunSysOpenat, samerunSysOpenat2, samerunSysClose, samerunSysDup2, samerunSysDup3, samerunSysFcntl,
	samerunSysFsync, samerunSysFdatasync, samerunSysSync, samerunSysSyncfs, samerunSysSyncFileRange,
	samerunSysTruncate, samerunSysFtruncate, samerunSysFallocate,
	samerunSysSendfile, samerunSysCopyFileRange, samerunSysSplice,
	samerunSysRename, samerunSysRenameat, samerunSysRenameat2, samerunSysLink, samerunSysLinkat, samerunSysSymlink, samerunSysSymlinkat,
	samerunSysUnlink, samerunSysUnlinkat, samerunSysMkdir, samerunSysMkdirat, samerunSysRmdir,
	samerunSysMmap, samerunSysIOUring,
}

var samerunDiskReads = [...]uint16{samerunSysRead, samerunSysPread, samerunSysReadv, samerunSysPreadv, samerunSysPreadv2}

// samerunDiskAsks says which system calls are to be seen now.
func samerunDiskAsks() {
	ds := &samerunDisks
	var traps [8]uint64
	if len(ds.list) > 0 {
		for _, trap := range samerunDiskAsked {
			if trap < 512 {
				traps[trap>>6] |= 1 << (trap & 63)
			}
		}
		if ds.faults.Has(samerunDiskSlow) || ds.faults.Has(samerunDiskCorrupt) {
			for _, trap := range samerunDiskReads {
				traps[trap>>6] |= 1 << (trap & 63)
			}
		}
	}
	samerunDiskTraps = traps
}

// do makes the system call, if it is about a disk.
func (c *samerunDiskCall) do() {
	a := &c.a
	c.dispatch(a)
	c.tells = len(samerunDisks.faults.Told) > 0
}

func (c *samerunDiskCall) dispatch(a *[6]uintptr) {
	const removeFolder = 0x200
	switch c.trap {
	case samerunSysWrite:
		c.write(false, -1, 0)
	case samerunSysPwrite:
		c.write(false, int64(a[3]), 0)
	case samerunSysWritev:
		c.write(true, -1, 0)
	case samerunSysPwritev:
		c.write(true, int64(a[3]), 0)
	case samerunSysPwritev2:
		c.write(true, int64(a[3]), a[5])
	case samerunSysRead:
		c.read(false, -1)
	case samerunSysPread:
		c.read(false, int64(a[3]))
	case samerunSysReadv:
		c.read(true, -1)
	case samerunSysPreadv, samerunSysPreadv2:
		c.read(true, int64(a[3]))
	case samerunSysOpen:
		c.open(samerunCwd, a[0], a[1], a[2])
	case samerunSysCreat:
		c.open(samerunCwd, a[0], samerunOCreat|samerunOWronly|samerunOTrunc, a[1])
	case samerunSysOpenat:
		c.open(a[0], a[1], a[2], a[3])
	case samerunSysOpenat2:
		how := (*[2]uint64)(samerunDiskPointer(a[2]))
		if a[3] >= 24 && (*[3]uint64)(samerunDiskPointer(a[2]))[2] == 0 {
			c.open(a[0], a[1], uintptr(how[0]), uintptr(how[1]))
		}
	case samerunSysClose:
		samerunDiskFDAt(a[0]).unknown()
	case samerunSysDup2, samerunSysDup3:
		if a[0] != a[1] {
			samerunDiskFDAt(a[1]).unknown()
		}
	case samerunSysFcntl:
		// The descriptor stays whose it is: os.OpenFile tries O_NONBLOCK on each file, and who is
		// forgotten by that, and never writes, would keep its locks when it is dead.
		if e := samerunDiskFDAt(a[0]); a[1] == samerunSetFlags && e != nil && e.state == samerunFDOnDisk {
			e.flags &^= samerunFDAppends
			if a[2]&samerunOAppend != 0 {
				e.flags |= samerunFDAppends
			}
		}
	case samerunSysFsync, samerunSysFdatasync:
		c.sync()
	case samerunSysSync:
		c.syncAll(true)
	case samerunSysSyncfs:
		c.syncAll(false)
	case samerunSysSyncFileRange:
		c.made = samerunDiskFileOf(a[0]) != nil // it promises nothing
	case samerunSysFtruncate:
		c.ftruncate()
	case samerunSysTruncate:
		c.truncate()
	case samerunSysFallocate:
		c.fallocate()
	case samerunSysSendfile:
		c.transfer(a[0], -1, int64(a[3]), &a[3])
	case samerunSysCopyFileRange:
		off := int64(-1)
		if a[3] != 0 {
			off = *(*int64)(samerunDiskPointer(a[3]))
		}
		c.transfer(a[2], off, int64(a[4]), &a[4])
	case samerunSysSplice:
		if e := samerunDiskFileOf(a[2]); e != nil {
			c.fails(samerunEINVAL) // as a file system that cannot do it
		}
	case samerunSysRename:
		c.rename(samerunCwd, a[0], samerunCwd, a[1], 0)
	case samerunSysRenameat:
		c.rename(a[0], a[1], a[2], a[3], 0)
	case samerunSysRenameat2:
		c.rename(a[0], a[1], a[2], a[3], a[4])
	case samerunSysLink:
		c.link(samerunCwd, a[1])
	case samerunSysLinkat:
		c.link(a[2], a[3])
	case samerunSysSymlink:
		c.link(samerunCwd, a[1])
	case samerunSysSymlinkat:
		c.link(a[1], a[2])
	case samerunSysMkdir:
		c.link(samerunCwd, a[0])
	case samerunSysMkdirat:
		c.link(a[0], a[1])
	case samerunSysUnlink:
		c.unlink(samerunCwd, a[0], false)
	case samerunSysRmdir:
		c.unlink(samerunCwd, a[0], true)
	case samerunSysUnlinkat:
		c.unlink(a[0], a[1], a[2]&removeFolder != 0)
	case samerunSysMmap:
		const write, shared = 2, 1
		if a[2]&write != 0 && a[3]&shared != 0 {
			if e := samerunDiskFileOf(a[4]); e != nil {
				samerunDiskNote("mmap for writing of " + e.file.Label.Name)
			}
		}
	case samerunSysIOUring:
		samerunDiskNote("io_uring")
	}
}

// open opens a file, which may be new, and may lose its content.
func (c *samerunDiskCall) open(dirfd, path, flags, mode uintptr) {
	if flags&(samerunOPath|samerunOTmpfile) != 0 {
		return
	}
	var p samerunDiskPlace
	follow := flags&samerunONofollow == 0 && flags&(samerunOCreat|samerunOExcl) != samerunOCreat|samerunOExcl
	if !p.find(dirfd, path, follow) {
		return
	}
	kind := p.mode & samerunModeType
	if p.exists && kind != samerunModeFile && kind != samerunModeFolder {
		p.leave()
		return
	}
	d := p.disk
	c.system(samerunSysOpenat, uintptr(p.fd), samerunDiskName(0, p.name), flags&^samerunOTrunc, mode, 0, 0)
	if c.errno != 0 {
		p.leave()
		return
	}
	fd := c.r1
	if e := samerunDiskFDAt(fd); e != nil {
		e.unknown()
		f := p.file()
		e.is(int(fd), d, f)
		if !p.exists {
			c.counts(d, f)
			d.j.Added(p.folder(), p.name, f)
		} else if flags&samerunOTrunc != 0 && kind == samerunModeFile && flags&3 != 0 && p.size > 0 {
			c.resize(d, f, int(fd), 0)
			c.r1, c.errno = fd, 0
		}
	}
	p.leave()
}

// link is what gives a name to a file: link, symlink, mkdir.
func (c *samerunDiskCall) link(dirfd, path uintptr) {
	var p samerunDiskPlace
	if !p.find(dirfd, path, false) {
		return
	}
	c.system(c.trap, c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], c.a[5])
	if c.errno == 0 {
		if f := p.file(); f != nil {
			c.counts(p.disk, f)
			p.disk.j.Added(p.folder(), p.name, f)
		}
	}
	p.leave()
}

// unlink removes a name.
func (c *samerunDiskCall) unlink(dirfd, path uintptr, folder bool) {
	var p samerunDiskPlace
	if !p.find(dirfd, path, false) {
		if p.root != nil && folder {
			root := p.root
			c.system(c.trap, c.a[0], c.a[1], c.a[2], 0, 0, 0)
			if c.errno == 0 {
				samerunDiskOff(root)
			}
		}
		return
	}
	if !p.exists || folder != (p.mode&samerunModeType == samerunModeFolder) {
		p.leave()
		return
	}
	d, f := p.disk, p.before()
	kept := folder || p.keep(f)
	c.system(c.trap, c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], c.a[5])
	if c.errno == 0 {
		c.counts(d, f)
		if p.nlink == 1 {
			d.j.Gone(f, p.size)
		}
		if kept {
			d.j.Removed(p.folder(), p.name, f, p.mode)
		}
	}
	d.j.Forget(f)
	p.leave()
}

// keep keeps a file that is about to lose its name.
func (p *samerunDiskPlace) keep(f *samerunJournalFile) bool {
	if p.disk.j.Keep(p.fd, p.name, f) {
		return true
	}
	samerunDiskNote("removing of " + f.Label.Name + ", to which no second link can be made")
	return false
}

// rename gives a file another name, or swaps two.
func (c *samerunDiskCall) rename(dirfd, path, toDirfd, toPath, flags uintptr) {
	const swap = 2
	var from, to samerunDiskPlace
	fromOn := from.find(dirfd, path, false)
	toOn := to.find(toDirfd, toPath, false)
	switch {
	case fromOn && toOn && from.disk == to.disk && from.exists:
		c.renameOn(&from, &to, flags&swap != 0)
	case fromOn || toOn:
		// Between a disk and what is outside of it.
		var f, over *samerunJournalFile
		if fromOn && from.exists && from.mode&samerunModeType != samerunModeFolder {
			if f = from.before(); !from.keep(f) {
				f = nil
			}
		}
		if toOn && to.exists && to.mode&samerunModeType != samerunModeFolder {
			if over = to.before(); !to.keep(over) {
				over = nil
			}
		}
		c.system(c.trap, c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], 0)
		if c.errno != 0 {
			break
		}
		if f != nil {
			c.counts(from.disk, f)
			from.disk.j.Removed(from.folder(), from.name, f, from.mode)
		}
		if over != nil {
			to.disk.j.Removed(to.folder(), to.name, over, to.mode)
		}
		if toOn {
			if f := to.file(); f != nil {
				c.counts(to.disk, f)
				to.disk.j.Added(to.folder(), to.name, f)
			}
		}
	}
	if fromOn {
		from.leave()
	}
	if toOn {
		to.leave()
	}
}

// renameOn is rename on one disk.
func (c *samerunDiskCall) renameOn(from, to *samerunDiskPlace, swap bool) {
	j := from.disk.j
	f := from.before()
	var over *samerunJournalFile
	if to.exists {
		over = to.before()
	}
	if over == f || over != nil && !swap && !over.Folder && !to.keep(over) {
		over = nil
	}
	same := to.exists && to.dev == from.dev && to.ino == from.ino
	c.system(c.trap, c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], 0)
	if c.errno == 0 && !same {
		c.counts(from.disk, f)
		if swap {
			j.Swapped(from.folder(), from.name, to.folder(), to.name, f, over)
		} else {
			if over != nil && to.nlink == 1 {
				j.Gone(over, to.size)
			}
			j.Renamed(from.folder(), from.name, to.folder(), to.name, f, over, to.mode)
		}
	}
	j.Forget(f)
	if over != nil {
		j.Forget(over)
	}
}
