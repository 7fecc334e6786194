package runtime

import (
	"internal/goarch"
	"unsafe"
)

// samerunBlocked reports whether a thread waits in the system for something: not for a
// processor or a disk, which are busy by chance, and not until its output is taken, which
// is the tool's business. It asks /proc, where the line of the thread has the number of the
// system call and its first argument.
func samerunBlocked(tid uint64) bool {
	var text [512]byte
	words := samerunThreadFile(tid, "/syscall", text[:])
	if words == nil {
		return true // as far as can be known
	}
	if len(words) == 0 || words[0] < '0' || words[0] > '9' {
		return false // it runs
	}
	call, rest := samerunFirstWord(words)
	first, _ := samerunFirstWord(rest)
	output := string(first) == "0x1" || string(first) == "0x2"
	if output && string(call) == samerunWriteCall() {
		return false
	}
	// Who waits for a disk cannot be interrupted, and may have become ready since the first look: the
	// state behind the name, which is in brackets and may have some itself, is that of a sleep that
	// can be interrupted, or nothing is waited for.
	words = samerunThreadFile(tid, "/stat", text[:])
	for i := len(words) - 3; i > 0; i-- {
		if words[i] == ')' {
			return words[i+2] == 'S'
		}
	}
	return true
}

// samerunThreadFile reads what /proc has of a thread into room; nil if there is no such file.
func samerunThreadFile(tid uint64, file string, room []byte) []byte {
	var name [64]byte
	var digits [20]byte
	n := copy(name[:], "/proc/self/task/")
	n += copy(name[n:], itoa(digits[:], tid))
	copy(name[n:], file)
	fd := open(&name[0], 0, 0)
	if fd < 0 {
		return nil
	}
	got := read(fd, noescape(unsafe.Pointer(&room[0])), int32(len(room)))
	closefd(fd)
	return room[:max(0, got)]
}

// samerunFirstWord returns the first word of a line, and what comes behind it.
func samerunFirstWord(line []byte) (word, rest []byte) {
	for i, c := range line {
		if c == ' ' || c == '\n' {
			return line[:i], line[i+1:]
		}
	}
	return line, nil
}

// samerunWriteCall is the number of the system call that writes.
func samerunWriteCall() string {
	switch goarch.GOARCH {
	case "amd64":
		return "1"
	case "386", "arm":
		return "4"
	}
	return "64"
}
