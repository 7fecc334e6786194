package runtime

import _ "unsafe" // for go:linkname

// samerunTraceOn says that a trace is made of the run: its record has what the test says, too.
//
//	said 12 0.001200000s 1a2b3c4d5e6f7081 err "2000/01/01 00:00:00 asked\n"
//
// has the turn, the virtual time, the goroutine, where to ("out", "err", or "log" for the log of a
// test), and the text, of which bytes that are no plain ones are written as \x0a.
var samerunTraceOn bool

// samerunSaidMost is how much of what is written at once a line has, in bytes.
const samerunSaidMost = 4 << 10

// samerunOSSaid notes what the current goroutine writes to standard output or error.
//
//go:linkname samerunOSSaid os.samerunSaid
func samerunOSSaid(fd int, b []byte) {
	if samerunTraceOn && samerunRec.fd >= 0 {
		to := "err"
		if fd == 1 {
			to = "out"
		}
		samerunRecordSaid(to, b)
	}
}

// samerunTestSaid notes what the current goroutine writes into the log of its test.
//
//go:linkname samerunTestSaid testing.samerunSaid
func samerunTestSaid(s string) {
	if samerunTraceOn && samerunRec.fd >= 0 {
		samerunRecordSaid("log", []byte(s))
	}
}

func samerunRecordSaid(to string, b []byte) {
	gp := samerunWriting()
	if gp == nil {
		return
	}
	samerunMoment("said ", gp.bubble)
	samerunHex(gp.samerun.who)
	samerunText(" ")
	samerunText(to)
	samerunText(" \"")
	for _, c := range b[:min(len(b), samerunSaidMost)] {
		if c < ' ' || c == 0x7f || c == '"' || c == '\\' {
			samerunText(`\x`)
			samerunByte("0123456789abcdef"[c>>4])
			samerunByte("0123456789abcdef"[c&15])
			continue
		}
		samerunByte(c)
	}
	samerunText("\"\n")
}

// samerunWriting returns the current goroutine, if it is one that has the turn.
func samerunWriting() *g {
	gp := getg()
	if gp.bubble == nil || !gp.bubble.samerun.on || gp != gp.m.curg {
		return nil
	}
	return gp
}
