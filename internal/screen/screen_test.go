package screen

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
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
	out.Reset()
	sc.Print(sc.Paint(Red, "FAIL") + "\n")
	if got := out.String(); got != "\x1b[31;1mFAIL\x1b[0m\n" {
		t.Errorf("red is %q", got)
	}
}

// What comes from a program or a file has no effect on the terminal, whether or not that
// takes colours.
func TestNothingRawReachesTheTerminal(t *testing.T) {
	const evil = "x\x1b[2K\x1b[32mok\r\x07\x9b31m\u0085\u202ey\xff"
	for _, color := range []bool{false, true} {
		var out, errOut bytes.Buffer
		sc := New(&out, &errOut, "", "")
		sc.color = color
		sc.Print(sc.Paint(Red, evil) + evil + "\n")
		sc.Note(evil)
		sc.status(evil + "\nok")
		got := strings.NewReplacer("\x1b[31;1m", "", "\x1b[0m", "").Replace(out.String()) + errOut.String()
		if strings.ContainsAny(got, "\x1b\r\x07\u0085\u202e") || !utf8.ValidString(got) || strings.Count(got, `x\x1b[2K`) != 4 || strings.Count(got, "\n") != 3 {
			t.Errorf("colours %t: %q", color, got)
		}
	}
}
