//go:build linux && (amd64 || arm64 || riscv64)

package runtime

import "unsafe"

// Which file of which disk a path or a descriptor is for.

// samerunDiskPath is a path that is looked at. What is cut out of it is copied.
var samerunDiskPath [4096]byte

// samerunDiskPathOf returns the path of a descriptor, as the system knows it: without symbolic
// links. It is gone when another one is asked for.
func samerunDiskPathOf(fd int) []byte {
	var digits [20]byte
	name := append(samerunDiskNames[0][:0], "/proc/self/fd/"...)
	name = append(append(name, itoa(digits[:], uint64(fd))...), 0)
	n, errno := samerunDiskDo(samerunSysReadlinkat, samerunCwd, uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&samerunDiskPath)), uintptr(len(samerunDiskPath)), 0, 0)
	if errno != 0 {
		return nil
	}
	return samerunDiskPath[:n]
}

// samerunDiskOf returns the disk whose folder a path is, or is below, and the path from there; of
// several the innermost.
func samerunDiskOf(path []byte) (disk *samerunDisk, below string) {
	for _, d := range samerunDisks.list {
		n := len(d.dir)
		if len(path) < n || string(path[:n]) != d.dir || len(path) > n && path[n] != '/' || disk != nil && len(disk.dir) > n {
			continue
		}
		disk = d
		below = ""
		if len(path) > n {
			below = string(path[n+1:])
		}
	}
	return disk, below
}

// samerunDiskOn reports whether a file system has a disk.
func samerunDiskOn(dev uint64) bool {
	for _, d := range samerunDisks.list {
		if d.dev == dev {
			return true
		}
	}
	return false
}

// samerunDiskPlace is where a path leads: a name in a folder of a disk.
type samerunDiskPlace struct {
	disk   *samerunDisk
	dir    *samerunJournalFile
	fd     int    // of the folder, for names in it
	below  string // the folder from that of the disk on, with a slash; or empty
	name   string
	root   *samerunDisk // the name is that of this disk's folder, which is on no disk itself
	exists bool
	dev    uint64
	ino    uint64
	nlink  uint64
	mode   uint32
	size   int64
}

// find finds where a path leads, and reports whether it is on a disk; if it is, leave is to be
// called. follow says that a symbolic link is followed.
func (p *samerunDiskPlace) find(dirfd, path uintptr, follow bool) bool {
	b := &samerunDiskPath
	n := 0
	for from := path; ; from++ {
		c := *(*byte)(samerunDiskPointer(from))
		if c == 0 {
			break
		}
		if n == len(b)-1 {
			return false
		}
		b[n] = c
		n++
	}
	ours := -1 // the folder that dirfd is, if we have opened it
	for range 40 {
		end := n
		for end > 1 && b[end-1] == '/' {
			end--
		}
		begin := end
		for begin > 0 && b[begin-1] != '/' {
			begin--
		}
		name := string(b[begin:end])
		if name == "" || name == "." || name == ".." || name == "/" {
			break
		}
		if begin == 0 {
			b[0] = '.'
			begin = 1
		}
		b[begin] = 0
		fd, errno := samerunDiskDo(samerunSysOpenat, uintptr(int(int32(dirfd))), uintptr(unsafe.Pointer(b)), samerunOPath|samerunODirectory|samerunOCloexec, 0, 0, 0)
		if ours >= 0 {
			samerunDiskDo(samerunSysClose, uintptr(ours), 0, 0, 0, 0, 0)
			ours = -1
		}
		if errno != 0 {
			return false
		}
		s := samerunDiskLookUp(int(fd), name)
		p.exists = s != nil
		if s != nil {
			p.dev, p.ino, p.nlink, p.mode, p.size = s.dev, s.ino, s.links(), s.mode, s.size
			if follow && s.mode&samerunModeType == samerunModeLink {
				r, errno := samerunDiskDo(samerunSysReadlinkat, fd, samerunDiskName(0, name), uintptr(unsafe.Pointer(b)), uintptr(len(b)-1), 0, 0)
				if errno == 0 {
					ours, dirfd, n = int(fd), fd, int(r)
					continue
				}
			}
		}
		return p.in(int(fd), name)
	}
	if ours >= 0 {
		samerunDiskDo(samerunSysClose, uintptr(ours), 0, 0, 0, 0, 0)
	}
	return false
}

// in is the end of find: the name is in the folder fd, which is closed if that is on no disk.
func (p *samerunDiskPlace) in(fd int, name string) bool {
	if s := samerunDiskLook(fd); s != nil && samerunDiskOn(s.dev) {
		dev, ino := s.dev, s.ino
		path := samerunDiskPathOf(fd)
		p.disk, p.below = samerunDiskOf(path)
		if p.disk != nil {
			label := "/"
			if p.below != "" {
				p.below += "/"
				label = p.below
			}
			p.fd, p.name = fd, name
			p.dir = p.disk.j.File(dev, ino, label, true)
			p.dir.Opens++
			return true
		}
		for _, d := range samerunDisks.list {
			if n := len(path); len(d.dir) == n+1+len(name) && d.dir[:n] == string(path) && d.dir[n+1:] == name {
				p.root = d
			}
		}
	}
	samerunDiskDo(samerunSysClose, uintptr(fd), 0, 0, 0, 0, 0)
	return false
}

// leave ends the use of a place.
func (p *samerunDiskPlace) leave() {
	samerunDiskDo(samerunSysClose, uintptr(p.fd), 0, 0, 0, 0, 0)
	p.dir.Opens--
	p.disk.j.Forget(p.dir)
}

