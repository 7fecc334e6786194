package edit

import (
	"strings"
	"testing"
)

const example = `# A program can lose its turn
# where it takes a lock.

# This is about both.

file sync/mutex.go
 func (m *Mutex) Lock() {
+	samerunPoint(sys.GetCallerPC())

# Before 1.26 it was another line.
file runtime/proc.go
go 1.25
times 2
-	globrunqput(gp)

-
-	more()
+	samerunPut(gp)
# An old note.
file runtime/proc.go
go 1.25-1.26
-… := typ.Hasher(…
+… := samerunHash(typ.Key, typ.Hasher, …
file runtime/malloc.go
go 1.26+
+	ours()
 	randomize = …
`

func TestParse(t *testing.T) {
	p, err := Parse("point/lock.edit", example)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "point/lock.edit" || p.Reason != "A program can lose its turn\nwhere it takes a lock." {
		t.Errorf("%q, %q", p.Name, p.Reason)
	}
	type shown struct {
		line             int
		note, file       string
		since, until     int
		times            int
		before, after    string
		midway           bool
		of25, of26, of27 bool
	}
	want := []shown{
		{6, "This is about both.", "sync/mutex.go", 0, 0, 1, "func (m *Mutex) Lock() {\n", "func (m *Mutex) Lock() {\n\tsamerunPoint(sys.GetCallerPC())\n", false, true, true, true},
		{11, "Before 1.26 it was another line.", "runtime/proc.go", 25, 25, 2, "\tglobrunqput(gp)\n\n\n\tmore()\n", "\n\tsamerunPut(gp)\n", false, true, false, false},
		{20, "An old note.", "runtime/proc.go", 25, 26, 1, " := typ.Hasher(", " := samerunHash(typ.Key, typ.Hasher, ", true, true, true, false},
		{24, "", "runtime/malloc.go", 26, 0, 1, "\trandomize = ", "\tours()\n\trandomize = ", false, false, true, true},
	}
	if len(p.Changes) != len(want) {
		t.Fatalf("%d changes, want %d", len(p.Changes), len(want))
	}
	for i, c := range p.Changes {
		got := shown{c.Line, c.Note, c.File, c.Since, c.Until, c.Times, c.Before(), c.After(), c.midway, c.Of(25), c.Of(26), c.Of(27)}
		if got != want[i] {
			t.Errorf("change %d\ngot  %+v\nwant %+v", i, got, want[i])
		}
		if c.Place != "point/lock.edit" {
			t.Errorf("change %d is of %q", i, c.Place)
		}
	}
}

