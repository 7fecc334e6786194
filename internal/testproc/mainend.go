package testproc

import "strings"

// CheckMain compares the exit status of a test binary, if that is 0, with what package
// testing prints when m.Run is done: FAIL or PASS at the end of a line. A test or TestMain
// may have ended the process in another way, and then the status says nothing.
func (e *Ending) CheckMain() {
	if !e.OK {
		return
	}
	done, failed, named := false, false, false
	for line := range strings.Lines(e.Output) {
		// What a test prints without a newline stands before it.
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasSuffix(line, "PASS"):
			done, failed = true, false
		case strings.HasSuffix(line, "FAIL"):
			done, failed = true, true
		case strings.HasPrefix(strings.TrimSpace(line), "--- FAIL: "):
			named = true
		}
	}
	switch {
	case !done:
		e.OK, e.Odd = false, "the process ended with exit status 0 before m.Run was done: a test calls syscall.Exit, or TestMain does not call m.Run"
	case failed && named:
		e.OK, e.Odd = false, "tests failed, and TestMain ended the process with exit status 0: it must pass on what m.Run returns"
	}
}
