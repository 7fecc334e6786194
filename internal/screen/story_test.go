package screen

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

const aStory = `property "atomic commit" broken at 7.6s: p0 has aborted
2 faults, which both took effect:
  6.400s  clog  p1 → c  reply
nearest run that passes: without the fault
all that happened, each message where it is lost (╳):
                 c      p0
  …              ┊       ┊     … 3 boots …
  6.400000s      │       │     fault  cut c → p0
  6.600000s      ├──────╳│     Decide #1 is cut off
  6.600000s      ◇──────┤│     Outcome is held
  6.700000s      ╳       │     c  crashes (boot 1)
  6.800000s      ◀───────┤     Outcome #2
  6.900000s      │       │     ends  cut c → p0
  7.609500s      │       │     fail  property "atomic commit"
… and 3 more`

// Colours say what signs and words say, too: without them the text is the same.
func TestStoryInColours(t *testing.T) {
	var out bytes.Buffer
	sc := New(&out, &out, "", "")
	if got := sc.Story(aStory); got != aStory {
		t.Errorf("in a pipe a story is %q", got)
	}
	sc.color = true
	sc.Print(sc.Story(aStory))
	got := out.String()
	if plain := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(got, ""); plain != aStory {
		t.Errorf("without its colours it is\n%s", plain)
	}
	for _, want := range []string{
		"\x1b[31;1mproperty \"atomic commit\" broken at 7.6s: p0 has aborted\x1b[0m\n",
		"\x1b[35m  6.400s  clog  p1 → c  reply\x1b[0m\nnearest run",
		"\n\x1b[2m  …              ┊       ┊     … 3 boots …\x1b[0m\n",
		"     \x1b[35mfault  cut c → p0\x1b[0m\n",
		"├──────\x1b[35m╳\x1b[0m│     \x1b[35mDecide #1 is cut off\x1b[0m\n",
		"\x1b[35m◇\x1b[0m──────┤│     \x1b[35mOutcome is held\x1b[0m\n",
		"\x1b[35;1m╳\x1b[0m       │     \x1b[35;1mc  crashes (boot 1)\x1b[0m\n",
		"     Outcome #2\n",
		"     \x1b[2mends  cut c → p0\x1b[0m\n",
		"     \x1b[31;1mfail  property \"atomic commit\"\x1b[0m\n… and 3 more",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%q", want, got)
		}
	}
	out.Reset()
	sc.Print(sc.Story("--- FAIL: TestX\n    \x1b[2Kfaults:"))
	if got := out.String(); got != "\x1b[31;1m--- FAIL: TestX\x1b[0m\n    \\x1b[2Kfaults:" {
		t.Errorf("%q", got)
	}
}

func TestLocale(t *testing.T) {
	for _, tt := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", true}, {"", "", "C", false}, {"", "", "POSIX", false}, {"", "", "en_GB.UTF-8", true}, {"", "", "de_DE.utf8", true}, {"", "", "de_DE.ISO-8859-1", false},
		{"C", "en_GB.UTF-8", "en_GB.UTF-8", false}, {"", "UTF-8", "C", true}, {"C.UTF-8", "C", "C", true}, {"", "C", "en_GB.UTF-8", false},
	} {
		env := map[string]string{"LC_ALL": tt.all, "LC_CTYPE": tt.ctype, "LANG": tt.lang}
		lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
		if got := UTF8(lookup); got != tt.want {
			t.Errorf("%+v: UTF-8 %t", tt, got)
		}
		if OnlyASCII(&bytes.Buffer{}, lookup) {
			t.Errorf("%+v: what is no terminal gets ASCII", tt)
		}
		// The null device passes for a terminal.
		null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if OnlyASCII(null, lookup) == tt.want || OnlyASCII(&Output{To: null}, lookup) == tt.want {
			t.Errorf("%+v: a terminal gets ASCII: %t", tt, !tt.want)
		}
		null.Close()
	}
}

// A character may come in two writes.
func TestOutputInASCII(t *testing.T) {
	var out bytes.Buffer
	o := &Output{To: &out, ASCII: true}
	text := "a → b ├──╳│ \x1b[35mµ\x1b[0m …\n"
	for i := 0; i < len(text); i++ {
		if n, err := o.Write([]byte(text[i : i+1])); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	if got := out.String(); got != "a -> b +--x| \x1b[35mu\x1b[0m ...\n" {
		t.Errorf("%q", got)
	}
	out.Reset()
	(&Output{To: &out}).Write([]byte(text))
	if out.String() != text {
		t.Errorf("where there is UTF-8: %q", out.String())
	}
}
