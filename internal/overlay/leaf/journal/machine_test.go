package journal

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// memory is a machine with a file system in memory, which is also the program: each of its calls
// is noted in a journal, as package runtime does it.
type memory struct {
	j      *Journal
	nodes  []*inode // descriptors are places in it
	root   *inode
	kept   *inode
	last   uint64
	keptFD int

	dataOnly bool // syncs are fdatasync
}

type inode struct {
	ino    uint64
	data   []byte
	names  map[string]*inode // of a folder
	folder bool
}

// isAbove reports whether a folder is n, or in it.
func (n *inode) isAbove(folder *inode) bool {
	for _, at := range n.names {
		if at.isAbove(folder) {
			return true
		}
	}
	return n == folder
}

func newMemory(level JournalLevel, faults *JournalFaults) *memory {
	m := &memory{keptFD: -1}
	m.root = m.inode(true)
	m.j = NewJournal(1, level, 3, m, faults)
	return m
}

func (m *memory) inode(folder bool) *inode {
	m.last++
	n := &inode{ino: m.last, folder: folder}
	if folder {
		n.names = map[string]*inode{}
	}
	return n
}

func (m *memory) fd(n *inode) int {
	m.nodes = append(m.nodes, n)
	return len(m.nodes) - 1
}

// The machine.

func (m *memory) ReadAt(fd int, p []byte, off int64) int {
	n := m.nodes[fd]
	return copy(p, n.data[min(off, int64(len(n.data))):])
}

func (m *memory) WriteAt(fd int, p []byte, off int64) bool {
	n := m.nodes[fd]
	if end := off + int64(len(p)); end > int64(len(n.data)) {
		n.data = append(n.data, make([]byte, end-int64(len(n.data)))...)
	}
	copy(n.data[off:], p)
	return true
}

func (m *memory) Size(fd int) int64 { return int64(len(m.nodes[fd].data)) }

func (m *memory) Resize(fd int, size int64) bool {
	n := m.nodes[fd]
	old := len(n.data)
	n.data = append(n.data, make([]byte, max(0, size-int64(old)))...)[:size]
	n.data = slices.Clone(n.data)
	return true
}

func (m *memory) Identity(dir int, name string) (dev, ino uint64, found bool) {
	if n := m.nodes[dir].names[name]; n != nil {
		return 1, n.ino, true
	}
	return 0, 0, false
}

func (m *memory) Link(dir int, name string, toDir int, toName string) bool {
	n := m.nodes[dir].names[name]
	if n == nil || n.folder || m.nodes[toDir].names[toName] != nil {
		return false
	}
	m.nodes[toDir].names[toName] = n
	return true
}

func (m *memory) Rename(dir int, name string, toDir int, toName string) bool {
	n := m.nodes[dir].names[name]
	if n == nil || m.nodes[toDir].names[toName] == n {
		return n != nil
	}
	if n.isAbove(m.nodes[toDir]) {
		return false
	}
	if other := m.nodes[toDir].names[toName]; other != nil && (other.folder != n.folder || len(other.names) > 0) {
		return false
	}
	delete(m.nodes[dir].names, name)
	m.nodes[toDir].names[toName] = n
	return true
}

func (m *memory) Swap(dir int, name string, toDir int, toName string) bool {
	a, b := m.nodes[dir].names, m.nodes[toDir].names
	if a[name] == nil || b[toName] == nil {
		return false
	}
	a[name], b[toName] = b[toName], a[name]
	return true
}

func (m *memory) Unlink(dir int, name string) bool {
	n := m.nodes[dir].names[name]
	if n == nil || n.folder {
		return false
	}
	delete(m.nodes[dir].names, name)
	return true
}

func (m *memory) Rmdir(dir int, name string) bool {
	n := m.nodes[dir].names[name]
	if n == nil || !n.folder || len(n.names) > 0 {
		return false
	}
	delete(m.nodes[dir].names, name)
	return true
}

func (m *memory) Mkdir(dir int, name string, mode uint32) bool {
	if m.nodes[dir].names[name] != nil {
		return false
	}
	m.nodes[dir].names[name] = m.inode(true)
	return true
}

func (m *memory) OpenFolder(dir int, name string) int {
	n := m.nodes[dir].names[name]
	if n == nil {
		return -1
	}
	return m.fd(n)
}

func (m *memory) Close(fd int) { m.nodes[fd] = nil }

func (m *memory) Kept() int {
	if m.keptFD < 0 {
		m.kept = m.inode(true)
		m.keptFD = m.fd(m.kept)
	}
	return m.keptFD
}

func (m *memory) ForgetKept() { m.kept, m.keptFD = nil, -1 }

// The program. Paths are relative to the root.

func (m *memory) walk(path string) (dir *inode, below, name string) {
	dir = m.root
	parts := strings.Split(path, "/")
	for _, p := range parts[:len(parts)-1] {
		dir = dir.names[p]
		if dir == nil || !dir.folder {
			return nil, "", ""
		}
		below += p + "/"
	}
	return dir, below, parts[len(parts)-1]
}

