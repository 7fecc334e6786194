// Package diskrule is the flat form of faults on disks of ordinary Go: what a fault does to
// the files below the folders of nodes while it lasts, in whole numbers and a name. Package
// runtime gets it from internal/overlay/bundle, and obeys it; package sim writes it.
package diskrule

// DiskKind says what a rule does. The names are those of samerun/sim/fault.
type DiskKind int64

// The kinds.
const (
	DiskUnsynced DiskKind = 1 + iota // of what was not synced, a share survives a crash
	DiskTorn                         // a write that a crash loses leaves some of its sectors
	DiskSyncFail                     // a sync fails, and what waited for it is given up
	DiskNoSpace                      // files may grow by so many bytes
	DiskSlow                         // each operation takes its time
	DiskCorrupt                      // a bit is wrong in a sector that is read
	DiskLose                         // that operation is lost at a crash, and every other one survives
	DiskCrashAt                      // the node crashes in that operation
	DiskShort                        // a write stores fewer bytes than it was asked to

	diskKinds
)

var diskKindNames = [diskKinds]string{
	DiskUnsynced: "unsynced", DiskTorn: "torn", DiskSyncFail: "syncfail", DiskNoSpace: "nospace", DiskSlow: "slowdisk",
	DiskCorrupt: "corrupt", DiskLose: "lose", DiskCrashAt: "crashat", DiskShort: "short",
}

// String is the name of the kind.
func (k DiskKind) String() string {
	if k > 0 && k < diskKinds {
		return diskKindNames[k]
	}
	return "none"
}

// DiskKindOf returns the kind of a name, and 0 for none.
func DiskKindOf(name string) DiskKind {
	for k := DiskKind(1); k < diskKinds; k++ {
		if diskKindNames[k] == name {
			return k
		}
	}
	return 0
}

// DiskMillion is the whole of a chance: parts per million.
const DiskMillion = 1000000

// DiskRule is a fault on disks. Fields that its kind does not use are 0.
type DiskRule struct {
	Index    int    // the element of the schedule; several rules may be of one
	Key      uint64 // of its decisions; the key 0 leaves nothing to chance, and is calm
	Kind     DiskKind
	Node     int    // whose disk; -1 for all
	Nth      int64  // the operation that is meant, from 1; 0 for those that chance has
	PPM      int64  // for syncfail, corrupt, short and torn, 0 is for each
	Min, Max int64  // slowdisk: in nanoseconds; Max may be 0, for Min
	Bytes    int64  // nospace: how much is left; short, with Nth: how much is stored, 0 leaves it to chance
	Sectors  int64  // torn, with Nth: above 0 how many sectors survive, below 0 ^ which
	File     string // relative to the folder of the disk, with slashes; empty for all, with one at the end for all below
}

// The places of the numbers in the flat form.
const (
	diskAtIndex = iota
	diskAtKey
	diskAtKind
	diskAtNode
	diskAtNth
	diskAtPPM
	diskAtMin
	diskAtMax
	diskAtBytes
	diskAtSectors
	diskNumbers
)

// Flat returns the rule in numbers and a name.
func (r *DiskRule) Flat() (nums []int64, file string) {
	return []int64{
		diskAtIndex: int64(r.Index), diskAtKey: int64(r.Key), diskAtKind: int64(r.Kind), diskAtNode: int64(r.Node), diskAtNth: r.Nth,
		diskAtPPM: r.PPM, diskAtMin: r.Min, diskAtMax: r.Max, diskAtBytes: r.Bytes, diskAtSectors: r.Sectors,
	}, r.File
}

// DiskRuleOf returns the rule of numbers and a name, and what is wrong with them, or nothing.
func DiskRuleOf(nums []int64, file string) (r DiskRule, problem string) {
	if len(nums) != diskNumbers {
		return r, "a rule of a fault on disks has not 10 numbers"
	}
	r = DiskRule{
		Index: int(nums[diskAtIndex]), Key: uint64(nums[diskAtKey]), Kind: DiskKind(nums[diskAtKind]), Node: int(nums[diskAtNode]), Nth: nums[diskAtNth],
		PPM: nums[diskAtPPM], Min: nums[diskAtMin], Max: nums[diskAtMax], Bytes: nums[diskAtBytes], Sectors: nums[diskAtSectors], File: file,
	}
	return r, r.Problem()
}

// Problem returns what is wrong with the rule, or nothing.
func (r *DiskRule) Problem() string {
	switch {
	case r.Kind <= 0 || r.Kind >= diskKinds:
		return "there is no such kind of rule for disks"
	case r.Index < 0:
		return "index is negative"
	case r.Node < -1:
		return "node is below -1"
	case r.PPM < 0 || r.PPM > DiskMillion:
		return "ppm is not 0 to 1000000"
	case r.Nth < 0 || r.Bytes < 0:
		return "nth or bytes is negative"
	case r.Min < 0 || r.Max < 0 || r.Max != 0 && r.Max < r.Min:
		return "min and max are not a range of times"
	case r.Nth == 0 && (r.Kind == DiskLose || r.Kind == DiskCrashAt):
		return "nth is 0, and " + r.Kind.String() + " is for one operation: count from 1"
	case r.Sectors != 0 && (r.Kind != DiskTorn || r.Nth == 0):
		return "sectors is set, and it belongs to torn with nth"
	case len(r.File) > 0 && r.File[0] == '/' && r.File != "/":
		return "file begins with a slash: it is relative to the folder of the disk"
	}
	return ""
}

// Concerns reports whether the rule is for a file of a node's disk: for its content, or, if the
// name ends in a slash, for the names in that folder; the disk's own folder is "/".
func (r *DiskRule) Concerns(node int, file string) bool {
	if r.Node != -1 && r.Node != node {
		return false
	}
	n := len(r.File)
	switch {
	case n == 0 || r.File == file:
		return true
	case r.File[n-1] == '/' && r.Kind != DiskLose:
		return n == 1 || len(file) > n && file[:n] == r.File
	}
	return false
}
