package screen

import (
	"bytes"
	"strings"
	"testing"
)

// visible is what a terminal shows of the last row after these bytes.
func visible(text string) string {
	var row []rune
	at := 0
	for _, r := range text {
		switch r {
		case '\r':
			at = 0
		case '\b':
			at--
		case '\n':
			row, at = nil, 0
		default:
			for len(row) <= at {
				row = append(row, ' ')
			}
			row[at] = r
			at++
		}
	}
	return strings.TrimRight(string(row), " ")
}

func TestScreenOnATerminal(t *testing.T) {
	var out bytes.Buffer
	sc := &Screen{out: &out, err: &out, live: true}
	sc.status("a long line of progress")
	sc.status("short")
	if got := visible(out.String()); got != "short" {
		t.Errorf("the row shows %q", got)
	}
	sc.Note("a note")
	if !strings.Contains(out.String(), "\ra note\n") || visible(out.String()) != "" {
		t.Errorf("the note is not on a row of its own: %q", out.String())
	}
	sc.status("again")
	sc.clear()
	if got := visible(out.String()); got != "" || strings.Contains(out.String(), "\x1b") {
		t.Errorf("not clear: %q in %q", got, out.String())
	}
}

func TestScreenInAPipe(t *testing.T) {
	var out, errOut bytes.Buffer
	sc := New(&out, &errOut, "", "")
	for _, line := range []string{"", "1 of 3", "1 of 3", "2 of 3"} {
		sc.status(line)
	}
	sc.Print(sc.Paint(Red, "FAIL") + "\n")
	if sc.interval != plainInterval || errOut.String() != "1 of 3\n2 of 3\n" || out.String() != "FAIL\n" {
		t.Errorf("stderr %q, stdout %q", errOut.String(), out.String())
	}
	sc.color = true
	if got := sc.Paint(Red, "FAIL"); got != "\x1b[31;1mFAIL\x1b[0m" {
		t.Errorf("red is %q", got)
	}
}
