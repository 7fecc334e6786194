package disks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// A row of the table: what a call does to a disk on which is a=old, b=other and d/, all durable; what
// is there when the power has failed behind it; and what it is if sync came between.
type row struct {
	call    string
	do      func(m *machine)
	sync    func(m *machine)
	without string
	with    string
}

const before = "a=old b=other d/"

// fd opens a file of the disk, for as long as the test runs.
func (m *machine) fd(name string, flags int) int {
	fd, err := syscall.Open(m.path(name), flags, 0o666)
	m.must(err)
	return fd
}

func syncs(names ...string) func(*machine) { return func(m *machine) { m.sync(names...) } }

// call makes a system call that package syscall has no function for.
func (m *machine) call(trap uintptr, args ...uintptr) uintptr {
	var a [6]uintptr
	copy(a[:], args)
	r, _, errno := syscall.Syscall6(trap, a[0], a[1], a[2], a[3], a[4], a[5])
	if errno != 0 {
		m.t.Errorf("system call %d: %v", trap, errno)
	}
	return r
}

func name(path string) uintptr {
	p, _ := syscall.BytePtrFromString(path)
	keep = append(keep, p)
	return uintptr(unsafe.Pointer(p))
}

// keep are names that a system call has, by their addresses.
var keep []*byte

// vector is an argument of writev.
type vector struct {
	base *byte
	n    uint64
}

func vectors(texts ...string) []vector {
	var all []vector
	for _, text := range texts {
		all = append(all, vector{unsafe.StringData(text), uint64(len(text))})
	}
	return all
}

func pointer(v []vector) unsafe.Pointer { return unsafe.Pointer(&v[0]) }

const cwd = ^uintptr(99) // AT_FDCWD

