package testing

import (
	"strings"
	_ "unsafe" // for go:linkname
)

//go:linkname samerunLate
func samerunLate() bool

// samerunFailed is the test that has failed last and said where the others wait.
var samerunFailed string

// samerunFails is called when a test fails. If it has just waited for a time, it may be that
// it waited in vain for the others, and then it says where those are, once, in a run
// that is made for a report.
func samerunFails(c *common) {
	if !samerunNotes() || !samerunActive() || !samerunLate() {
		return
	}
	top, _, _ := strings.Cut(c.name, "/")
	n := c.destination()
	if top == samerunFailed || n == nil || n.o == nil {
		return
	}
	samerunFailed = top
	const most = 6
	text := samerunWaits(most, true, nil)
	if text == "" {
		return
	}
	n.flushPartial()
	var b strings.Builder
	b.WriteString("at that moment others waited:\n")
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString("  " + line)
		}
	}
	n.o.Write([]byte(b.String()))
}

// samerunAtLimit says where the goroutines of a test stand that has come to the limit of
// -timeout, as the end of what the process says then.
func samerunAtLimit() string {
	_, _, _, running := samerunPulse()
	if !running {
		return ""
	}
	return "\n\nthe goroutines of the test:\n\n" + samerunWaits(samerunMostTold, false, nil)
}
