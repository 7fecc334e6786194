//go:build linux && (amd64 || arm64 || riscv64)

package runtime

import _ "unsafe" // for go:linkname

// System calls that a program makes by syscall.RawSyscall go past the disks, since such a call must
// not wait, and may be made where nothing can be allocated. What they do to files is noted.

// samerunDiskRaws has a bit for each of them that was about a file of a disk.
var samerunDiskRaws [8]uint64

// samerunDiskRaw notes a system call that goes past the disks, if it changes a file of one. It may
// run in a process that is being started, and shares our memory until then.
//
//go:linkname samerunDiskRaw syscall.samerunDiskRaw
//go:nosplit
func samerunDiskRaw(trap, a1, a2 uintptr) {
	if b := getg().bubble; b == nil || !b.samerun.on {
		return
	}
	on := false
	switch trap {
	case samerunSysWrite, samerunSysPwrite, samerunSysWritev, samerunSysPwritev, samerunSysPwritev2,
		samerunSysFsync, samerunSysFdatasync, samerunSysFtruncate, samerunSysFallocate, samerunSysSendfile:
		on = samerunDiskIs(a1)
	case samerunSysOpen, samerunSysCreat, samerunSysRename, samerunSysUnlink, samerunSysMkdir, samerunSysRmdir, samerunSysTruncate:
		on = samerunDiskBelow(a1)
	case samerunSysOpenat, samerunSysRenameat, samerunSysRenameat2, samerunSysUnlinkat, samerunSysMkdirat:
		on = samerunDiskIs(a1) || samerunDiskBelow(a2)
	case samerunSysLink, samerunSysSymlink, samerunSysSymlinkat:
		on = samerunDiskBelow(a2)
	}
	if on {
		samerunDiskRaws[trap>>6&7] |= 1 << (trap & 63)
	}
}

// samerunDiskIs reports whether a descriptor is known to be for a file of a disk.
//
//go:nosplit
func samerunDiskIs(fd uintptr) bool {
	fds := samerunDisks.fds
	return fd < uintptr(len(fds)) && fds[fd].state == samerunFDOnDisk
}

// samerunDiskBelow reports whether a path is, as it is written, that of a file of a disk.
//
//go:nosplit
func samerunDiskBelow(path uintptr) bool {
	for _, d := range samerunDisks.list {
		n := 0
		for n < len(d.dir) && *(*byte)(samerunDiskPointer(path + uintptr(n))) == d.dir[n] {
			n++
		}
		if n == len(d.dir) && *(*byte)(samerunDiskPointer(path + uintptr(n))) == '/' {
			return true
		}
	}
	return false
}

// samerunDiskRawNotes are these calls, as notes.
func samerunDiskRawNotes() (notes []string) {
	for _, c := range samerunDiskRawNames {
		if c.trap < 512 && samerunDiskRaws[c.trap>>6]>>(c.trap&63)&1 != 0 {
			notes = append(notes, "a raw system call, "+c.name)
		}
	}
	return notes
}

var samerunDiskRawNames = [...]struct {
	trap uint16
	name string
}{
	{samerunSysWrite, "write"}, {samerunSysPwrite, "pwrite"}, {samerunSysWritev, "writev"}, {samerunSysPwritev, "pwritev"},
	{samerunSysPwritev2, "pwritev2"}, {samerunSysFsync, "fsync"}, {samerunSysFdatasync, "fdatasync"},
	{samerunSysFtruncate, "ftruncate"}, {samerunSysTruncate, "truncate"}, {samerunSysFallocate, "fallocate"}, {samerunSysSendfile, "sendfile"},
	{samerunSysOpen, "open"}, {samerunSysOpenat, "openat"}, {samerunSysCreat, "creat"},
	{samerunSysRename, "rename"}, {samerunSysRenameat, "renameat"}, {samerunSysRenameat2, "renameat2"},
	{samerunSysUnlink, "unlink"}, {samerunSysUnlinkat, "unlinkat"}, {samerunSysRmdir, "rmdir"},
	{samerunSysMkdir, "mkdir"}, {samerunSysMkdirat, "mkdirat"}, {samerunSysLink, "link"},
	{samerunSysSymlink, "symlink"}, {samerunSysSymlinkat, "symlinkat"},
}
