package runtime

import "unsafe" // and for go:linkname

// Disks: folders of a test whose files lose at a crash what was not synced. Package syscall asks
// here before each system call that can be about a file, if there is a disk; what it does is
// noted in a journal (internal/overlay/leaf/journal). All of it happens on the stack of the
// system, where the goroutine's own does not move, so that addresses among the arguments stay
// what they are, and where nobody takes its turn away.

// samerunDisk is one of them.
type samerunDisk struct {
	j    *samerunJournal
	dir  string // absolute, without a slash at its end
	dev  uint64
	kept int // a folder beside it, for files that have no name any more; -1 if it is not there yet
	name string
}

// samerunDisks are those of the test that runs. Who has the turn may use them.
var samerunDisks struct {
	list   []*samerunDisk
	faults *samerunJournalFaults
	fds    []samerunDiskFD // by descriptor
	tell   func(index int, what string)
	notes  []string
	swept  string // the folder in which nothing is left any more of processes that have died
}

// samerunDiskFD is what is known of a descriptor.
type samerunDiskFD struct {
	state uint8
	flags uint8
	life  uint32 // of whom it is
	disk  *samerunDisk
	file  *samerunJournalFile
	dev   uint64 // what the system said of it then
	ino   uint64
}

const (
	samerunFDUnknown uint8 = iota
	samerunFDElsewhere
	samerunFDOnDisk
)

const (
	samerunFDAppends uint8 = 1 << iota
	samerunFDSyncs
)

// samerunDiskTraps are the numbers of the system calls before which package syscall asks, a bit
// for each. Without a disk there are none.
//
//go:linkname samerunDiskTraps
var samerunDiskTraps [8]uint64

// samerunSetDisk makes a folder the disk of a node, and returns what is wrong with that, or
// nothing.
//
//go:linkname samerunSetDisk testing.samerunSetDisk
func samerunSetDisk(node int, dir string, level int, key uint64) (problem string) {
	if node != 0 {
		samerunMachineAt(node)
	}
	systemstack(func() { problem = samerunAddDisk(node, dir, level, key) })
	return problem
}

func samerunAddDisk(node int, dir string, level int, key uint64) (problem string) {
	for len(dir) > 1 && dir[len(dir)-1] == '/' {
		dir = dir[:len(dir)-1]
	}
	ds := &samerunDisks
	switch {
	case !samerunDiskCan:
		return "disks of ordinary Go are for Linux on amd64, arm64 and riscv64, not for " + GOOS + " on " + GOARCH
	case len(dir) < 2 || dir[0] != '/':
		return "the folder of a disk is absolute, and not the root: " + dir
	case level < int(samerunJournalPosix) || level > int(samerunJournalStrict):
		return "the level of a disk is 0, 1 or 2"
	}
	for _, d := range ds.list {
		if d.dir == dir {
			return "the folder is a disk already: " + dir
		}
	}
	if ds.faults == nil {
		ds.faults = new(samerunJournalFaults)
	}
	d := &samerunDisk{dir: dir, kept: -1}
	d.j = samerunNewJournal(node, samerunJournalLevel(level), key, d, ds.faults)
	if problem = d.begin(); problem != "" {
		return problem
	}
	ds.list = append(ds.list, d)
	samerunDiskAsks()
	return ""
}

// samerunDisksOver ends all disks: the test has ended. Files stay as programs see them.
//
//go:linkname samerunDisksOver testing.samerunDisksOver
func samerunDisksOver() {
	ds := &samerunDisks
	if len(ds.list) > 0 {
		systemstack(func() {
			for _, d := range ds.list {
				d.j.Over()
			}
		})
	}
	ds.list, ds.faults, ds.fds, ds.tell, ds.notes, ds.swept = nil, nil, nil, nil, nil, ""
	samerunDiskTraps, samerunDiskRaws = [8]uint64{}, [8]uint64{}
}

// samerunDiskOff ends a disk whose folder is gone.
func samerunDiskOff(d *samerunDisk) {
	ds := &samerunDisks
	d.j.Over()
	samerunDiskForgetFDs(d)
	for i := range ds.list {
		if ds.list[i] == d {
			ds.list = append(ds.list[:i:i], ds.list[i+1:]...)
			break
		}
	}
	samerunDiskAsks()
}

