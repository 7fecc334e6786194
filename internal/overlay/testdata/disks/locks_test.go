package disks

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// The locks of the dead are free, even of those who have mapped the file, and their
// descriptors lead nowhere; those of others stay.
func TestLocksOfTheDead(t *testing.T) {
	m := newMachine(t, 0)
	m.run(func() { m.write("db", "data"); m.settle() })
	reader, err := os.Open(m.path("db"))
	m.must(err)
	var files []*os.File
	lock := func() error {
		// Nothing is written: only the opening tells whose the descriptor is.
		f, err := os.OpenFile(m.path("db"), os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return err
		}
		files = append(files, f)
		fd := int(f.Fd())
		if _, err := syscall.Mmap(fd, 0, 4, syscall.PROT_READ, syscall.MAP_SHARED); err != nil {
			return err
		}
		return syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
	}
	for range 3 {
		m.run(func() { m.must(lock()) })
		m.run(func() {
			if err := lock(); err != syscall.EWOULDBLOCK {
				t.Errorf("a second lock: %v", err)
			}
		})
		m.crash()
	}
	var text [9]byte
	if n, err := reader.ReadAt(text[:], 0); string(text[:n]) != "data" {
		t.Errorf("who is alive reads %q, %v", text[:n], err)
	}
	runtime.KeepAlive(files)
}

// A crash behind another one undoes what came since; what was written under an old descriptor of
// another node's or the test's is known as well.
func TestCrashAgain(t *testing.T) {
	m := newMachine(t, 0)
	f, err := os.Create(m.path("a"))
	m.must(err)
	f.WriteString("1")
	m.sync("a", ".")
	f.WriteString("2")
	m.crash()
	if got := m.tree(); got != "a=1" {
		t.Errorf("first: %s", got)
	}
	f.WriteString("3") // the descriptor is the test's, and is where it was
	if got := m.tree(); got != `a=1\x003` {
		t.Errorf("before the second: %s", got)
	}
	m.crash()
	if got := m.tree(); got != "a=1" {
		t.Errorf("second: %s", got)
	}
	m.write("b", "x")
	m.sync("b", ".")
	m.crash()
	if got := m.tree(); got != "a=1 b=x" {
		t.Errorf("third: %s", got)
	}
}

// Disks are apart: the crash of one node does nothing to another's files, and nothing to those
// that are on none.
func TestDisksAreApart(t *testing.T) {
	m, other := newMachine(t, 0), newMachine(t, 0)
	elsewhere := filepath.Join(t.TempDir(), "x")
	m.run(func() {
		m.write("a", "x")
		m.must(os.WriteFile(elsewhere, []byte("x"), 0o666))
	})
	other.run(func() { other.write("a", "x") })
	m.crash()
	data, err := os.ReadFile(elsewhere)
	if m.must(err); m.tree() != "" || other.tree() != "a=x" || string(data) != "x" {
		t.Errorf("%s, %s, %s", m.tree(), other.tree(), data)
	}
}

// A process that ends, on a machine that goes on, loses nothing but its locks.
func TestExitIsNoCrash(t *testing.T) {
	m := newMachine(t, 0)
	ended := make(chan string, 1)
	any(m.h).(interface {
		OnExit(func(node, boot int, how string))
	}).OnExit(func(node, boot int, how string) { ended <- how })
	m.h.Go(m.node, 99, "exits", func() {
		fd := m.fd("a", syscall.O_RDWR|syscall.O_CREAT)
		syscall.Write(fd, []byte("x"))
		m.must(syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB))
		os.Exit(3)
	})
	if how := <-ended; how != "os.Exit(3)" || m.tree() != "a=x" {
		t.Errorf("%s: %s", how, m.tree())
	}
	m.h.Boot(m.node)
	m.run(func() { m.must(syscall.Flock(m.fd("a", syscall.O_RDWR), syscall.LOCK_EX|syscall.LOCK_NB)) })
	m.crash()
	if got := m.tree(); got != "" {
		t.Error(got)
	}
}

