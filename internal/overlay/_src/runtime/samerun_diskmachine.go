//go:build linux && (amd64 || arm64 || riscv64)

package runtime

import "unsafe" // and for go:linkname

// What a journal asks of the machine: system calls that no program makes. All of this runs on the
// stack of the system, one at a time.

const samerunDiskCan = true

// samerunDiskSystem makes a system call. Package syscall sets it.
var samerunDiskSystem func(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr)

//go:linkname samerunDiskCalls syscall.samerunDiskCalls
func samerunDiskCalls(f func(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr)) {
	samerunDiskSystem = f
}

const (
	samerunCwd    = ^uintptr(99) // AT_FDCWD
	samerunFailed = ^uintptr(0)

	samerunENOENT     = 2
	samerunEIO        = 5
	samerunEBADF      = 9
	samerunEINVAL     = 22
	samerunENOSPC     = 28
	samerunEOPNOTSUPP = 95

	samerunOWronly  = 1
	samerunORdwr    = 2
	samerunOCreat   = 0x40
	samerunOExcl    = 0x80
	samerunOTrunc   = 0x200
	samerunOAppend  = 0x400
	samerunODsync   = 0x1000
	samerunOCloexec = 0x80000
	samerunOPath    = 0x200000
	samerunOTmpfile = 0x400000

	samerunModeType   = 0xf000
	samerunModeFolder = 0x4000
	samerunModeFile   = 0x8000
	samerunModeLink   = 0xa000

	samerunDupCloexec = 1030 // F_DUPFD_CLOEXEC
	samerunGetFlags   = 3    // F_GETFL
	samerunSetFlags   = 4    // F_SETFL
)

// samerunDiskHigh is where descriptors of ours begin, out of the way of the program's.
const samerunDiskHigh = 800

// samerunDiskNames are names for the system, each with a 0 at its end.
var samerunDiskNames [2][4096]byte

// samerunDiskName returns the address of a name.
func samerunDiskName(i int, name string) uintptr {
	b := &samerunDiskNames[i]
	if len(name) >= len(b) {
		name = name[:len(b)-1] // which no file has
	}
	b[copy(b[:], name)] = 0
	return uintptr(unsafe.Pointer(b))
}

// samerunDiskDo makes a system call on behalf of a journal.
func samerunDiskDo(trap, a1, a2, a3, a4, a5, a6 uintptr) (r, errno uintptr) {
	for {
		r, _, errno = samerunDiskSystem(trap, a1, a2, a3, a4, a5, a6)
		if errno != 4 { // EINTR
			return r, errno
		}
	}
}

// samerunDiskUp moves a descriptor up, if there is room.
func samerunDiskUp(fd int, close bool) int {
	up, errno := samerunDiskDo(samerunSysFcntl, uintptr(fd), samerunDupCloexec, samerunDiskHigh, 0, 0, 0)
	switch {
	case errno == 0 && close:
		samerunDiskDo(samerunSysClose, uintptr(fd), 0, 0, 0, 0, 0)
		fallthrough
	case errno == 0:
		return int(up)
	case close:
		return fd
	}
	return -1
}

func (d *samerunDisk) ReadAt(fd int, p []byte, off int64) int {
	n := 0
	for n < len(p) {
		r, errno := samerunDiskDo(samerunSysPread, uintptr(fd), uintptr(unsafe.Pointer(&p[n])), uintptr(len(p)-n), uintptr(off)+uintptr(n), 0, 0)
		if errno != 0 || r == 0 {
			break
		}
		n += int(r)
	}
	return n
}

func (d *samerunDisk) WriteAt(fd int, p []byte, off int64) bool {
	for n := 0; n < len(p); {
		r, errno := samerunDiskDo(samerunSysPwrite, uintptr(fd), uintptr(unsafe.Pointer(&p[n])), uintptr(len(p)-n), uintptr(off)+uintptr(n), 0, 0)
		if errno != 0 || r == 0 {
			return false
		}
		n += int(r)
	}
	return true
}

// samerunDiskLooked is what the system said last. It is not on the stack, of which there is
// little.
var samerunDiskLooked samerunStat

