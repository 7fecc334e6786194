package disks

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// work is what a store does: records behind each other, some of many sectors, in a folder of its
// own, and a file that is replaced.
func (m *machine) work() {
	m.must(os.MkdirAll(m.path("wal"), 0o777))
	for i := range 4 {
		m.write("wal/1", strings.Repeat(string(rune('a'+i)), 700*(i+1)))
		m.write(fmt.Sprint("wal/", i+2), "x")
	}
	m.must(os.Rename(m.path("wal/3"), m.path("wal/2")))
	m.write("db", strings.Repeat("d", 3000))
	f, err := os.OpenFile(m.path("db"), os.O_RDWR, 0)
	m.must(err)
	for i := range 5 {
		_, err := f.WriteAt(bytes.Repeat([]byte{byte('A' + i)}, 1500), int64(400*i))
		m.must(err)
	}
	m.must(f.Truncate(2222), f.Close())
}

// pick begins the rule that a line of what chance has done stands for.
func (m *machine) pick(told string) {
	var index, node int
	var nth, sectors int64
	var file string
	if n, _ := fmt.Sscanf(told, "%d torn nth=%d sectors=%d node=%d file=%q", &index, &nth, &sectors, &node, &file); n == 5 {
		m.rule(0, 0, torn, file, nth, 0, 0, 0, 0, sectors)
	} else if n, err := fmt.Sscanf(told, "%d lose nth=%d node=%d file=%q", &index, &nth, &node, &file); n == 4 {
		m.rule(0, 0, lose, file, nth)
	} else {
		m.t.Fatalf("%q: %v", told, err)
	}
}

