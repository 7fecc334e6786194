package host

// Host is the machine room of one test of ordinary Go: nodes, and goroutines on them.
// Its methods are called by goroutines of the test. None but Park and, on the caller's own
// node, Crash gives the turn up; so that what a goroutine does between two waits, no
// other sees half done.
type Host interface {
	// Now is the true virtual time since the test began, in nanoseconds.
	Now() int64
	// Seed is the seed of the process, and Key a hash of it and of the test.
	Seed() uint64
	Key() uint64
	// Digest takes a number into the digest of the run.
	Digest(x uint64)

	// Node is where the calling goroutine runs: its node, 0 for the test itself, and the
	// incarnation of that.
	Node() (node, boot int)
	// ID is the identity of the calling goroutine, the same in every run.
	ID() uint64
	// Slot is a place for the caller's use that belongs to the calling goroutine alone.
	Slot() *any

	// Park lets the calling goroutine wait until Unpark; what is for reports. One Unpark
	// may come before its Park.
	Park(what string)
	// Self names the calling goroutine for Unpark, as long as it lives.
	Self() uintptr
	Unpark(token uintptr)

	// NewNode makes a machine that is switched off. The first of a test is number 1.
	NewNode(name string) (node int)
	// Boot switches it on, and returns which incarnation that is.
	Boot(node int) (boot int)
	// Go starts a goroutine on the present incarnation of a node, with an identity.
	Go(node int, id uint64, name string, fn func())
	// Crash ends all goroutines of a node where they stand. It does not return if the
	// caller is one of them.
	Crash(node int)
	Pause(node int)
	Resume(node int)
	// Slow lets all waits on a node that begin from now on take longer by ppm millionths.
	Slow(node int, ppm int64)
	// Clock sets the clock of a node: how far it is ahead, in nanoseconds, and how much it
	// gains from now on, in millionths.
	Clock(node int, offset, driftPPM int64)

	// OnExit has fn called when a node has ended by itself: by os.Exit, log.Fatal or a panic
	// that nobody recovered. how is that in one line, and the stack of a panic.
	OnExit(fn func(node, boot int, how string))
	// OnQuiet has fn called when nobody can go on at the present instant, before time
	// moves, if somebody did since it was called last. It must not wait.
	OnQuiet(fn func())
	// OnDeath has fn called when the process is about to end in the test, as by a panic on no
	// node, a fatal error or a deadlock. It may only Report.
	OnDeath(fn func())
	// OnStop has fn asked what there is to tell of the nodes when the run is stopped for somebody to
	// look at it, and all stands still; wrong has sentences about what cannot be told. fn has ask call
	// what belongs to a node, which may panic or wait for ever.
	OnStop(fn func(ask func(node int, fn func() string) (said, wrong string)) (state string, wrong []string))
	// Looks says at which property that function is about to look, for the report of one
	// that waits for ever.
	Looks(property string)

	// Rule begins a rule of the network of ordinary Go, EndRule ends it, and Hits is how
	// often it took effect; docs/fault-kinds.md tells what the numbers mean.
	Rule(r []int64, names []string)
	EndRule(index int)
	Hits(index int) int64
	OnHit(fn func(index int, what string))
	// Traffic is the last of what was sent over sockets, so much at most, in the flat form of
	// internal/overlay/leaf/traffic; nothing unless the run is made for a report.
	Traffic(most int) (nums []int64, texts []string)

	// Disk makes dir the disk of a node, 0 for the test itself, until the test ends: at a
	// crash of the node, what was done to files below it and not synced is lost. dir exists, is
	// absolute, and has no symbolic link in its path. level is what the file system orders: 0
	// nothing beyond POSIX, 1 as ext4 does by default, 2 all. Draws are made by key and by those
	// of the rules. It panics where the system cannot do this.
	Disk(node int, dir string, level int, key uint64)
	// DiskRule begins a rule of disks, in the flat form of internal/overlay/leaf/diskrule,
	// EndDiskRule ends those of an index, -1 all, and DiskHits is how often they took effect.
	DiskRule(nums []int64, file string)
	EndDiskRule(index int)
	DiskHits(index int) int64
	// OnDisk has fn told what chance has done, as the pick that does the same: such as
	//	lose nth=2 node=1 file="wal/0001"
	// with the index of the rule, -1 for what a crash does without any; and that a crash is due:
	//	crashat nth=7 node=1 file="wal/0001"
	// It is called in the middle of other things, must only note, and must not wait.
	OnDisk(fn func(index int, what string))
	// DiskNotes are, sorted, the ways by which the test's process went past the disks, such as
	// "mmap for writing of wal".
	DiskNotes() []string

	// Report adds a field, with a value in JSON, to the line of results of the test.
	Report(field string, json string)
}

// Of returns the host of a test, nil if it runs as plain Go. t is a *testing.T.
func Of(t any) Host {
	x, ok := t.(interface{ Samerun() any })
	if !ok {
		return nil
	}
	h, _ := x.Samerun().(Host)
	return h
}