func TestParseRefusals(t *testing.T) {
	const good = "# Why.\n\nfile a/b.go\n x\n+y\n"
	for _, c := range []struct{ text, want string }{
		{"", "x.edit:1: it does not begin with the reason; write it in front, in lines that begin with #"},
		{"file a/b.go\n x\n+y\n", "x.edit:1: it does not begin with the reason; write it in front, in lines that begin with #"},
		{"# Why.\n", "x.edit:1: there is no change; begin one with the word file and the name of a file of the standard library"},
		{"# Why.\n\n+y\n", "x.edit:3: this line is of no change; begin one with the word file"},
		{good + "\tz\n", `x.edit:6: "\tz" is neither file, go nor times, and lines of Go begin with a blank (it stays), - (it goes) or + (it comes)`},
		{good + "go 1.25\n", "x.edit:6: go stands behind file, before the lines"},
		{"# Why.\n\ntimes 3\n", "x.edit:3: times stands behind file, before the lines"},
		{"# Why.\n\nfile a/b.go\ntimes 1\n x\n+y\n", "x.edit:4: times is followed by one number from 2 on, and stands once; without it the lines occur once"},
		{"# Why.\n\nfile a/b.go\ntimes 3\ntimes 3\n x\n+y\n", "x.edit:5: times is followed by one number from 2 on, and stands once; without it the lines occur once"},
		{"# Why.\n\nfile a/b.go\ngo 1.25,1.26\n x\n+y\n", "x.edit:4: go is followed by versions, such as 1.25, 1.25-1.26 or 1.26+, and stands once"},
		{"# Why.\n\nfile a/b.go\ngo 1.25\ngo 1.26\n x\n+y\n", "x.edit:5: go is followed by versions, such as 1.25, 1.25-1.26 or 1.26+, and stands once"},
		{"# Why.\n\nfile a/b.go\ngo 1.26-1.25\n x\n+y\n", "x.edit:4: go 1.26-1.25: the second version is not later than the first"},
		{"# Why.\n\nfile ../b.go\n x\n+y\n", `x.edit:3: "../b.go" is not the name of a Go file below GOROOT/src, such as runtime/proc.go`},
		{"# Why.\n\nfile a//b.go\n x\n+y\n", `x.edit:3: "a//b.go" is not the name of a Go file below GOROOT/src, such as runtime/proc.go`},
		{"# Why.\n\nfile a/b.s\n x\n+y\n", `x.edit:3: "a/b.s" is not the name of a Go file below GOROOT/src, such as runtime/proc.go`},
		{"# Why.\n\nfile a/b.go\n x\n", "x.edit:3: the change of a/b.go changes nothing; lines that go begin with -, lines that come with +"},
		{"# Why.\n\nfile a/b.go\nfile c/d.go\n x\n+y\n", "x.edit:3: the change of a/b.go changes nothing; lines that go begin with -, lines that come with +"},
		{"# Why.\n\nfile a/b.go\n+y\n", "x.edit:3: the change of a/b.go does not say where; show a line that stays or goes"},
		{"# Why.\n\nfile a/b.go\n-……\n+…y…\n", "x.edit:3: the change of a/b.go does not say where; show a line that stays or goes"},
		{"# Why.\n\nfile a/b.go\n-x…\n+y\n", "x.edit:3: the change of a/b.go has … at an end of what goes but not of what comes, or the other way round"},
		{"# Why.\n\nfile a/b.go\n-x\n+…y\n", "x.edit:3: the change of a/b.go has … at an end of what goes but not of what comes, or the other way round"},
		{"# Why.\n\nfile a/b.go\n-…x\n", "x.edit:3: the change of a/b.go has … at an end of what goes but not of what comes, or the other way round"},
		{"# Why.\n\nfile a/b.go\n x…\n+y…\n", "x.edit:3: the change of a/b.go has … at an end of what goes but not of what comes, or the other way round"},
		{"# Why.\r\n", "x.edit:1: it ends as lines of Windows do; save the file with plain line ends"},
	} {
		p, err := Parse("x.edit", c.text)
		if err == nil || err.Error() != c.want {
			t.Errorf("%q gives %+v\nerror %v\nwant  %s", c.text, p, err, c.want)
		}
	}
}

// Whatever is read is an error that names the line, or changes that can be made to a
// file that has the lines, and are missed in one that has not.
func FuzzParse(f *testing.F) {
	f.Add(example)
	f.Add("# Why.\n\nfile a/b.go\n…x…\n-…a…\n+…b…")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse("x.edit", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x.edit:") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q", err)
			}
			return
		}
		for _, c := range p.Changes {
			c.Times = 1
			one := []Change{c}
			r, err := Apply(c.File, c.Before(), one)
			if strings.Count(c.Before()+c.Before(), c.Before()) > 2 {
				continue // such as "aa" in "aaaa"
			}
			if err != nil || r.After != c.After() {
				t.Errorf("%v; %q became %+v, want %q", err, c.Before(), r, c.After())
			}
			if _, err := Apply(c.File, "", one); err == nil || !strings.Contains(err.Error(), "0 times") {
				t.Errorf("nobody missed %q: %v", c.Before(), err)
			}
		}
	})
}
