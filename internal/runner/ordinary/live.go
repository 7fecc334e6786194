package ordinary

import (
	"bytes"
	"io"
	"regexp"
)

// live prints what a program prints, as it comes, without the lines in which the runtime
// of internal/overlay tells the tool which run it is: the report has them. A person sees
// the program alone.
//
// Invariant: held is the beginning of a line that can be such a one, and middle says that
// the beginning of the present line was printed already.
type live struct {
	to     io.Writer
	held   []byte
	middle bool
}

// telling matches a line for the tool.
var telling = regexp.MustCompile(`^samerun: (again: .*|the program calls os\.Exit\(\d+\)|\S+: seed \d+, virtual time \S+s, turn \d+)\n$`)

// tellingBegins is how it begins.
var tellingBegins = []byte("samerun: ")

// Write prints what cannot be such a line.
func (l *live) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n, whole := len(rest), false
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			n, whole = i+1, true
		}
		l.held, rest = append(l.held, rest[:n]...), rest[n:]
		begins := bytes.HasPrefix(l.held, tellingBegins) || bytes.HasPrefix(tellingBegins, l.held)
		switch {
		case !l.middle && whole && telling.Match(l.held):
			l.held = l.held[:0]
			continue
		case !l.middle && !whole && begins:
			continue
		}
		l.middle = !whole
		if err := l.flush(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// flush prints what is held back.
func (l *live) flush() error {
	_, err := l.to.Write(l.held)
	l.held = l.held[:0]
	return err
}

// end ends what a program has printed, with an end of line.
func (l *live) end() error {
	if len(l.held) > 0 {
		l.middle = true
	}
	if l.middle {
		l.held = append(l.held, '\n')
	}
	l.middle = false
	return l.flush()
}
