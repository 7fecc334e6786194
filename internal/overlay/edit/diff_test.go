package edit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	var b strings.Builder
	for _, l := range strings.Fields("a b c d e f g h i j k l m n o p q r s t") {
		b.WriteString(l + "\n")
	}
	all := changes(t, "a.edit", "file x.go\n b\n+B\n\nfile x.go\n-…d\n+…D\n e…\n\nfile x.go\n-m\n-n\n+M\n\nfile x.go\n+first\n a\n\nfile x.go\n t\n+last\n")
	r, err := Apply("x.go", b.String(), all)
	if err != nil {
		t.Fatal(err)
	}
	want := `--- a/x.go
+++ b/x.go
@@ -1,7 +1,9 @@
+first
 a
 b
+B
 c
-d
+D
 e
 f
 g
@@ -10,11 +12,11 @@
 j
 k
 l
-m
-n
+M
 o
 p
 q
 r
 s
 t
+last
`
	if got := r.Diff(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := DiffNew("y.go", "package y\n\nvar x\n"), "--- /dev/null\n+++ b/y.go\n@@ -0,0 +1,3 @@\n+package y\n+\n+var x\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if r, _ := Apply("x.go", b.String(), nil); r.Diff() != "" {
		t.Errorf("nothing changes, and the diff is %q", r.Diff())
	}
}

// git makes of the text before and the diff the text after.
func TestDiffApplies(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git")
	}
	for _, c := range []struct{ name, before, edits string }{
		{"whole lines", original, "file a.go\n func one() {\n+	ours()\n\nfile a.go\n-	second()\n"},
		{"parts of lines, twice in one", original, "file a.go\ntimes 3\n-…hash(…\n+…x(…\n"},
		{"lines in parts of lines", original, "file a.go\n-…hash(2)\n+…x(\n+		2)\n \ty := …\n"},
		{"neighbours", original, "file a.go\n-	first()\n+	f()\n\nfile a.go\n-	second()\n+	s()\n+	t()\n\nfile a.go\n+	more()\n 	if x {\n"},
		{"the whole file", "x\n", "file a.go\n-x\n+y\n+z\n"},
		{"the first and the last line", original, "file a.go\n+// a\n package a\n\nfile a.go\n 	y := hash(3)\n }\n+// z\n"},
		{"no end of line", "a\nb\nc", "file a.go\n-b\n+B\n"},
	} {
		r, err := Apply("a.go", c.before, changes(t, "a.edit", c.edits))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte(c.before), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(git, "apply", "-")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(r.Diff())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s\n%s", c.name, err, out, r.Diff())
			continue
		}
		if after, err := os.ReadFile(filepath.Join(dir, "a.go")); err != nil || string(after) != r.After {
			t.Errorf("%s: %v\n%q, want\n%q\n%s", c.name, err, after, r.After, r.Diff())
		}
	}
}
