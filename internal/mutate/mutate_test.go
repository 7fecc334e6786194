package mutate

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// entry writes an entry of a list about the fixture.
func entry(name, fields, before, after string) string {
	return "mutation: " + name + "\nbreaks: something\nfile: fixture.go\ntests: .\n" + fields + "--- before\n" + before + "--- after\n" + after + "---\n"
}

// What becomes of each kind of mutation.
func TestRun(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the go command some times")
	}
	list := mustParse(t,
		entry("caught", "", "\tif n < low {\n", "\tif n > low {\n")+
			entry("not-caught", "", "\tif n > high {\n", "\tif n > high+1 {\n")+
			entry("known", "survives: nobody looks at the upper bound\n", "\tif n > high {\n", "\tif n > high+1 {\n")+
			entry("known-and-caught", "survives: so we thought\n", "\tif n < low {\n", "\tif n > low {\n")+
			entry("other-tests", "run: Count\n", "\tif n < low {\n", "\tif n > low {\n")+
			entry("does-not-compile", "", "\tsteps := 0\n", "")+
			entry("gone", "", "\tif n < lower {\n", "\tif n > low {\n")+
			entry("alike", "equivalent: on purpose\n", "\tif n < low {\n", "\tif n <= low {\n"))
	root, err := filepath.Abs(filepath.Join("testdata", "module"))
	if err != nil {
		t.Fatal(err)
	}
	before := contents(t, root)
	told := 0
	r := &Runner{Root: root, Tmp: t.TempDir(), Workers: 2, Done: func(Result) { told++ }}
	results, err := r.Run(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name, by, wrong string // by is empty if nobody notices
	}{
		{"caught", "TestClamp", ""},
		{"not-caught", "", "survives: no test of . notices"},
		{"known", "", ""},
		{"known-and-caught", "TestClamp", "is marked as a survivor, and TestClamp notices it"},
		{"other-tests", "", "survives"},
		{"does-not-compile", "", "does not compile: fixture.go:19:3: undefined: steps"},
		{"gone", "", "no longer applies: its lines before occur 0 times in fixture.go"},
	}
	if len(results) != len(want) || told != len(want) {
		t.Fatalf("%d results, told of %d; want %d, since an equivalent mutation is not run", len(results), told, len(want))
	}
	for i, w := range want {
		got := results[i]
		if got.Name != w.name || got.By != w.by || got.Noticed != (w.by != "") {
			t.Errorf("%s: noticed by %q (%v), want %q", got.Name, got.By, got.Noticed, w.by)
		}
		if wrong := got.Wrong(); (wrong == nil) != (w.wrong == "") || wrong != nil && !strings.Contains(wrong.Error(), w.wrong) {
			t.Errorf("%s: %v, want %q", w.name, wrong, w.wrong)
		}
	}
	if after := contents(t, root); after != before {
		t.Errorf("the tree was %q and is %q", before, after)
	}
	if rates := Rates(results); len(rates) != 1 || rates[0] != (Rate{"list", 2, 7}) || rates[0].PerMille() != 285 {
		t.Errorf("the rates are %v", rates)
	}
	table := Table{}
	table.Add(results)
	file := filepath.Join(t.TempDir(), "table.json")
	if err := table.Write(file, list); err != nil {
		t.Fatal(err)
	}
	if table, err = ReadTable(file); err != nil {
		t.Fatal(err)
	}
	page := Page(list, table)
	for _, part := range []string{"| list | 7 | 2 | 28.5 % |", "| caught | fixture.go | something | TestClamp |", "| nobody: nobody looks at the upper bound |", "| not-caught | fixture.go | something | nobody |", "| gone | fixture.go | something | not tried yet |", "| list/alike | fixture.go | something | on purpose |"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page has no %q:\n%s", part, page)
		}
	}
}

// Tests that do not end with a mutation have noticed it.
func TestNoEnd(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the go command some times")
	}
	root, err := filepath.Abs(filepath.Join("testdata", "module"))
	if err != nil {
		t.Fatal(err)
	}
	r := &Runner{Root: root, Tmp: t.TempDir(), Limit: 3 * time.Second}
	results, err := r.Run(t.Context(), mustParse(t, entry("never-ends", "run: Count\n", "\t\tn--\n", "")))
	if err != nil {
		t.Fatal(err)
	}
	if got := results[0]; !got.Noticed || got.By != "no end" || got.Err != nil {
		t.Errorf("noticed by %q, %v", got.By, got.Err)
	}
}

