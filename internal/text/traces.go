package text

import (
	"fmt"
	"regexp"
	"strings"
)

// What the runtime and the race detector print about goroutines.
var (
	traceHead    = regexp.MustCompile(`^(\s*)goroutine (\d+) (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[([^\]]*)\]:$`)
	traceFile    = regexp.MustCompile(`^(\t| {6})(\S.*\.(?:go|s):\d+)(?: \+0x[0-9a-f]+)?(?: fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+)?$`)
	traceBirth   = regexp.MustCompile(`^(\s*created by .* in goroutine )(\d+)$`)
	raceAccess   = regexp.MustCompile(`^(\s*.*(?:[Rr]ead|[Ww]rite) at )(0x[0-9a-f]+)( by (?:main )?goroutine)( \d+)?:$`)
	raceBirth    = regexp.MustCompile(`^(\s*Goroutine )(\d+)( \((?:running|finished)\) created at:)$`)
	traceSignal  = regexp.MustCompile(`^(\s*\[signal [^\n]*?) addr=(0x[0-9a-f]+) pc=0x[0-9a-f]+\]$`)
	traceState   = regexp.MustCompile(` \(durable\)|, synctest bubble \d+|, \d+ minutes`)
	heapAddress  = regexp.MustCompile(`\b0x(?:00)?(?:c0|40)[0-9a-f]{8}\b`)
	panicPointer = regexp.MustCompile(`\b0x[0-9a-f]{5,}\b`)
)

// PlainTraces takes out of an output what differs from run to run though the runs are the
// same: in what the runtime prints of panics, fatal errors and races, goroutines are numbered
// by first appearance, and so are addresses; arguments, offsets and the traces of
// goroutines that did not fail are left out. What a program prints stays, but for what
// looks like an address of Go's heap. A text that was made plain stays as it is.
func PlainTraces(output string) string {
	if !strings.Contains(output, "goroutine ") && !strings.Contains(output, "Goroutine ") && !strings.Contains(output, "0x") {
		return output
	}
	t := traces{goroutines: make(map[string]int), addresses: make(map[string]int)}
	lines := strings.Split(output, "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if n := t.skipped(lines[i:]); n > 0 {
			i += n - 1
			continue
		}
		if i+1 < len(lines) && traceFile.MatchString(lines[i+1]) {
			line = withoutArguments(line)
		}
		out = append(out, t.plain(line))
	}
	return strings.Join(out, "\n")
}

// traces is what has appeared so far.
type traces struct {
	goroutines, addresses map[string]int
	fatal                 bool // a fatal error or a panic was told of
	timeout               bool // of package testing: no trace tells anything
	shown                 bool // and so was the goroutine in which it was
	pointers              bool // what the line before printed goes on: the value of a panic
}

// skipped is how many lines, from the first on, tell of a goroutine that did not fail.
func (t *traces) skipped(lines []string) int {
	line := lines[0]
	switch {
	case strings.HasPrefix(line, "panic: test timed out after "):
		t.fatal, t.timeout, t.shown = true, true, false
	case strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "fatal error: "):
		t.fatal, t.timeout, t.shown = true, false, false
	}
	stack := t.fatal && line == "runtime stack:"
	if !stack && (!t.fatal || !traceHead.MatchString(line)) {
		return 0
	}
	if !stack && !t.shown && !t.timeout {
		t.shown = true
		return 0
	}
	n := 1
	for n < len(lines) && lines[n] != "" {
		n++
	}
	if n < len(lines) {
		n++ // the empty line
	}
	return n
}

// plain is a line without what differs.
func (t *traces) plain(line string) string {
	if !strings.HasPrefix(strings.TrimSpace(line), "panic: ") && !strings.HasPrefix(line, "\t") {
		t.pointers = false
	}
	switch m := traceHead.FindStringSubmatch(line); {
	case m != nil:
		return fmt.Sprintf("%sgoroutine %d [%s]:", m[1], number(t.goroutines, m[2]), traceState.ReplaceAllString(m[3], ""))
	case strings.HasPrefix(strings.TrimSpace(line), "panic: "):
		t.pointers = true
	}
	if m := traceBirth.FindStringSubmatch(line); m != nil {
		return fmt.Sprintf("%s%d", m[1], number(t.goroutines, m[2]))
	}
	if m := traceFile.FindStringSubmatch(line); m != nil {
		return m[1] + m[2]
	}
	if m := raceAccess.FindStringSubmatch(line); m != nil {
		by := m[3]
		if m[4] != "" {
			by += fmt.Sprintf(" %d", number(t.goroutines, m[4][1:]))
		}
		return m[1] + t.address(m[2]) + by + ":"
	}
	if m := raceBirth.FindStringSubmatch(line); m != nil {
		return fmt.Sprintf("%s%d%s", m[1], number(t.goroutines, m[2]), m[3])
	}
	if m := traceSignal.FindStringSubmatch(line); m != nil {
		const small = len("0xffff") // an offset from nil tells which field it was
		if len(m[2]) > small {
			m[2] = t.address(m[2])
		}
		return m[1] + " addr=" + m[2] + "]"
	}
	if t.pointers {
		line = panicPointer.ReplaceAllStringFunc(line, t.address)
	}
	return heapAddress.ReplaceAllStringFunc(line, t.address)
}

// address is what stands for an address.
func (t *traces) address(a string) string {
	a = strings.TrimLeft(strings.TrimPrefix(a, "0x"), "0")
	return fmt.Sprintf("0x#%d", number(t.addresses, a))
}

// number is the how manieth of some names one is, by first appearance, from 1.
func number(all map[string]int, name string) int {
	n, ok := all[name]
	if !ok {
		n = len(all) + 1
		all[name] = n
	}
	return n
}

// withoutArguments is a line of a trace that names a function: with three dots in place of
// its arguments, as where it was inlined.
func withoutArguments(line string) string {
	if !strings.HasSuffix(line, ")") {
		return line
	}
	depth := 0
	for i := len(line) - 1; i > 0; i-- {
		switch line[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				if i == len(line)-2 {
					return line // there are none
				}
				return line[:i] + "(...)"
			}
		}
	}
	return line
}
