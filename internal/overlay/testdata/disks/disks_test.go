package disks

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// host is what the overlay adds to a test.
type host interface {
	Now() int64
	NewNode(name string) int
	Boot(node int) int
	Go(node int, id uint64, name string, fn func())
	Crash(node int)
	Node() (node, boot int)
	Disk(node int, dir string, level int, key uint64)
	DiskRule(nums []int64, file string)
	EndDiskRule(index int)
	DiskHits(index int) int64
	OnDisk(fn func(index int, what string))
	DiskNotes() []string
}

// machine is a node with a disk.
type machine struct {
	t    *testing.T
	h    host
	node int
	dir  string
	ids  uint64
	told []string
}

// newMachine returns a node that is on, whose disk orders as level says.
func newMachine(t *testing.T, level int) *machine {
	h := any(t).(interface{ Samerun() any }).Samerun().(host)
	m := &machine{t: t, h: h, dir: filepath.Join(t.TempDir(), "disk")}
	if err := os.Mkdir(m.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	m.node = h.NewNode(fmt.Sprint("n", m.dir))
	h.Disk(m.node, m.dir, level, 1)
	h.OnDisk(func(index int, what string) { m.told = append(m.told, fmt.Sprint(index, " ", what)) })
	h.Boot(m.node)
	return m
}

// run runs fn on the node until it returns.
func (m *machine) run(fn func()) {
	done := make(chan bool)
	m.ids++
	m.h.Go(m.node, m.ids, "worker", func() {
		fn()
		done <- true
	})
	<-done
}

// crash lets the power fail, and come back.
func (m *machine) crash() {
	m.h.Crash(m.node)
	m.h.Boot(m.node)
}

// rule puts a rule in force, on all nodes.
func (m *machine) rule(index int, key uint64, kind int, file string, nums ...int64) {
	n := make([]int64, 10)
	n[0], n[1], n[2], n[3] = int64(index), int64(key), int64(kind), -1
	copy(n[4:], nums) // nth, ppm, min, max, bytes, sectors
	m.h.DiskRule(n, file)
}

// The kinds of rules.
const (
	unsynced = 1 + iota
	torn
	syncfail
	nospace
	slowdisk
	corrupt
	lose
	crashat
	short
)

func (m *machine) path(name string) string { return filepath.Join(m.dir, name) }

// must ends the test if something has failed.
func (m *machine) must(errs ...error) {
	for _, err := range errs {
		if err != nil {
			m.t.Error(err)
		}
	}
}

// write writes text at the end of a file, which it makes if need be.
func (m *machine) write(name, text string) {
	f, err := os.OpenFile(m.path(name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	m.must(err)
	_, err = f.WriteString(text)
	m.must(err, f.Close())
}

// sync syncs a file or a folder; "." is the disk's.
func (m *machine) sync(names ...string) {
	for _, name := range names {
		f, err := os.Open(m.path(name))
		m.must(err)
		m.must(f.Sync(), f.Close())
	}
}

// settle makes all durable that there is.
func (m *machine) settle() {
	filepath.WalkDir(m.dir, func(path string, d fs.DirEntry, err error) error {
		if d.Type().IsRegular() || d.IsDir() {
			name, _ := filepath.Rel(m.dir, path)
			m.sync(name)
		}
		return err
	})
}

// tree is all there is below a folder, in words; long runs of one byte are counted.
func (m *machine) tree() string {
	var all []string
	filepath.WalkDir(m.dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(m.dir, path)
		switch {
		case err != nil || name == ".":
		case d.IsDir():
			all = append(all, name+"/")
		case d.Type()&fs.ModeSymlink != 0:
			to, _ := os.Readlink(path)
			all = append(all, name+"->"+to)
		default:
			data, err := os.ReadFile(path)
			m.must(err)
			all = append(all, name+"="+runs(string(data)))
		}
		return err
	})
	return strings.Join(all, " ")
}

// runs is a text in which n times x is written as x*n.
func runs(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		n := 1
		for i+n < len(text) && text[i+n] == text[i] {
			n++
		}
		c := strings.Trim(strconv.Quote(text[i:i+1]), `"`)
		if n > 3 {
			fmt.Fprintf(&b, "%s*%d", c, n)
		} else {
			b.WriteString(strings.Repeat(c, n))
		}
		i += n
	}
	return b.String()
}
