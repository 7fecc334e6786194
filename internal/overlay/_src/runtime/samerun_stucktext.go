package runtime

import _ "unsafe" // for go:linkname

// What is told of goroutines that wait for ever.

// samerunFindLeaks looks for goroutines of the test that has ended last which wait for
// ever, and returns how many there are.
//
//go:linkname samerunFindLeaks testing.samerunFindLeaks
func samerunFindLeaks() int {
	return samerunFindStuck(&samerunWorld, samerunForEver)
}

// samerunStuckAt tells of the i-th goroutine that samerunFindStuck has found last: where it
// waits, such as "desk.go:41", and in which function, for what, and all of that in lines
// that end, with where it was started.
//
//go:linkname samerunStuckAt testing.samerunStuckAt
func samerunStuckAt(i int) (place, function, wait, text string) {
	s := samerunSearching.at(i)
	frames := samerunUsersFrames(s.frames[:s.n])
	wait = samerunWaitText(s.reason)
	text = "waits for ever " + wait + samerunSince(s.since) + "\n"
	for i, f := range frames {
		if i == 0 {
			place, function = samerunLineOf(f), samerunPlainName(f.Function)
		}
		text += "    at " + samerunPlainName(f.Function) + " " + samerunLineOf(f) + "\n"
	}
	// A test is started by main.main.
	if f, _ := CallersFrames([]uintptr{s.from}).Next(); s.from != 0 && f.Function != "" && f.Function != "main.main" {
		text += "    started in " + samerunPlainName(f.Function) + " " + samerunLineOf(f) + "\n"
		if place == "" {
			place, function = samerunLineOf(f), samerunPlainName(f.Function)
		}
	}
	return place, function, wait, text
}

// samerunUsersFrames are the frames of the user's among some. If there are none, as in a
// goroutine of the standard library's own, it is the innermost one that is not of those
// packages that wait on behalf of others.
func samerunUsersFrames(pcs []uintptr) (users []Frame) {
	var library []Frame
	for all, more := CallersFrames(append([]uintptr(nil), pcs...)), len(pcs) > 0; more; {
		var f Frame
		f, more = all.Next()
		switch {
		case f.Function == "":
		case !samerunStandard(f.Function):
			users = append(users, f)
		case len(library) == 0 && !samerunWaitsForOthers(f.Function):
			library = append(library, f)
		}
	}
	if len(users) == 0 {
		return library
	}
	return users
}

// samerunWaitsForOthers reports whether a function is of a package in which others wait.
func samerunWaitsForOthers(name string) bool {
	for _, begin := range [...]string{"runtime.", "internal/", "sync."} {
		if len(name) >= len(begin) && name[:len(begin)] == begin {
			return true
		}
	}
	return false
}

// samerunLineOf is the file of a frame, without its folder, and the line.
func samerunLineOf(f Frame) string {
	file := f.File
	for i := len(file) - 1; i >= 0; i-- {
		if file[i] == '/' || file[i] == '\\' {
			file = file[i+1:]
			break
		}
	}
	return file + ":" + samerunDigits(uint64(f.Line))
}

// samerunPlainName is the name of a function without the path of its package and without
// type arguments.
func samerunPlainName(name string) string {
	plain := make([]byte, 0, len(name))
	depth := 0
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth > 0:
		case c == '/':
			plain = plain[:0]
		default:
			plain = append(plain, c)
		}
	}
	return string(plain)
}

// samerunDigits is a number in decimal.
func samerunDigits(x uint64) string {
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + x%10)
		if x /= 10; x == 0 {
			return string(digits[i:])
		}
	}
}

// samerunSince says since when a goroutine waits, by the clock of the test.
func samerunSince(since int64) string {
	first := samerunTurns.first
	if since < first {
		return ""
	}
	return ", since " + samerunSeconds(uint64(since-first))
}

// samerunSeconds is a time of so many nanoseconds, to the microsecond.
func samerunSeconds(ns uint64) string {
	us := ns / 1000
	return samerunDigits(us/1000000) + "." + samerunDigits(1000000 + us%1000000)[1:] + "s"
}

// samerunStucks is how many goroutines the last search has found.
//
//go:linkname samerunStucks testing.samerunStucks
func samerunStucks() int { return samerunSearching.n }

// samerunWaitText says what a goroutine waits for.
func samerunWaitText(reason waitReason) string {
	switch reason {
	case waitReasonSelectNoCases:
		return "in a select without cases"
	case waitReasonChanSendNilChan:
		return "to send to a nil channel"
	case waitReasonChanReceiveNilChan:
		return "to receive from a nil channel"
	case waitReasonSelect, waitReasonSynctestSelect:
		return "in a select"
	case waitReasonChanReceive, waitReasonSynctestChanReceive:
		return "to receive from a channel"
	case waitReasonChanSend, waitReasonSynctestChanSend:
		return "to send to a channel"
	case waitReasonSyncCondWait:
		return "for a sync.Cond"
	case waitReasonSyncMutexLock:
		return "for a sync.Mutex"
	case waitReasonSyncRWMutexRLock:
		return "to read-lock a sync.RWMutex"
	case waitReasonSyncRWMutexLock:
		return "to lock a sync.RWMutex"
	case waitReasonSyncWaitGroupWait, waitReasonSynctestWaitGroupWait:
		return "for a sync.WaitGroup"
	}
	return "in " + reason.String()
}