// What survives of what was not synced is drawn by keys, at each level; the picks that are told do
// the same again, and a crash without rules loses all.
func TestChance(t *testing.T) {
	seen := map[string]bool{}
	for level := range 3 {
		for key := range uint64(6) {
			run := func(rules func(m *machine)) (string, []string) {
				m := newMachine(t, level)
				m.run(m.work)
				rules(m)
				m.crash()
				m.h.EndDiskRule(-1)
				return m.tree(), m.told
			}
			chance, told := run(func(m *machine) {
				m.rule(1, key, unsynced, "", 0, 800_000)
				m.rule(2, key, torn, "")
			})
			fmt.Println(level, key, len(told), chance)
			seen[chance] = true
			if key == 0 && level == 2 && chance != "" {
				t.Errorf("with the calm key something has survived: %s", chance)
			}
			if len(told) == 0 {
				continue
			}
			picked, more := run(func(m *machine) {
				for _, what := range told {
					m.pick(what)
				}
			})
			if picked != chance || len(more) > 0 {
				t.Errorf("level %d, key %d: picks %v make it\n%s\nand are told as %v; by chance it was\n%s", level, key, told, picked, more, chance)
			}
			nothing, all := run(func(*machine) {})
			if nothing != "" || len(all) < 15 || !strings.HasPrefix(all[0], "-1 lose nth=1 node=") {
				t.Errorf("without rules: %s, told %v", nothing, all)
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("chance makes only %d disks", len(seen))
	}
}

// One write is lost, and what that means at each level.
func TestLose(t *testing.T) {
	for level, want := range []string{`a=old\x00\x00\x00new b=other c= d/`, "a=old b=other c= d/", "a=old b=other d/"} {
		m := newMachine(t, level)
		m.run(func() {
			m.write("a", "old")
			m.write("b", "other")
			m.must(os.Mkdir(m.path("d"), 0o777))
			m.settle()
			m.write("a", "???")
			m.write("a", "new")
			m.write("c", "")
		})
		m.rule(4+level, 9, lose, "a", 2)
		m.crash()
		if got := m.tree(); got != want || m.h.DiskHits(4+level) != 1 || len(m.told) != 0 {
			t.Errorf("level %d: %s, %d hits, told %v\nwant %s", level, got, m.h.DiskHits(4+level), m.told, want)
		}
		m.h.EndDiskRule(4 + level)
	}
}

// A node crashes in its n-th operation on a file, which has been carried out, but makes nothing durable;
// none of it gets a turn between that and the crash.
func TestCrashAt(t *testing.T) {
	for _, file := range []string{"", "a", "d/"} {
		for nth := int64(1); ; nth++ {
			m := newMachine(t, 0)
			crashes := make(chan bool, 1)
			var beside atomic.Int64
			then := int64(0)
			m.h.OnDisk(func(index int, what string) {
				if strings.Contains(what, "crashat") {
					m.told = append(m.told, what)
					then = beside.Load()
					crashes <- true
				}
			})
			index := int(nth) + 100*len(file)
			m.rule(index, 1, crashat, file, nth)
			over, last := make(chan bool, 1), ""
			m.h.Go(m.node, 77, "beside", func() {
				for {
					beside.Add(1)
					time.Sleep(time.Millisecond)
				}
			})
			m.h.Go(m.node, 78, "works", func() {
				defer func() { last += " deferred" }()
				last = "create"
				m.write("a", "old")
				last = "sync"
				m.sync("a")
				last = "sync folder"
				m.sync(".")
				last = "mkdir"
				m.must(os.Mkdir(m.path("d"), 0o777))
				last = "in d"
				m.write("d/b", "x")
				last = "rename"
				m.must(os.Rename(m.path("a"), m.path("d/a")))
				last = "sync d"
				m.sync("d")
				last = "remove"
				m.must(os.Remove(m.path("d/b")))
				last = "done"
				over <- true
			})
			select {
			case <-over:
				m.h.EndDiskRule(-1)
				if file != "" && nth < 4 || nth < 3 {
					t.Errorf("only %d operations on %q", nth-1, file)
				}
				fmt.Println("crashat", file, "beyond", nth-1)
			case <-crashes:
				time.Sleep(10 * time.Millisecond)
				if m.crash(); beside.Load() != then {
					t.Errorf("the node goes on before it crashes: %d, %d", then, beside.Load())
				}
				m.h.EndDiskRule(-1)
				fmt.Printf("crashat %s %d in %q: %s, %v\n", file, nth, last, m.tree(), m.told)
				if len(m.told) != 1 || m.h.DiskHits(index) != 1 {
					t.Errorf("told %v", m.told)
				}
				continue
			}
			break
		}
	}
}

// A sync that fails loses what it was for; the next one succeeds, without that.
func TestSyncFails(t *testing.T) {
	m := newMachine(t, 0)
	m.run(func() {
		m.write("a", "old")
		m.settle()
		f, err := os.OpenFile(m.path("a"), os.O_RDWR|os.O_APPEND, 0)
		m.must(err)
		f.WriteString("er")
		m.rule(5, 3, syncfail, "a", 0, 1_000_000)
		if err := f.Sync(); !errors.Is(err, syscall.EIO) || m.tree() != "a=old" {
			t.Errorf("%v: %s", err, m.tree())
		}
		m.h.EndDiskRule(5)
		f.WriteString("est")
		m.must(f.Sync())
	})
	m.crash()
	if got := m.tree(); got != "a=oldest" || m.h.DiskHits(5) != 1 || len(m.told) != 2 || !strings.HasPrefix(m.told[0], "5 syncfail nth=2 ") {
		t.Errorf("%s, %d hits, told %v", got, m.h.DiskHits(5), m.told)
	}
	m.rule(6, 0, syncfail, "a", 5)
	m.run(func() {
		m.sync("a") // the fourth
		f, err := os.Open(m.path("a"))
		m.must(err)
		if err := f.Sync(); !errors.Is(err, syscall.EIO) {
			t.Error(err)
		}
		m.must(f.Sync())
		// Descriptors that sync by themselves do, too.
		m.rule(7, 0, syncfail, "b")
		fd := m.fd("b", syscall.O_CREAT|syscall.O_WRONLY|syscall.O_SYNC)
		if _, err := syscall.Write(fd, []byte("x")); err != syscall.EIO || m.tree() != "a=oldest b=" {
			t.Errorf("%v: %s", err, m.tree())
		}
	})
}

// Where there is room for some bytes more, a write stores what fits, and the next one nothing.
func TestNoSpace(t *testing.T) {
	m := newMachine(t, 0)
	m.run(func() {
		m.write("b", "12345678")
		m.rule(1, 1, nospace, "", 0, 0, 0, 0, 5)
		f, err := os.Create(m.path("a"))
		m.must(err)
		n, err := f.Write([]byte("abcdefgh"))
		if n != 5 || !errors.Is(err, syscall.ENOSPC) || m.tree() != "a=abcde b=12345678" {
			t.Errorf("%d, %v: %s", n, err, m.tree())
		}
		_, err = f.WriteAt([]byte("ABC"), 0) // what there is can be written anew
		m.must(err)
		v := vectors("x", "yz")
		if _, _, err := syscall.Syscall(syscall.SYS_WRITEV, f.Fd(), uintptr(pointer(v)), 2); err != syscall.ENOSPC {
			t.Error(err)
		}
		m.must(os.Truncate(m.path("b"), 6))
		if n, _, err := syscall.Syscall(syscall.SYS_WRITEV, f.Fd(), uintptr(pointer(v)), 2); n != 2 || err != 0 || m.tree() != "a=ABCdexy b=123456" {
			t.Errorf("%d, %v: %s", n, err, m.tree())
		}
		m.must(os.Remove(m.path("b")))
		_, err = f.WriteString("123456")
		m.must(err)
		if _, err = f.WriteString("7"); !errors.Is(err, syscall.ENOSPC) || m.h.DiskHits(1) != 5 {
			t.Error(err, m.h.DiskHits(1))
		}
	})
	m.crash()
	m.run(func() {
		m.write("c", "1234567890123") // the crash has made room: 5 and 8
		if f, err := os.OpenFile(m.path("c"), os.O_WRONLY|os.O_APPEND, 0); err != nil {
			t.Error(err)
		} else if _, err := f.WriteString("4"); !errors.Is(err, syscall.ENOSPC) {
			t.Error(err)
		}
		m.h.EndDiskRule(1)
		m.write("c", "more")
	})
}

// A write may store less than it was asked to: package os goes on, and who makes system calls
// must.
func TestShortWrites(t *testing.T) {
	m := newMachine(t, 0)
	m.rule(1, 5, short, "", 0, 500_000)
	m.run(func() {
		fd := m.fd("a", syscall.O_CREAT|syscall.O_WRONLY)
		var sizes []int
		for range 12 {
			n, err := syscall.Write(fd, []byte("0123456789"))
			m.must(err)
			sizes = append(sizes, n)
		}
		fmt.Println("short", sizes, m.h.DiskHits(1))
		if m.h.DiskHits(1) < 3 || m.h.DiskHits(1) > 9 {
			t.Errorf("%d of 12 writes were short", m.h.DiskHits(1))
		}
		m.write("b", strings.Repeat("x", 1000))
	})
	if !strings.HasSuffix(m.tree(), "b=x*1000") {
		t.Error(m.tree())
	}
	m.h.EndDiskRule(-1)
}

// What chance makes of writes is told as rules that pick each by its number, and those make the same
// of them.
func TestShortWritesArePicked(t *testing.T) {
	m := newMachine(t, 0)
	writes := func(name string) (sizes []int) {
		m.run(func() {
			fd := m.fd(name, syscall.O_CREAT|syscall.O_WRONLY)
			for range 12 {
				n, err := syscall.Write(fd, []byte("0123456789"))
				m.must(err)
				sizes = append(sizes, n)
			}
		})
		return sizes
	}
	m.rule(1, 5, short, "a", 0, 300_000)
	want := writes("a")
	if len(m.told) == 0 || len(m.told) != int(m.h.DiskHits(1)) {
		t.Fatalf("told was %q of %d", m.told, m.h.DiskHits(1))
	}
	for i, line := range m.told {
		var nth, bytes int64
		if n, err := fmt.Sscanf(line, `1 short nth=%d bytes=%d`, &nth, &bytes); n != 2 || !strings.HasSuffix(line, ` file="a"`) {
			t.Fatal(line, err)
		}
		m.rule(2+i, 0, short, "b", nth, 0, 0, 0, bytes)
	}
	told := len(m.told)
	if got := writes("b"); !slices.Equal(got, want) || len(m.told) != told {
		t.Errorf("%v by picks, %v by chance, told was %q", got, want, m.told[told:])
	}
	m.h.EndDiskRule(-1)
}

// Each operation takes its time.
func TestSlowDisk(t *testing.T) {
	m := newMachine(t, 0)
	m.rule(1, 5, slowdisk, "a", 0, 0, int64(10*time.Millisecond), int64(20*time.Millisecond))
	m.run(func() {
		begin := m.h.Now()
		m.write("a", "x") // opened and written
		m.sync("a")
		os.ReadFile(m.path("a")) // read twice
		took := time.Duration(m.h.Now() - begin)
		fmt.Println("slow", took)
		if took < 50*time.Millisecond || took > 101*time.Millisecond || m.h.DiskHits(1) != 5 {
			t.Errorf("%v, %d hits", took, m.h.DiskHits(1))
		}
		begin = m.h.Now()
		m.write("b", "x")
		if took := time.Duration(m.h.Now() - begin); took > time.Millisecond {
			t.Errorf("another file: %v", took)
		}
	})
	m.h.EndDiskRule(-1)
}

// A sector that is read may have a bit that is wrong; on the disk it is right.
func TestCorruption(t *testing.T) {
	m := newMachine(t, 0)
	data := bytes.Repeat([]byte("samerun "), 512)
	m.run(func() {
		m.must(os.WriteFile(m.path("a"), data, 0o666))
		m.rule(1, 5, corrupt, "a", 0, 300_000)
		wrong := 0
		for range 4 {
			got, err := os.ReadFile(m.path("a"))
			m.must(err)
			for i := range got {
				if d := got[i] ^ data[i]; d&(d-1) != 0 {
					t.Errorf("byte %d has more than one bit wrong", i)
				} else if d != 0 {
					wrong++
				}
			}
		}
		fmt.Println("corrupt", wrong)
		if wrong < 4 || wrong > 20 || int64(wrong) != m.h.DiskHits(1) {
			t.Errorf("%d of 32 sectors are wrong, %d hits", wrong, m.h.DiskHits(1))
		}
		m.h.EndDiskRule(1)
		if got, _ := os.ReadFile(m.path("a")); !bytes.Equal(got, data) {
			t.Error("the file is wrong")
		}
	})
}
