// Package place knows functions by their names: which are of the standard library and
// which of the user's, and what stays of a name when the program is edited elsewhere.
// Package runtime gets it from internal/overlay/bundle.
package place

// Standard reports whether a function, named with its package as in a stack trace, is
// one of the standard library, or of samerun's own that tests are linked with: what those do
// between two waits, nobody shall see half done.
func Standard(name string) bool {
	if len(name) > len(own) && name[:len(own)] == own {
		return isOwn(name[len(own):])
	}
	slash, dot := indexByte(name, '/'), indexByte(name, '.')
	switch {
	case slash >= 0 && (dot < 0 || slash < dot):
		return hasWord(standardFolders, name[:slash])
	case dot >= 0 && slash < 0:
		return hasWord(standardPackages, name[:dot])
	}
	// A dot before a slash is that of a host: example.com/raft.
	return dot < 0
}

// own begins the names of samerun's functions.
const own = "samerun/"

// isOwn reports whether a function, named without that, is of a package that is linked with
// tests, and none of samerun's examples and tests.
func isOwn(name string) bool {
	for i := 0; i < len(name); i++ {
		if (name[i] == '.' || name[i] == '/') && hasWord(ownPackages, name[:i]) {
			return true
		}
	}
	return false
}

const ownPackages = "clock internal/gobwire internal/host internal/keyed internal/pick internal/story internal/text internal/wire labrpc proptest sched sim"

// hasWord reports whether a list has a word.
func hasWord(list, word string) bool {
	for len(list) > 0 {
		end := indexByte(list, ' ')
		if end < 0 {
			end = len(list)
		}
		if list[:end] == word {
			return true
		}
		list = list[min(end+1, len(list)):]
	}
	return false
}

// indexByte returns where c is in s for the first time, or -1.
func indexByte(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// The first words of the names of packages of the standard library: of those that
// lie in a folder, and of the others.
const (
	standardFolders = "archive compress container crypto database debug embed encoding go hash html image index internal io iter log math mime net os path reflect regexp runtime sync testing text time unicode vendor"

	standardPackages = "bufio bytes cmp context crypto embed encoding errors expvar flag fmt hash html image io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing time unicode unique unsafe weak"
)