// samerunDiskCrash is called when a life is over: its descriptors lead nowhere any more, and its
// node's disks lose what was not synced, if the power fails.
func samerunDiskCrash(node int, life uint32, power bool) {
	ds := &samerunDisks
	if len(ds.list) == 0 {
		return
	}
	systemstack(func() {
		samerunDiskCutFDs(life)
		if power {
			for _, d := range ds.list {
				if d.j.Node == node {
					d.j.Crash()
					samerunDiskForgetFDs(d)
				}
			}
		}
	})
	samerunDiskTell()
}

// samerunDiskForgetFDs forgets which file of a disk a descriptor is for: whoever uses it next
// finds out.
func samerunDiskForgetFDs(d *samerunDisk) {
	fds := samerunDisks.fds
	for i := range fds {
		if e := &fds[i]; e.disk == d {
			*e = samerunDiskFD{}
		}
	}
}

// samerunDiskTell passes on what chance has done. It runs on a goroutine's own stack.
func samerunDiskTell() {
	ds := &samerunDisks
	if ds.faults == nil || len(ds.faults.Told) == 0 {
		return
	}
	told := ds.faults.Told
	ds.faults.Told = nil
	if ds.tell == nil {
		return
	}
	samerunDiskOrder()
	for i := range told {
		ds.tell(told[i].Index, told[i].What)
	}
	samerunDiskOrder()
}

// samerunDiskOrder lets the race detector know that who hears of disks, and who asks about them,
// does so one after the other.
func samerunDiskOrder() {
	if raceenabled && getg().racectx != 0 {
		raceacquire(unsafe.Pointer(&samerunDisks))
		racereleasemerge(unsafe.Pointer(&samerunDisks))
	}
}

//go:linkname samerunOnDisk testing.samerunOnDisk
func samerunOnDisk(fn func(index int, what string)) { samerunDisks.tell = fn }

// samerunBeginDiskRule puts a rule in force, and returns what is wrong with it, or nothing.
//
//go:linkname samerunBeginDiskRule testing.samerunBeginDiskRule
func samerunBeginDiskRule(nums []int64, file string) (problem string) {
	systemstack(func() {
		r, wrong := samerunDiskRuleOf(nums, file)
		if problem = wrong; wrong != "" {
			return
		}
		ds := &samerunDisks
		if ds.faults == nil {
			ds.faults = new(samerunJournalFaults)
		}
		ds.faults.Begin(r)
		samerunDiskAsks()
	})
	return problem
}

//go:linkname samerunEndDiskRule testing.samerunEndDiskRule
func samerunEndDiskRule(index int) {
	if x := samerunDisks.faults; x != nil {
		x.End(index)
		samerunDiskAsks()
	}
}

//go:linkname samerunDiskHits testing.samerunDiskHits
func samerunDiskHits(index int) int64 {
	samerunDiskOrder()
	if x := samerunDisks.faults; x != nil {
		return x.Hits(index)
	}
	return 0
}

//go:linkname samerunDiskNotes testing.samerunDiskNotes
func samerunDiskNotes() []string { return append(samerunDiskRawNotes(), samerunDisks.notes...) }

// samerunDiskNote notes a way past the journal, once.
func samerunDiskNote(what string) {
	ds := &samerunDisks
	for _, n := range ds.notes {
		if n == what {
			return
		}
	}
	ds.notes = append(ds.notes, what)
}

// samerunDiskSeesProcess notes that the program starts another process, whose files nobody sees.
func samerunDiskSeesProcess() {
	if len(samerunDisks.list) > 0 {
		samerunDiskNote("a process that the test has started")
	}
}

// samerunDiskCall is a system call that may be about a disk.
type samerunDiskCall struct {
	trap          uintptr
	a             [6]uintptr
	r1, r2, errno uintptr
	made          bool // it is answered
	stops         bool // the node crashes in it
	tells         bool // there is something to pass on
	node          int32
	slow          int64 // for how long the caller is to sleep then
}
