package edit

import (
	"strings"
	"testing"
)

// changes reads the changes of a place, whose reason is left out.
func changes(t *testing.T, name, text string) []Change {
	t.Helper()
	p, err := Parse(name, "# Why.\n\n"+text)
	if err != nil {
		t.Fatal(err)
	}
	return p.Changes
}

const original = `package a

func one() {
	first()
	second()
	if x {
		first()
	}
}

func two() {
	x := hash(1) + hash(2)
	y := hash(3)
}
`

func TestApply(t *testing.T) {
	all := changes(t, "a.edit", `file a.go
 func one() {
+	ours()

file a.go
times 3
-…hash(…
+…samerunHash(0, …

file a.go
 	second()
-	if x {
-		first()
-	}
+	if y {
+		third()
+	}
 }

file a.go
+// twice
 	first()
`)
	// A second place, which does not change what the first one does, only shows it.
	all = append(all, changes(t, "b.edit", "file a.go\n+// Two.\n func two() {\n 	x := …\n")...)
	want := `package a

func one() {
	ours()
	// twice
	first()
	second()
	if y {
		third()
	}
}

// Two.
func two() {
	x := samerunHash(0, 1) + samerunHash(0, 2)
	y := samerunHash(0, 3)
}
`
	// The note "twice" is one of the lines, and has the blanks that it is written with.
	want = strings.Replace(want, "\t// twice", "// twice", 1)
	r, err := Apply("a.go", original, all)
	if err != nil {
		t.Fatal(err)
	}
	if r.After != want {
		t.Errorf("got\n%s\nwant\n%s", r.After, want)
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	// Lines that are added at one point come in the order of their place.
	want = strings.Replace(want, "\tours()\n// twice\n", "// twice\n\tours()\n", 1)
	if r, err := Apply("a.go", original, all); err != nil || r.After != want {
		t.Errorf("in the other order %v\n%s", err, r.After)
	}
}

func TestApplyRefusals(t *testing.T) {
	for _, c := range []struct{ name, first, second, want string }{
		{"missing", "file a.go\n-	third()\n", "",
			`1.edit:3: in a.go the line "third()" occurs 0 times instead of once`},
		{"in the middle of a line", "file a.go\n first()\n+x\n", "",
			`1.edit:3: in a.go the line "first()" occurs 0 times instead of once`},
		{"too often", "file a.go\n-…hash(…\n+…x(…\n", "",
			`1.edit:3: in a.go the line "hash(" occurs 3 times instead of once`},
		{"not often enough", "file a.go\ntimes 4\n-…hash(…\n+…x(…\n", "",
			`1.edit:3: in a.go the line "hash(" occurs 3 times instead of 4 times`},
		{"fits at first", "file a.go\n func one() {\n 	first()\n+	x()\n 	second()\n\n 	third()\n", "",
			`1.edit:3: in a.go the lines that begin with "func one() {" occur 0 times instead of once (line 8 of the edit, "", is the first that does not fit)`},
		{"one line twice", "file a.go\n-	second()\n", "file a.go\n-	second()\n+	x()\n",
			`1.edit:3 and 2.edit:3 change the same lines of a.go`},
		{"lines that overlap", "file a.go\n-	first()\n-	second()\n", "file a.go\n-	second()\n-	if x {\n+	{\n",
			`1.edit:3 and 2.edit:3 change the same lines of a.go`},
		{"an order that nobody says", "file a.go\n func two() {\n+	one()\n", "file a.go\n+	two()\n 	x := …\n",
			`1.edit:3 and 2.edit:3 change the same lines of a.go`},
	} {
		all := changes(t, "1.edit", c.first)
		if c.second != "" {
			all = append(all, changes(t, "2.edit", c.second)...)
		}
		r, err := Apply("a.go", original, all)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %+v, error %v\nwant %s", c.name, r, err, c.want)
		}
	}
}