// samerunDiskLook asks the system about a descriptor; nil if it has none.
func samerunDiskLook(fd int) *samerunStat {
	s := &samerunDiskLooked
	if _, errno := samerunDiskDo(samerunSysFstat, uintptr(fd), uintptr(unsafe.Pointer(s)), 0, 0, 0, 0); errno != 0 {
		return nil
	}
	return s
}

// samerunDiskLookUp asks about a name in a folder, without following a symbolic link.
func samerunDiskLookUp(dir int, name string) *samerunStat {
	s := &samerunDiskLooked
	const nofollow = 0x100
	if _, errno := samerunDiskDo(samerunSysFstatat, uintptr(dir), samerunDiskName(0, name), uintptr(unsafe.Pointer(s)), nofollow, 0, 0); errno != 0 {
		return nil
	}
	return s
}

func (d *samerunDisk) Size(fd int) int64 {
	if s := samerunDiskLook(fd); s != nil {
		return s.size
	}
	return 0
}

func (d *samerunDisk) Resize(fd int, size int64) bool {
	_, errno := samerunDiskDo(samerunSysFtruncate, uintptr(fd), uintptr(size), 0, 0, 0, 0)
	return errno == 0
}

func (d *samerunDisk) Identity(dir int, name string) (dev, ino uint64, found bool) {
	if s := samerunDiskLookUp(dir, name); s != nil {
		return s.dev, s.ino, true
	}
	return 0, 0, false
}

func (d *samerunDisk) Link(dir int, name string, toDir int, toName string) bool {
	_, errno := samerunDiskDo(samerunSysLinkat, uintptr(dir), samerunDiskName(0, name), uintptr(toDir), samerunDiskName(1, toName), 0, 0)
	return errno == 0
}

func (d *samerunDisk) Rename(dir int, name string, toDir int, toName string) bool {
	_, errno := samerunDiskDo(samerunSysRenameat2, uintptr(dir), samerunDiskName(0, name), uintptr(toDir), samerunDiskName(1, toName), 0, 0)
	return errno == 0
}

func (d *samerunDisk) Swap(dir int, name string, toDir int, toName string) bool {
	const exchange = 2
	_, errno := samerunDiskDo(samerunSysRenameat2, uintptr(dir), samerunDiskName(0, name), uintptr(toDir), samerunDiskName(1, toName), exchange, 0)
	return errno == 0
}

func (d *samerunDisk) Unlink(dir int, name string) bool {
	_, errno := samerunDiskDo(samerunSysUnlinkat, uintptr(dir), samerunDiskName(0, name), 0, 0, 0, 0)
	return errno == 0
}

func (d *samerunDisk) Rmdir(dir int, name string) bool {
	const folder = 0x200
	_, errno := samerunDiskDo(samerunSysUnlinkat, uintptr(dir), samerunDiskName(0, name), folder, 0, 0, 0)
	return errno == 0
}

func (d *samerunDisk) Mkdir(dir int, name string, mode uint32) bool {
	_, errno := samerunDiskDo(samerunSysMkdirat, uintptr(dir), samerunDiskName(0, name), uintptr(mode&0o7777), 0, 0, 0)
	return errno == 0
}

func (d *samerunDisk) OpenFolder(dir int, name string) int {
	fd, errno := samerunDiskDo(samerunSysOpenat, uintptr(dir), samerunDiskName(0, name), samerunOPath|samerunODirectory|samerunOCloexec, 0, 0, 0)
	if errno != 0 {
		return -1
	}
	return samerunDiskUp(int(fd), true)
}

func (d *samerunDisk) Close(fd int) { samerunDiskDo(samerunSysClose, uintptr(fd), 0, 0, 0, 0, 0) }

// begin looks at the folder of a disk that is new, and returns what is wrong with it.
func (d *samerunDisk) begin() (problem string) {
	fd := d.OpenFolder(-100, d.dir)
	if fd < 0 {
		return "the folder of a disk is not there: " + d.dir
	}
	s := samerunDiskLook(fd)
	d.dev = s.dev
	is := string(samerunDiskPathOf(fd))
	d.Close(fd)
	if is != d.dir {
		return "the folder of a disk is by its own path, without symbolic links: " + d.dir + " is " + is
	}
	return ""
}
