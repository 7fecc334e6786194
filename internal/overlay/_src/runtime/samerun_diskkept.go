//go:build linux && (amd64 || arm64 || riscv64)

package runtime

import "unsafe"

// The folder beside that of a disk in which files stay that have no name any more. Its process has it
// locked, so that another one knows what has been left by one that has died, and removes it.

const samerunDiskKeptName = ".samerun-kept-"

// Kept makes that folder.
func (d *samerunDisk) Kept() int {
	if d.kept >= 0 {
		return d.kept
	}
	at := len(d.dir) - 1
	for d.dir[at] != '/' {
		at--
	}
	parent, name := d.dir[:at+1], samerunDiskKeptName+d.dir[at+1:]
	samerunDiskSweep(parent)
	for range 20 {
		if d.Mkdir(-100, parent+name, 0o700) {
			if fd := samerunDiskLock(-100, parent+name); fd >= 0 {
				d.name, d.kept = parent+name, samerunDiskUp(fd, true)
				return d.kept
			}
		}
		name += "+" // another process has it
	}
	return -1
}

func (d *samerunDisk) ForgetKept() {
	if d.kept < 0 {
		return
	}
	d.removeIn(d.kept)
	d.Rmdir(-100, d.name)
	d.Close(d.kept)
	d.kept = -1
}

// samerunDiskLock opens a folder, if no living process has it locked, and locks it; -1 if one has, or
// if it is no folder, or has gone meanwhile.
func samerunDiskLock(dir int, name string) int {
	r, errno := samerunDiskDo(samerunSysOpenat, uintptr(dir), samerunDiskName(0, name), samerunODirectory|samerunONofollow|samerunOCloexec, 0, 0, 0)
	if errno != 0 {
		return -1
	}
	const exclusive, now = 2, 4
	if _, errno := samerunDiskDo(samerunSysFlock, r, exclusive|now, 0, 0, 0, 0); errno == 0 {
		if s := samerunDiskLookUp(dir, name); s != nil {
			dev, ino := s.dev, s.ino
			if s := samerunDiskLook(int(r)); s != nil && s.dev == dev && s.ino == ino {
				return int(r)
			}
		}
	}
	samerunDiskDo(samerunSysClose, r, 0, 0, 0, 0, 0)
	return -1
}

// samerunDiskSweep removes what processes that have died have left in a folder.
func samerunDiskSweep(parent string) {
	ds := &samerunDisks
	if ds.swept == parent {
		return
	}
	ds.swept = parent
	r, errno := samerunDiskDo(samerunSysOpenat, samerunCwd, samerunDiskName(0, parent), samerunODirectory|samerunOCloexec, 0, 0, 0)
	if errno != 0 {
		return
	}
	var d samerunDisk
	for _, name := range samerunDiskNamesIn(int(r), samerunDiskKeptName) {
		if fd := samerunDiskLock(int(r), name); fd >= 0 {
			d.removeIn(fd)
			d.Rmdir(int(r), name)
			d.Close(fd)
		}
	}
	d.Close(int(r))
}

// samerunDiskEntries are entries of a folder, as the system gives them.
var samerunDiskEntries [2048]byte

// samerunDiskNamesIn are the names in a folder, of which a descriptor is at the beginning, that
// begin with something.
func samerunDiskNamesIn(fd int, with string) (names []string) {
	for {
		b := &samerunDiskEntries
		n, errno := samerunDiskDo(samerunSysGetdents, uintptr(fd), uintptr(unsafe.Pointer(b)), uintptr(len(b)), 0, 0, 0)
		if errno != 0 || n == 0 {
			return names
		}
		for i := 0; i < int(n); {
			size := int(b[i+16]) | int(b[i+17])<<8
			begin := i + 19
			end := begin
			for b[end] != 0 {
				end++
			}
			if name := b[begin:end]; string(name) != "." && string(name) != ".." && len(name) >= len(with) && string(name[:len(with)]) == with {
				names = append(names, string(name))
			}
			i += size
		}
	}
}

// removeIn removes all that is in a folder.
func (d *samerunDisk) removeIn(fd int) {
	r, errno := samerunDiskDo(samerunSysOpenat, uintptr(fd), samerunDiskName(0, "."), samerunODirectory|samerunOCloexec, 0, 0, 0)
	if errno != 0 {
		return
	}
	names := samerunDiskNamesIn(int(r), "")
	d.Close(int(r))
	for _, name := range names {
		if d.Unlink(fd, name) || d.Rmdir(fd, name) {
			continue
		}
		if below := d.OpenFolder(fd, name); below >= 0 {
			d.removeIn(below)
			d.Close(below)
			d.Rmdir(fd, name)
		}
	}
}
