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
	var name [64]byte
	var digits [20]byte
	n := copy(name[:], "/proc/self/task/")
	n += copy(name[n:], itoa(digits[:], tid))
	copy(name[n:], "/syscall")
	fd := open(&name[0], 0, 0)
	if fd < 0 {
		return true // as far as can be known
	}
	var text [64]byte
	got := read(fd, noescape(unsafe.Pointer(&text[0])), int32(len(text)))
	closefd(fd)
	if got <= 0 || text[0] < '0' || text[0] > '9' {
		return false // it runs
	}
	words := text[:got]
	call, words := samerunFirstWord(words)
	first, _ := samerunFirstWord(words)
	output := string(first) == "0x1" || string(first) == "0x2"
	return string(call) != samerunWriteCall() || !output
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