var table = []row{
	{"write", func(m *machine) {
		fd := m.fd("a", syscall.O_RDWR)
		syscall.Write(fd, []byte("ne"))
		syscall.Write(fd, []byte("wer"))
		syscall.Close(fd)
	}, syncs("a"), before, "a=newer b=other d/"},
	{"write behind O_APPEND", func(m *machine) { m.write("a", "er") }, syncs("a"), before, "a=older b=other d/"},
	{"pwrite", func(m *machine) { syscall.Pwrite(m.fd("a", syscall.O_WRONLY), []byte("XY"), 5) }, syncs("a"), before, `a=old\x00\x00XY b=other d/`},
	{"writev", func(m *machine) {
		v := vectors("n", "ewe", "r")
		m.call(syscall.SYS_WRITEV, uintptr(m.fd("a", syscall.O_WRONLY)), uintptr(unsafe.Pointer(&v[0])), 3)
	}, syncs("a"), before, "a=newer b=other d/"},
	{"pwritev", func(m *machine) {
		v := vectors("n", "e")
		m.call(syscall.SYS_PWRITEV, uintptr(m.fd("a", syscall.O_WRONLY)), uintptr(unsafe.Pointer(&v[0])), 2, 1, 0)
	}, syncs("a"), before, "a=one b=other d/"},
	{"write by a second descriptor", func(m *machine) {
		fd := m.fd("a", syscall.O_RDWR)
		other, err := syscall.Dup(fd)
		m.must(err)
		syscall.Close(fd)
		syscall.Write(other, []byte("N"))
	}, syncs("a"), before, "a=Nld b=other d/"},
	{"fsync by another descriptor", func(m *machine) { m.write("a", "er") }, func(m *machine) {
		m.must(syscall.Fsync(m.fd("a", syscall.O_RDONLY)))
	}, before, "a=older b=other d/"},
	{"fdatasync", func(m *machine) { m.write("a", "er") }, func(m *machine) {
		m.must(syscall.Fdatasync(m.fd("a", syscall.O_RDWR)))
	}, before, "a=older b=other d/"},
	{"sync_file_range", func(m *machine) { m.write("a", "er") }, func(m *machine) {
		m.must(syscall.SyncFileRange(m.fd("a", syscall.O_RDWR), 0, 0, 7))
	}, before, before},
	{"sync", func(m *machine) { m.write("a", "er"); m.write("c", "new") }, func(m *machine) { syscall.Sync() }, before, "a=older b=other c=new d/"},
	{"syncfs", func(m *machine) { m.write("a", "er"); m.write("c", "new") }, func(m *machine) {
		m.call(syncfs, uintptr(m.fd(".", syscall.O_RDONLY)))
	}, before, "a=older b=other c=new d/"},
	{"fsync of another file", func(m *machine) { m.write("a", "er") }, syncs("b", "."), before, before},
	{"O_SYNC", func(m *machine) {
		syscall.Write(m.fd("a", syscall.O_RDWR|syscall.O_SYNC), []byte("O"))
	}, syncs(), "a=Old b=other d/", "a=Old b=other d/"},
	{"O_DSYNC", func(m *machine) {
		syscall.Write(m.fd("a", syscall.O_RDWR|syscall.O_DSYNC), []byte("O"))
	}, syncs(), "a=Old b=other d/", "a=Old b=other d/"},
	{"O_DIRECT", func(m *machine) {
		fd, err := syscall.Open(m.path("a"), syscall.O_RDWR|syscall.O_DIRECT, 0)
		if err != nil {
			fd = m.fd("a", syscall.O_RDWR) // a file system that has none
		}
		buf := make([]byte, 8192)
		at := 4096 - int(uintptr(unsafe.Pointer(&buf[0]))&4095)
		copy(buf[at:], strings.Repeat("x", 4096))
		_, err = syscall.Pwrite(fd, buf[at:at+4096], 0)
		m.must(err)
	}, syncs("a"), before, "a=x*4096 b=other d/"},
	{"O_TRUNC", func(m *machine) { m.fd("a", syscall.O_RDWR|syscall.O_TRUNC) }, syncs("a"), before, "a= b=other d/"},
	{"ftruncate, shorter", func(m *machine) { m.must(syscall.Ftruncate(m.fd("a", syscall.O_RDWR), 1)) }, syncs("a"), before, "a=o b=other d/"},
	{"ftruncate, longer", func(m *machine) { m.must(syscall.Ftruncate(m.fd("a", syscall.O_RDWR), 7)) }, syncs("a"), before, `a=old\x00*4 b=other d/`},
	{"truncate", func(m *machine) { m.must(os.Truncate(m.path("a"), 2)) }, syncs("a"), before, "a=ol b=other d/"},
	{"fallocate", func(m *machine) { m.must(syscall.Fallocate(m.fd("a", syscall.O_RDWR), 0, 0, 6)) }, syncs("a"), before, `a=old\x00\x00\x00 b=other d/`},
	{"fallocate, a hole", func(m *machine) {
		err := syscall.Fallocate(m.fd("a", syscall.O_RDWR), 1|2, 0, 2)
		if err == syscall.EOPNOTSUPP {
			syscall.Pwrite(m.fd("a", syscall.O_RDWR), []byte("\x00\x00"), 0)
		}
	}, syncs("a"), before, `a=\x00\x00d b=other d/`},
	{"copy_file_range", func(m *machine) {
		from, err := os.Open(m.path("b"))
		m.must(err)
		to, err := os.OpenFile(m.path("a"), os.O_WRONLY, 0)
		m.must(err)
		_, err = to.ReadFrom(from)
		m.must(err)
	}, syncs("a"), before, "a=other b=other d/"},
	{"sendfile", func(m *machine) {
		_, err := syscall.Sendfile(m.fd("a", syscall.O_WRONLY), m.fd("b", syscall.O_RDONLY), nil, 4)
		m.must(err)
	}, syncs("a"), before, "a=othe b=other d/"},
	{"splice", func(m *machine) {
		r, w, err := os.Pipe()
		m.must(err)
		w.WriteString("new")
		if _, err := syscall.Splice(int(r.Fd()), nil, m.fd("a", syscall.O_WRONLY), nil, 3, 0); err != syscall.EINVAL {
			m.t.Error(err)
		}
	}, syncs("a"), before, before},
	{"mmap", func(m *machine) {
		// What a mapping shows is the file, before the crash and behind it.
		fd := m.fd("a", syscall.O_RDWR)
		data, err := syscall.Mmap(fd, 0, 3, syscall.PROT_READ, syscall.MAP_SHARED)
		m.must(err)
		syscall.Pwrite(fd, []byte("NEW"), 0)
		if string(data) != "NEW" {
			m.t.Errorf("a mapping shows %q", data)
		}
		mapped = data
	}, syncs("a"), before, "a=NEW b=other d/"},
	{"create", func(m *machine) { m.write("c", "new"); m.sync("c") }, syncs("."), before, "a=old b=other c=new d/"},
	{"create, and sync the folder alone", func(m *machine) { m.write("c", "new") }, syncs("."), before, "a=old b=other c= d/"},
	{"create in another folder", func(m *machine) { m.write("d/c", "new"); m.sync("d/c", ".") }, syncs("d"), before, "a=old b=other d/ d/c=new"},
	{"create by a relative path", func(m *machine) {
		old, _ := os.Getwd()
		os.Chdir(m.path("d"))
		f, err := os.Create("../c")
		m.must(err, os.Chdir(old))
		f.WriteString("x")
		f.Sync()
	}, syncs("."), before, "a=old b=other c=x d/"},
	{"O_CREAT|O_EXCL", func(m *machine) {
		fd := m.fd("c", syscall.O_CREAT|syscall.O_EXCL|syscall.O_WRONLY)
		syscall.Write(fd, []byte("x"))
		syscall.Fsync(fd)
		if _, err := syscall.Open(m.path("c"), syscall.O_CREAT|syscall.O_EXCL|syscall.O_WRONLY, 0o666); err != syscall.EEXIST {
			m.t.Error(err)
		}
	}, syncs("."), before, "a=old b=other c=x d/"},
	{"rename", func(m *machine) { m.must(os.Rename(m.path("a"), m.path("c"))) }, syncs("."), before, "b=other c=old d/"},
	{"rename over", func(m *machine) { m.must(os.Rename(m.path("a"), m.path("b"))) }, syncs("."), before, "b=old d/"},
	{"rename into another folder", func(m *machine) { m.must(os.Rename(m.path("a"), m.path("d/a"))) }, syncs("d"), before, "b=other d/ d/a=old"},
	{"rename of a folder", func(m *machine) { m.must(os.Rename(m.path("d"), m.path("e"))) }, syncs("."), before, "a=old b=other e/"},
	{"renameat2, swapped", func(m *machine) {
		m.call(renameat2, cwd, name(m.path("a")), cwd, name(m.path("b")), 2)
	}, syncs("."), before, "a=other b=old d/"},
	{"write a new file and rename it over", func(m *machine) {
		m.write("c", "new")
		m.sync("c")
		m.must(os.Rename(m.path("c"), m.path("a")))
	}, syncs("."), before, "a=new b=other d/"},
	{"rename without the fsync before", func(m *machine) {
		m.write("c", "new")
		m.must(os.Rename(m.path("c"), m.path("a")))
	}, syncs("."), before, "a= b=other d/"},
	{"link", func(m *machine) { m.must(os.Link(m.path("a"), m.path("c"))) }, syncs("."), before, "a=old b=other c=old d/"},
	{"symlink", func(m *machine) { m.must(os.Symlink("a", m.path("c"))) }, syncs("."), before, "a=old b=other c->a d/"},
	{"write through a symbolic link", func(m *machine) {
		m.must(os.Symlink(filepath.Join(m.dir, "a"), m.path("d/l")))
		f, err := os.Create(m.path("d/l"))
		m.must(err)
		f.WriteString("x")
		m.must(os.Remove(m.path("d/l")))
	}, syncs("a"), before, "a=x b=other d/"},
	{"unlink", func(m *machine) { m.must(os.Remove(m.path("a"))) }, syncs("."), before, "b=other d/"},
	{"unlink, while it is open", func(m *machine) {
		f, err := os.OpenFile(m.path("a"), os.O_RDWR, 0)
		m.must(err, os.Remove(m.path("a")))
		f.WriteString("XXX")
		f.Sync()
	}, syncs("."), "a=XXX b=other d/", "b=other d/"},
	{"unlink, and create anew", func(m *machine) {
		m.must(os.Remove(m.path("a")))
		m.write("a", "new")
		m.sync("a")
	}, syncs("."), before, "a=new b=other d/"},
	{"mkdir", func(m *machine) { m.must(os.Mkdir(m.path("e"), 0o777)) }, syncs("."), before, "a=old b=other d/ e/"},
	{"mkdir with a file, all but the parent synced", func(m *machine) {
		m.must(os.MkdirAll(m.path("e/f"), 0o777))
		m.write("e/f/a", "new")
		m.sync("e/f/a", "e/f", "e")
	}, syncs("."), before, "a=old b=other d/ e/ e/f/ e/f/a=new"},
	{"rmdir", func(m *machine) { m.must(os.Remove(m.path("d"))) }, syncs("."), before, "a=old b=other"},
	{"os.RemoveAll", func(m *machine) {
		m.write("d/c", "x")
		m.must(os.RemoveAll(m.path("d")))
	}, syncs("."), before, "a=old b=other"},
	{"os.Root", func(m *machine) {
		root, err := os.OpenRoot(m.dir)
		m.must(err)
		f, err := root.Create("d/c")
		m.must(err)
		f.WriteString("x")
		f.Sync()
	}, syncs("d"), before, "a=old b=other d/ d/c=x"},
}