func (m *memory) file(n *inode, below, name string) *JournalFile {
	label := below + name
	if n.folder {
		label += "/"
	}
	if n == m.root {
		label = "/"
	}
	f := m.j.File(1, n.ino, label, n.folder)
	if f.FD < 0 {
		f.FD = m.fd(n)
	}
	return f
}

func (m *memory) dir(dir *inode, below string) *JournalFile {
	return m.file(dir, strings.TrimSuffix(below, "/"), "")
}

func (m *memory) create(path string, folder bool) bool {
	dir, below, name := m.walk(path)
	if dir == nil || dir.names[name] != nil {
		return false
	}
	n := m.inode(folder)
	dir.names[name] = n
	m.j.Added(m.dir(dir, below), name, m.file(n, below, name))
	return true
}

func (m *memory) write(path string, off int64, text string) bool {
	dir, below, name := m.walk(path)
	if dir == nil || dir.names[name] == nil || dir.names[name].folder {
		return false
	}
	n := dir.names[name]
	f := m.file(n, below, name)
	size := int64(len(n.data))
	old := slices.Clone(n.data[min(off, size):min(off+int64(len(text)), size)])
	m.WriteAt(f.FD, []byte(text), off)
	m.j.Wrote(f, off, int64(len(text)), size, old)
	return true
}

func (m *memory) resize(path string, size int64) bool {
	dir, below, name := m.walk(path)
	if dir == nil || dir.names[name] == nil || dir.names[name].folder {
		return false
	}
	n := dir.names[name]
	f := m.file(n, below, name)
	was := int64(len(n.data))
	if was == size {
		return false
	}
	var old []byte
	if size < was {
		old = slices.Clone(n.data[size:])
	}
	m.Resize(f.FD, size)
	m.j.Resized(f, was, size, old)
	return true
}

func (m *memory) remove(path string) bool {
	dir, below, name := m.walk(path)
	if dir == nil || dir.names[name] == nil || len(dir.names[name].names) > 0 {
		return false
	}
	n := dir.names[name]
	f, in := m.file(n, below, name), m.dir(dir, below)
	if !n.folder && !m.j.Keep(in.FD, name, f) {
		panic("not kept")
	}
	delete(dir.names, name)
	m.j.Removed(in, name, f, 0o777)
	return true
}

func (m *memory) link(path, to string) bool {
	dir, below, name := m.walk(path)
	toDir, toBelow, toName := m.walk(to)
	if dir == nil || toDir == nil || dir.names[name] == nil || dir.names[name].folder || toDir.names[toName] != nil {
		return false
	}
	n := dir.names[name]
	toDir.names[toName] = n
	m.j.Added(m.dir(toDir, toBelow), toName, m.file(n, below, name))
	return true
}

func (m *memory) rename(path, to string) bool {
	dir, below, name := m.walk(path)
	toDir, toBelow, toName := m.walk(to)
	if dir == nil || toDir == nil || dir.names[name] == nil || dir.names[name] == toDir.names[toName] || strings.HasPrefix(to+"/", path+"/") {
		return false
	}
	n, other := dir.names[name], toDir.names[toName]
	if other != nil && (other.folder != n.folder || len(other.names) > 0) {
		return false
	}
	f, in, toIn := m.file(n, below, name), m.dir(dir, below), m.dir(toDir, toBelow)
	var over *JournalFile
	if other != nil {
		over = m.file(other, toBelow, toName)
		if !other.folder {
			m.j.Keep(toIn.FD, toName, over)
		}
	}
	m.Rename(in.FD, name, toIn.FD, toName)
	m.j.Renamed(in, name, toIn, toName, f, over, 0o777)
	return true
}

// sync syncs a file, or a folder; "" is the root.
func (m *memory) sync(path string) bool {
	if path == "" {
		m.j.Synced(m.dir(m.root, ""), false)
		return true
	}
	dir, below, name := m.walk(path)
	if dir == nil || dir.names[name] == nil {
		return false
	}
	m.j.Synced(m.file(dir.names[name], below, name), m.dataOnly)
	return true
}

// tree is all there is, in words.
func (m *memory) tree() string { return treeOf(m.root, "") }

func treeOf(n *inode, path string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(n.names)) {
		at := n.names[name]
		if at.folder {
			fmt.Fprintf(&b, "%s%s/ %s", path, name, treeOf(at, path+name+"/"))
		} else {
			fmt.Fprintf(&b, "%s%s=%s ", path, name, short(string(at.data)))
		}
	}
	return b.String()
}

// short is a text, quoted, with a count for long runs of a byte: "aaaa…(700)b".
func short(text string) string {
	var b []byte
	for i := 0; i < len(text); {
		n := 1
		for i+n < len(text) && text[i+n] == text[i] {
			n++
		}
		q := strconv.Quote(text[i : i+1])
		q = q[1 : len(q)-1]
		if n > 4 {
			b = fmt.Appendf(b, "%s×%d", q, n)
		} else {
			b = append(b, strings.Repeat(q, n)...)
		}
		i += n
	}
	return `"` + string(b) + `"`
}
