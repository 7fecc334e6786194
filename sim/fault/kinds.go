package fault

// Kind says what a fault is. Its value is its name in JSON.
type Kind string

// Group says what a kind of fault affects.
type Group string

// The groups.
const (
	Links      Group = "links"      // directed links, while the fault lasts
	Picks      Group = "picks"      // one message, picked by hand
	Partitions Group = "partitions" // many links at once
	Nodes      Group = "nodes"
	Clocks     Group = "clocks"
	Disks      Group = "disks"
	Sockets    Group = "sockets" // connections, dials and datagrams of ordinary Go
)

// The kinds. Kinds says what each does and which fields it has.
const (
	Latency   Kind = "latency"
	Loss      Kind = "loss"
	Duplicate Kind = "duplicate"
	Replay    Kind = "replay"
	Reorder   Kind = "reorder"
	Cut       Kind = "cut"
	Clog      Kind = "clog"
	Bandwidth Kind = "bandwidth"

	Drop    Kind = "drop"
	Hold    Kind = "hold"
	Twice   Kind = "twice"
	Deliver Kind = "deliver"

	Partition Kind = "partition"
	OneWay    Kind = "oneway"
	Split     Kind = "split"
	Isolate   Kind = "isolate"
	Ring      Kind = "ring"
	Bridge    Kind = "bridge"
	Flapping  Kind = "flapping"
	Swizzle   Kind = "swizzle"

	Crash Kind = "crash"
	Pause Kind = "pause"
	Slow  Kind = "slow"

	Offset Kind = "offset"
	Drift  Kind = "drift"
	Jump   Kind = "jump"

	Torn     Kind = "torn"
	SyncFail Kind = "syncfail"
	NoSpace  Kind = "nospace"
	SlowDisk Kind = "slowdisk"
	Corrupt  Kind = "corrupt"
	Unsynced Kind = "unsynced"
	Lose     Kind = "lose"
	CrashAt  Kind = "crashat"
	Short    Kind = "short"

	Reset    Kind = "reset"
	Refuse   Kind = "refuse"
	Backlog  Kind = "backlog"
	HalfOpen Kind = "halfopen"
	Stall    Kind = "stall"
	BitFlip  Kind = "bitflip"
)

// Info describes a kind of fault. The documentation, the validation and the
// checks of JSON are made from it.
type Info struct {
	Kind  Kind
	Group Group
	// Does says what the fault does, in a few short sentences.
	Does string
	// Required fields must be set, Optional ones may be; all others must be zero.
	Required, Optional Fields
	// Units says what the numbers of the kind mean.
	Units string
	// Default says what the optional fields mean when they are left out.
	Default string
	// InFlight says what happens to messages that are in flight when the fault begins or ends.
	InFlight string
	// Stream says what the kind does to streams of ordinary Go: to bytes, dials and the end
	// of a stream. Datagram says what it does to datagrams. They are empty if it does nothing
	// to them.
	Stream, Datagram string
	// Example is an element of this kind in JSON.
	Example string
}

// Uses reports whether the kind has the field at all.
func (i Info) Uses(f Fields) bool { return (i.Required|i.Optional)&f != 0 }

// Info describes the kind, and reports whether there is such a kind.
func (k Kind) Info() (Info, bool) {
	for i := range infos {
		if infos[i].Kind == k {
			return infos[i], true
		}
	}
	return Info{}, false
}

// Kinds returns all kinds, ordered by group.
func Kinds() []Info {
	table := infos // a copy, so that nobody changes the table of another run
	return table[:]
}