var mapped []byte

// What each call promises: what is there behind a crash, without a sync and with one.
func TestCalls(t *testing.T) {
	for _, r := range table {
		for _, syncs := range []bool{false, true} {
			t.Run(fmt.Sprint(r.call, ", synced ", syncs), func(t *testing.T) {
				m := newMachine(t, 0)
				m.run(func() {
					m.write("a", "old")
					m.write("b", "other")
					m.must(os.Mkdir(m.path("d"), 0o777))
					m.settle()
				})
				if now := m.tree(); now != before {
					t.Fatal(now)
				}
				mapped = nil
				want := r.without
				m.run(func() {
					r.do(m)
					if syncs {
						r.sync(m)
						want = r.with
					}
				})
				if m.tree() == before && r.with != before {
					t.Errorf("before the crash there is %s", before)
				}
				m.crash()
				if got := m.tree(); got != want {
					t.Errorf("%s\nwant %s", got, want)
				}
				if got := string(mapped); got != "" && got != want[2:5] {
					t.Errorf("a mapping shows %q behind the crash", got)
				}
				m.nothingKept()
			})
		}
	}
}

// nothingKept looks for what the journal keeps beside the folder of the disk.
func (m *machine) nothingKept() {
	entries, err := os.ReadDir(filepath.Dir(m.dir))
	if m.must(err); len(entries) != 1 {
		m.t.Errorf("beside the disk is %v", entries)
	}
}
