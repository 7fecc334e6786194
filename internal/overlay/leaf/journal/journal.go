// Package journal is what a disk would lose if the power failed now. Programs see their real
// files, in which all takes effect at once; the journal keeps, for each file and folder, what
// was done to it since it was synced, and how to undo that. At a crash all of it is undone in
// reverse order, and what survives is carried out once more.
//
// Package runtime gets it from internal/overlay/bundle, sees the system calls, and does for it
// what a Machine does.
package journal

import "samerun/internal/overlay/leaf/mix"

// JournalLevel is what a file system orders at a crash.
type JournalLevel int

// The levels.
const (
	// JournalPosix orders nothing: each operation survives or not, by itself.
	JournalPosix JournalLevel = iota
	// JournalOrdered is ext4's ordered mode with delayed allocation.
	JournalOrdered
	// JournalStrict lets all operations of a disk reach it in their order.
	JournalStrict
)

// JournalMachine does what a journal asks for. Files and folders are descriptors that the journal
// was given, and names are relative to folders. Functions with one result report success.
type JournalMachine interface {
	ReadAt(fd int, p []byte, off int64) int
	WriteAt(fd int, p []byte, off int64) bool
	Size(fd int) int64
	Resize(fd int, size int64) bool
	// Identity tells what a name is, itself if it is a symbolic link.
	Identity(dir int, name string) (dev, ino uint64, found bool)
	Link(dir int, name string, toDir int, toName string) bool
	Rename(dir int, name string, toDir int, toName string) bool
	Swap(dir int, name string, toDir int, toName string) bool
	Unlink(dir int, name string) bool
	Rmdir(dir int, name string) bool
	Mkdir(dir int, name string, mode uint32) bool
	OpenFolder(dir int, name string) int
	Close(fd int)
	// Kept is a folder of the machine's own in the same file system, -1 if there is none. It
	// is made when it is asked for.
	Kept() int
	// ForgetKept removes it, and all in it.
	ForgetKept()
}

// JournalFile is a file, a folder or a symbolic link of a disk.
type JournalFile struct {
	next     *JournalFile // of the same hash
	Dev, Ino uint64
	Label    *JournalLabel // the name by which it became known
	Folder   bool
	FD       int    // for the journal's use: to read and write, or to look names up; -1 if there is none
	Opens    int    // descriptors of the program
	pins     int    // operations on names that wait and are about it
	keeps    int    // those of them that need it to be kept
	kept     string // its name in the kept folder; empty if it has none there
	dirty    int    // its place in Journal.dirty and 1
	ops      []*journalOp
	held     int64 // about the memory that those take; of names it is not counted
	foldAt   int64 // how much is looked at next: see fold

	gone     bool // it has no name any more, and takes no room
	goneSize int64

	at     *JournalFile // while a crash is carried out: the folder in which it has its name, or nil
	atName string

	now      int64 // while a crash is decided: how long it is, of what survives
	nowKnown bool
	sizeLost bool // and that an extension was lost
}

// JournalLabel counts what was done under a name. It stays when the file is gone.
type JournalLabel struct {
	next  *JournalLabel
	Name  string // relative to the disk; that of a folder ends in a slash, and the disk's own is "/"
	data  int64  // writes and truncations
	names int64  // changes of names in the folder
	syncs int64
	ops   int64 // all that crashat counts
	reads int64
}

// Journal is a disk: the files below a folder.
type Journal struct {
	Node    int
	Level   JournalLevel
	key     uint64
	m       JournalMachine
	faults  *JournalFaults
	seq     uint64
	id      uint64 // of the last name in the kept folder
	files   [journalBuckets]*JournalFile
	labels  [journalBuckets]*JournalLabel
	dirty   []*JournalFile // those with operations that wait
	waiting int            // such operations

	foldFrom int64 // journalFoldFrom

	spare  []*journalOp // that are used no more, for the next ones
	spares [][]byte     // and buffers of theirs
	spared int64        // bytes of those
}

const journalBuckets = 256

// NewJournal returns the disk of a node, on which nothing waits. Draws are made by key and by those
// of the rules.
func NewJournal(node int, level JournalLevel, key uint64, m JournalMachine, faults *JournalFaults) *Journal {
	return &Journal{Node: node, Level: level, key: key, m: m, faults: faults, foldFrom: journalFoldFrom}
}

// Waiting is how many operations are not durable.
func (j *Journal) Waiting() int { return j.waiting }

// Label returns the label of a name.
func (j *Journal) Label(name string) *JournalLabel {
	at := &j.labels[mix.MixString(0, name)%journalBuckets]
	for l := *at; l != nil; l = l.next {
		if l.Name == name {
			return l
		}
	}
	*at = &JournalLabel{next: *at, Name: name}
	return *at
}

// File returns the file of an identity; if it is not known yet, it becomes known by the name.
func (j *Journal) File(dev, ino uint64, name string, folder bool) *JournalFile {
	at := &j.files[mix.Mix(dev, ino)%journalBuckets]
	for f := *at; f != nil; f = f.next {
		if f.Ino == ino && f.Dev == dev {
			return f
		}
	}
	*at = &JournalFile{next: *at, Dev: dev, Ino: ino, Label: j.Label(name), Folder: folder, FD: -1}
	return *at
}

// Known returns the file of an identity, nil if it is not known.
func (j *Journal) Known(dev, ino uint64) *JournalFile {
	for f := j.files[mix.Mix(dev, ino)%journalBuckets]; f != nil; f = f.next {
		if f.Ino == ino && f.Dev == dev {
			return f
		}
	}
	return nil
}

// Forget lets go of a file about which nothing waits and which no descriptor is for.
func (j *Journal) Forget(f *JournalFile) {
	if f.Opens > 0 || f.pins > 0 || len(f.ops) > 0 {
		return
	}
	for at := &j.files[mix.Mix(f.Dev, f.Ino)%journalBuckets]; *at != nil; at = &(*at).next {
		if *at == f {
			*at = f.next
			break
		}
	}
	j.letGo(f)
	if f.FD >= 0 {
		j.m.Close(f.FD)
		f.FD = -1
	}
}

// moved notes that a file has another identity: a folder that was removed is there again.
func (j *Journal) moved(f *JournalFile, dev, ino uint64) {
	for at := &j.files[mix.Mix(f.Dev, f.Ino)%journalBuckets]; *at != nil; at = &(*at).next {
		if *at == f {
			*at = f.next
			break
		}
	}
	f.Dev, f.Ino = dev, ino
	at := &j.files[mix.Mix(dev, ino)%journalBuckets]
	f.next, *at = *at, f
}

// Over forgets all: what the program sees is what there is.
func (j *Journal) Over() {
	j.m.ForgetKept()
	for i := range j.files {
		for f := j.files[i]; f != nil; f = f.next {
			if f.FD >= 0 {
				j.m.Close(f.FD)
				f.FD = -1
			}
		}
		j.files[i] = nil
	}
	j.dirty, j.waiting = nil, 0
	j.spare, j.spares, j.spared = nil, nil, 0
}