// The ways past the journal are named.
func TestNotes(t *testing.T) {
	m := newMachine(t, 0)
	if notes := m.h.DiskNotes(); len(notes) > 0 {
		t.Error(notes)
	}
	m.run(func() {
		m.write("d", "data")
		_, err := syscall.Mmap(m.fd("d", syscall.O_RDWR), 0, 4, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
		m.must(err)
		_, err = syscall.Mmap(m.fd("d", syscall.O_RDWR), 0, 4, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
		m.must(err)
	})
	if notes := strings.Join(m.h.DiskNotes(), ", "); notes != "mmap for writing of d" {
		t.Error(notes)
	}
	// By syscall.RawSyscall, which nobody sees: to a file of the disk, and to others.
	m.run(func() {
		fd := uintptr(m.fd("d", syscall.O_RDWR))
		syscall.Fsync(int(fd))
		text := []byte("past")
		raw := func(trap, a1, a2, a3 uintptr) {
			if _, _, errno := syscall.RawSyscall(trap, a1, a2, a3); errno != 0 {
				t.Error(errno)
			}
		}
		elsewhere, err := os.Create(filepath.Join(t.TempDir(), "elsewhere"))
		m.must(err)
		raw(syscall.SYS_FSYNC, elsewhere.Fd(), 0, 0)
		raw(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&text[0])), uintptr(len(text)))
		for _, dir := range []string{filepath.Dir(m.dir), m.dir} {
			path, err := syscall.BytePtrFromString(filepath.Join(dir, "made"))
			m.must(err)
			const here = ^uintptr(99) // AT_FDCWD
			raw(syscall.SYS_MKDIRAT, here, uintptr(unsafe.Pointer(path)), 0o777)
		}
		m.must(elsewhere.Close())
	})
	if notes := strings.Join(m.h.DiskNotes(), ", "); notes != "a raw system call, mkdirat, a raw system call, write, mmap for writing of d" {
		t.Error(notes)
	}
}

// So is a process that is started. How long that takes is not the seed's, so it is run by itself.
func TestNotesOfProcess(t *testing.T) {
	if os.Getenv("DISKS_PROCESS") == "" {
		t.Skip("DISKS_PROCESS lets it start one")
	}
	m := newMachine(t, 0)
	m.must(exec.Command(os.Args[0], "-test.run=^$").Run())
	if notes := strings.Join(m.h.DiskNotes(), ", "); notes != "a process that the test has started" {
		t.Error(notes)
	}
}

// Bad input is told.
func TestRefusals(t *testing.T) {
	m := newMachine(t, 0)
	link := filepath.Join(t.TempDir(), "link")
	m.must(os.Symlink(m.dir, link))
	for want, f := range map[string]func(){
		"samerun: the folder of a disk is absolute, and not the root: x": func() { m.h.Disk(0, "x", 0, 0) },
		"samerun: the folder of a disk is not there: /nowhere/at/all":    func() { m.h.Disk(0, "/nowhere/at/all", 0, 0) },
		"samerun: the level of a disk is 0, 1 or 2":                      func() { m.h.Disk(0, t.TempDir(), 3, 0) },
		"samerun: the folder is a disk already: " + m.dir:                func() { m.h.Disk(0, m.dir+"/", 0, 0) },
		"samerun: there is no such kind of rule for disks":               func() { m.rule(0, 0, 77, "") },
		"samerun: the folder of a disk is by its own path, without symbolic links: " + link + " is " + m.dir: func() {
			m.h.Disk(0, link, 0, 0)
		},
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("%v, want %s", got, want)
				}
			}()
			f()
		}()
	}
}

// A disk whose folder is removed is none any more, and keeps nothing.
func TestFolderRemoved(t *testing.T) {
	m := newMachine(t, 0)
	m.run(func() { m.write("a", "x"); m.settle() })
	m.must(os.RemoveAll(m.dir))
	entries, err := os.ReadDir(filepath.Dir(m.dir))
	if m.must(err); len(entries) > 0 {
		t.Error(entries)
	}
	m.crash()
	time.Sleep(time.Second)
}