// folder returns the folder, about which something is noted.
func (p *samerunDiskPlace) folder() *samerunJournalFile {
	if p.dir.FD < 0 {
		p.dir.FD = samerunDiskUp(p.fd, false)
	}
	return p.dir
}

// file returns the file that has the name now; nil if there is none.
func (p *samerunDiskPlace) file() *samerunJournalFile {
	s := samerunDiskLookUp(p.fd, p.name)
	if s == nil {
		return nil
	}
	return p.fileOf(s.dev, s.ino, s.mode)
}

// before returns the file that had it when the place was found.
func (p *samerunDiskPlace) before() *samerunJournalFile { return p.fileOf(p.dev, p.ino, p.mode) }

func (p *samerunDiskPlace) fileOf(dev, ino uint64, mode uint32) *samerunJournalFile {
	label := p.below + p.name
	folder := mode&samerunModeType == samerunModeFolder
	if folder {
		label += "/"
	}
	return p.disk.j.File(dev, ino, label, folder)
}

// samerunDiskPointer is an address as a pointer.
func samerunDiskPointer(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

// samerunDiskFDAt returns what is known of a descriptor; nil if it can be none.
func samerunDiskFDAt(fd uintptr) *samerunDiskFD {
	n := int(int32(fd))
	if n < 0 || n > 1<<20 {
		return nil
	}
	ds := &samerunDisks
	if n >= len(ds.fds) {
		more := make([]samerunDiskFD, max(2*n, 64))
		copy(more, ds.fds)
		ds.fds = more
	}
	return &ds.fds[n]
}

// samerunDiskFileOf returns what is known of a descriptor for a file or a folder of a disk; nil if
// it is for none.
func samerunDiskFileOf(fd uintptr) *samerunDiskFD {
	e := samerunDiskFDAt(fd)
	if e == nil {
		return nil
	}
	// What is known may be of a descriptor that had the number before: the runtime closes files
	// that the program has dropped, in a goroutine of its own and whenever it collects.
	s := samerunDiskLook(int(int32(fd)))
	if s == nil {
		return nil // the system will say so
	}
	if dev, ino := s.dev, s.ino; e.state == samerunFDUnknown || e.dev != dev || e.ino != ino {
		e.unknown()
		e.identify(int(int32(fd)))
		e.dev, e.ino = dev, ino
	}
	if e.state != samerunFDOnDisk {
		return nil
	}
	return e
}

// identify finds out which file a descriptor is for.
func (e *samerunDiskFD) identify(fd int) {
	s := samerunDiskLook(fd)
	if s == nil {
		return // the system will say so
	}
	e.state = samerunFDElsewhere
	dev, ino, mode, links := s.dev, s.ino, s.mode, s.links()
	kind := mode & samerunModeType
	// Of a union of file systems, folders alone are known to have its device.
	if kind != samerunModeFile && (kind != samerunModeFolder || !samerunDiskOn(dev)) {
		return
	}
	path := samerunDiskPathOf(fd)
	const gone = " (deleted)"
	if n := len(path) - len(gone); links == 0 && n > 0 && string(path[n:]) == gone {
		path = path[:n]
	}
	d, below := samerunDiskOf(path)
	if d == nil {
		return
	}
	if kind == samerunModeFolder {
		below += "/"
	}
	e.is(fd, d, d.j.File(dev, ino, below, kind == samerunModeFolder))
}

// is notes that a descriptor is for a file.
func (e *samerunDiskFD) is(fd int, d *samerunDisk, f *samerunJournalFile) {
	flags, _ := samerunDiskDo(samerunSysFcntl, uintptr(fd), samerunGetFlags, 0, 0, 0, 0)
	*e = samerunDiskFD{state: samerunFDOnDisk, disk: d, file: f, life: getg().m.curg.samerun.life}
	if s := samerunDiskLook(fd); s != nil {
		e.dev, e.ino = s.dev, s.ino
	}
	if flags&samerunOAppend != 0 {
		e.flags |= samerunFDAppends
	}
	if flags&samerunODsync != 0 { // which O_SYNC has, too
		e.flags |= samerunFDSyncs
	}
	f.Opens++
}

// unknown forgets what is known of a descriptor.
func (e *samerunDiskFD) unknown() {
	if e == nil {
		return
	}
	d, f := e.disk, e.file
	*e = samerunDiskFD{}
	if f != nil {
		f.Opens--
		d.j.Forget(f)
	}
}

// samerunDiskCutFDs lets the descriptors of a life lead nowhere, since their numbers must not be
// another's while the dead are thought to have them, and takes their locks away, which a
// mapping would keep.
func samerunDiskCutFDs(life uint32) {
	fds := samerunDisks.fds
	nowhere := -1
	for i := range fds {
		e := &fds[i]
		if e.state != samerunFDOnDisk || e.life != life {
			continue
		}
		if s := samerunDiskLook(i); s == nil || s.dev != e.dev || s.ino != e.ino {
			e.unknown() // it was closed, and may be another's now
			continue
		}
		const unlock = 8
		samerunDiskDo(samerunSysFlock, uintptr(i), unlock, 0, 0, 0, 0)
		if nowhere < 0 {
			r, errno := samerunDiskDo(samerunSysOpenat, samerunCwd, samerunDiskName(0, "/dev/null"), samerunORdwr|samerunOCloexec, 0, 0, 0)
			if errno != 0 {
				continue
			}
			nowhere = int(r)
		}
		samerunDiskDo(samerunSysDup3, uintptr(nowhere), uintptr(i), samerunOCloexec, 0, 0, 0)
		e.unknown()
	}
	if nowhere >= 0 {
		samerunDiskDo(samerunSysClose, uintptr(nowhere), 0, 0, 0, 0, 0)
	}
}