// Tests that fail by themselves would seem to notice everything.
func TestTheTestsMustPassFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command some times")
	}
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module fixture\n\ngo 1.25\n", "fixture.go": "package fixture\n\nvar Broken = true\n",
		"fixture_test.go": "package fixture\n\nimport \"testing\"\n\nfunc TestIt(t *testing.T) {\n\tif Broken {\n\t\tt.Error()\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for run, want := range map[string]string{"": "the tests of . fail without any mutation (TestIt)", "run: Nothing\n": `no test of . matches "Nothing"`} {
		list := mustParse(t, entry("any", run, "var Broken = true\n", "var Broken = !true\n"))
		r := &Runner{Root: root, Tmp: t.TempDir()}
		if _, err := r.Run(t.Context(), list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&Runner{Root: root, Tmp: t.TempDir()}).Run(ctx, mustParse(t, entry("any", "", "var Broken = true\n", "\n"))); err == nil {
		t.Error("a run that is over before it begins says nothing")
	}
}

func TestApply(t *testing.T) {
	m := Mutation{Area: "a", Name: "m", File: "f.go", Place: "a.txt:1", Before: "\tx()\n", After: "\ty()\n"}
	for _, c := range []struct{ text, want, problem string }{
		{"a\n\tx()\nb\n", "a\n\ty()\nb\n", ""},
		{"\tx()\n", "\ty()\n", ""},
		{"a\n\tx() // more\n\t\tx()\n", "", "occur 0 times"},
		{"\tx()\nb\n\tx()\n", "", "occur 2 times"},
		{"\tx()\n\tx()\n", "", "occur 2 times"},
		{"", "", "occur 0 times"},
	} {
		got, err := m.Apply(c.text)
		if got != c.want || (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%q becomes %q, %v; want %q, %s", c.text, got, err, c.want, c.problem)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const fields = "mutation: m\nbreaks: it\nfile: f.go\ntests: .\n"
	for text, want := range map[string]string{
		"breaks: it\n":                                             `list.txt:1: the field "breaks" belongs to no mutation`,
		"mutation: m\nmutation: n\n":                               `list.txt:2: the mutation "n" begins before "m" has ended`,
		"mutation: m\nbreaks it\n":                                 `list.txt:2: the line "breaks it" is no field`,
		"mutation: m\nbreak: it\n":                                 `list.txt:2: there is no field "break"`,
		"mutation: m\nbreaks: it\nbreaks: it\n":                    `list.txt:3: the field "breaks" stands twice`,
		fields + "tests: .\n":                                      `list.txt:5: the field "tests" stands twice`,
		fields + "--- after\n":                                     `list.txt:5: the line "--- after" is not expected here`,
		fields + "--- before\nx\n---\n":                            `list.txt:7: the line "---" is not expected here`,
		fields + "--- before\nx\n--- after\n":                      `list.txt:7: the mutation "m" does not end`,
		fields + "--- before\n--- after\nx\n---\n":                 `list.txt:8: the mutation "m" changes nothing`,
		fields + "--- before\nx\n--- after\nx\n---\n":              `list.txt:9: the mutation "m" changes nothing`,
		"mutation: m\nfile: f.go\n--- before\nx\n--- after\n---\n": `list.txt:6: the mutation "m" needs the fields breaks, file and tests`,
		"mutation: m\nbreaks: it\nfile: ../f.go\ntests: .\n--- before\nx\n--- after\n---\n": `list.txt:8: the file "../f.go" of the mutation "m" is not named from the root`,
		fields + "--- before\nx\n--- after\n---\n" + fields:                                 `list.txt:9: a second mutation is named "m"`,
	} {
		if _, err := parse("list.txt", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := Read(t.TempDir()); err == nil || !strings.Contains(err.Error(), "has no lists of mutations") {
		t.Errorf("an empty folder: %v", err)
	}
}

// The lists of the repository are read.
func TestTheLists(t *testing.T) {
	list, err := Read(filepath.Join("..", "..", "testdata", "mutations"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(m.File))); err != nil {
			t.Errorf("%s: %v", m.Place, err)
		}
	}
}

func mustParse(t *testing.T, text string) []Mutation {
	t.Helper()
	list, err := parse("list.txt", text)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// contents are the names and texts of all files of a folder.
func contents(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += filepath.Base(name) + "\n" + string(data)
	}
	return all
}
