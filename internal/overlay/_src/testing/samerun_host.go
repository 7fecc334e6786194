package testing

import _ "unsafe" // for go:linkname

// These are in package runtime.

//go:linkname samerunNode
func samerunNode() (node, boot uint32)

//go:linkname samerunNewNode
func samerunNewNode(name string) int

//go:linkname samerunBoot
func samerunBoot(node int) int

//go:linkname samerunCrashNode
func samerunCrashNode(node int)

//go:linkname samerunNodesOver
func samerunNodesOver(all bool)

//go:linkname samerunPauseNode
func samerunPauseNode(node int)

//go:linkname samerunResumeNode
func samerunResumeNode(node int)

//go:linkname samerunQuietWait
func samerunQuietWait() bool

//go:linkname samerunSetClock
func samerunSetClock(node int, offset, ppm int64)

//go:linkname samerunSetSlow
func samerunSetSlow(node int, ppm int64)

//go:linkname samerunNodeExits
func samerunNodeExits(f func(node, boot int, how string))

//go:linkname samerunGoOn
func samerunGoOn(node int, id uint64, name string)

//go:linkname samerunSelf
func samerunSelf() uintptr

//go:linkname samerunHostSlot
func samerunHostSlot() *any

//go:linkname samerunHostPark
func samerunHostPark(what string)

//go:linkname samerunHostUnpark
func samerunHostUnpark(token uintptr)

//go:linkname samerunHostID
func samerunHostID() uint64

//go:linkname samerunHostNow
func samerunHostNow() int64

//go:linkname samerunHostKey
func samerunHostKey() uint64

//go:linkname samerunHostDigest
func samerunHostDigest(x uint64)

// Samerun returns what samerun's own packages ask of the test: a value whose methods they
// know, or nil if there is no seed. Programs have no use for it, and without the overlay it is not there.
func (c *common) Samerun() any {
	if !samerunSeeded() || !samerunActive() {
		return nil
	}
	return &samerunHost{c}
}

// samerunHost is that value. Its methods have types of the language alone, so that a module
// can state them as an interface. All but Now, Seed and Key are for goroutines of the test that
// have the turn, which is any that runs.
type samerunHost struct{ c *common }

// Now returns how many nanoseconds have passed since the test began, by no node's clock.
func (*samerunHost) Now() int64 { return samerunHostNow() }

// Seed returns the seed of the run.
func (*samerunHost) Seed() uint64 { return samerunSeed() }

// Key returns a hash of the seed and the name of the top-level test.
func (*samerunHost) Key() uint64 { return samerunHostKey() }

// Digest mixes x into the digest of the run.
func (*samerunHost) Digest(x uint64) { samerunHostDigest(x) }

// Node returns on which node and in which boot of it the caller runs; 0 for none.
func (*samerunHost) Node() (node, boot int) {
	n, b := samerunNode()
	return int(n), int(b)
}

// ID returns the identity of the caller, which is the same for each seed.
func (*samerunHost) ID() uint64 { return samerunHostID() }

// Slot returns a place for what belongs to the caller. It is nil at first, and not inherited.
func (*samerunHost) Slot() *any { return samerunHostSlot() }

// Self returns a token by which others unpark the caller. It is valid while that lives, and
// no other goroutine ever has it.
func (*samerunHost) Self() uintptr { return samerunSelf() }

// Park waits until another goroutine unparks the caller. Reports say what it waits for. It
// returns at once if the caller was unparked since it waited last.
func (*samerunHost) Park(what string) { samerunHostPark(what) }

// Unpark lets the goroutine that has the token go on, if it waits in Park; else its next
// Park returns at once. The caller keeps its turn.
func (*samerunHost) Unpark(token uintptr) { samerunHostUnpark(token) }

// NewNode makes a node that is off, and returns its number: 1 for the first of a test.
func (*samerunHost) NewNode(name string) (node int) { return samerunNewNode(name) }

// Boot switches a node on, and returns how manieth time that is. It panics if the node is on.
func (*samerunHost) Boot(node int) (boot int) { return samerunBoot(node) }

// Go starts a goroutine on the present boot of a node, 0 for the test itself, with an
// identity that no other has, and a name for reports. It panics if the node is off.
func (*samerunHost) Go(node int, id uint64, name string, fn func()) {
	samerunGoOn(node, id, name)
	go fn()
}

// Crash switches a node off: none of its goroutines gets a turn any more, and no deferred call
// of theirs runs. It does not return if the caller is one of them, and does nothing if the
// node is off.
func (*samerunHost) Crash(node int) { samerunCrashNode(node) }

// OnExit says what is to be called, in a goroutine of the test, when os.Exit, log.Fatal or a
// panic that nobody recovers has ended a node: which boot of it, and how, such as "os.Exit(1)",
// or "panic: " with the stack behind it. Without such a function they end the process.
func (*samerunHost) OnExit(fn func(node, boot int, how string)) {
	samerunNodeExits(func(node, boot int, how string) { go fn(node, boot, how) })
}

// Pause lets a node stand still, until Resume: what its goroutines wait for comes, and they do
// not go on. If the caller is one of them, Pause returns when the node goes on. It does nothing
// if the node is off or paused.
func (*samerunHost) Pause(node int) { samerunPauseNode(node) }

// Resume lets a paused node go on, in the order in which its goroutines became ready.
func (*samerunHost) Resume(node int) { samerunResumeNode(node) }

// samerunWhenQuiet is what OnQuiet is to call; nil if nobody has said so in the test.
var samerunWhenQuiet func()

// OnQuiet says what is to be called when nobody can go on at an instant, before the clock moves,
// if anybody has had a turn since it was called last. It runs in a goroutine of its own, sees what
// all others have done, and must not wait for them. The last one counts.
func (*samerunHost) OnQuiet(fn func()) {
	begins := samerunWhenQuiet == nil
	if samerunWhenQuiet = fn; begins {
		samerunGoOn(0, samerunQuietID, "quiet")
		go samerunLookWhenQuiet()
	}
}

// samerunLooksAt is the property that is looked at, or was last.
var samerunLooksAt string

// OnDeath says what is to be called when the process is about to end in the test, by a panic on no
// node or a fatal error: it may Report, and must neither wait nor use the world. The last one counts.
func (*samerunHost) OnDeath(fn func()) { samerunOnDeath = fn }

// Looks says at which property who was told of by OnQuiet is about to look, for reports.
func (*samerunHost) Looks(property string) { samerunLooksAt = property }

//go:linkname samerunCheckStuck
func samerunCheckStuck() (looks, holder uint64, node string)

// samerunQuietID is the identity of that goroutine.
const samerunQuietID = 0x7175696574

func samerunLookWhenQuiet() {
	for samerunQuietWait() {
		samerunWhenQuiet()
	}
}

// Report adds a field to what the tool hears of the test: its name, and a value in JSON.
func (*samerunHost) Report(field string, json string) {
	if s := samerunNow; s != nil {
		s.reported += `,"` + field + `":` + json
	}
}

// Slow lets what a node waits for take longer by ppm millionths, from now on. It panics if ppm
// is below 0.
func (*samerunHost) Slow(node int, ppm int64) { samerunSetSlow(node, ppm) }

// Clock lets the date of a node be ahead by offset nanoseconds, and its clock gain driftPPM
// millionths from now on. It panics beyond ±500000.
func (*samerunHost) Clock(node int, offset, driftPPM int64) { samerunSetClock(node, offset, driftPPM) }
