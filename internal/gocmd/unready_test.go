package gocmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeTree writes files into a folder. A text may leave out the package clause and what
// follows: then it is a good test.
func writeTree(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

const goodTest = "package p\n\nimport \"testing\"\n\nfunc TestGood(t *testing.T) {}\n"

// plainGo is an environment in which nothing of the caller's decides how packages are found.
func plainGo(extra ...string) []string {
	return append(ChildEnviron(os.Environ()), append([]string{"GOPROXY=off", "GOFLAGS=", "GOWORK=off", "GO111MODULE="}, extra...)...)
}

// Each kind of a package that cannot be run says why, in a few words and those of the go
// command, with a place of its own; the others are not kept from running.
func TestUnready(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	dir := t.TempDir()
	writeTree(t, dir, map[string]string{
		"go.mod":                "module m\n\ngo 1.25\n",
		"good/good_test.go":     goodTest,
		"absent/a.go":           "package p\n\nimport _ \"absent.example/thing\"\n",
		"absent/a_test.go":      goodTest,
		"absentmain/main.go":    "package main\n\nimport _ \"absent.example/thing\"\n\nfunc main() {}\n",
		"absenttest/a_test.go":  goodTest + "\nvar _ = thing.X\n",
		"absenttest/b_test.go":  "package p\n\nimport \"absent.example/thing\"\n\nvar _ = thing.X\n",
		"types/a.go":            "package p\n\nfunc F() int { return \"x\" }\n",
		"types/a_test.go":       goodTest,
		"typestest/a_test.go":   goodTest + strings.Repeat("\nvar _ int = \"x\"\n", 20),
		"syntax/a_test.go":      goodTest + "}\n",
		"uses/a.go":             "package p\n\nimport _ \"m/types\"\n",
		"uses/a_test.go":        goodTest,
		"vetted/a_test.go":      "package p\n\nimport (\n\t\"fmt\"\n\t\"testing\"\n)\n\nfunc TestX(*testing.T) { fmt.Printf(\"%d\", \"x\") }\n",
		"circle/a/a.go":         "package a\n\nimport _ \"m/circle/b\"\n",
		"circle/a/a_test.go":    "package a\n",
		"circle/b/b.go":         "package b\n\nimport _ \"m/circle/a\"\n",
		"circletest/a.go":       "package p\n",
		"circletest/a_test.go":  "package p\n\nimport _ \"m/circletest/sub\"\n",
		"circletest/sub/s.go":   "package sub\n\nimport _ \"m/circletest\"\n",
		"two/a.go":              "package a\n",
		"two/b.go":              "package b\n",
		"elsewhere/a_plan9.go":  "package p\n",
		"tagged/a.go":           "package p\n",
		"tagged/a_test.go":      "//go:build never\n\n" + goodTest,
		"none/a.go":             "package p\n",
		"internal/hidden/a.go":  "package hidden\n",
		"main/main.go":          "package main\n\nfunc main() {}\n",
		"importsmain/a.go":      "package p\n\nimport _ \"m/main\"\n",
		"importsmain/a_test.go": goodTest,
		"samerun/a_test.go":     "package p\n\nimport _ \"samerun/sim\"\n",
	})
	c := &Caller{Dir: dir, Environ: plainGo()}
	list, err := c.List(t.Context(), &Build{}, []string{"./...", "./elsewhere"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.BuildAll(t.Context(), &Build{}, 2, t.TempDir(), Ready(list.Packages), func() {}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"./good":        "",
		"./absent":      "list does not build: a package that it imports is not to be found\nabsent/a.go:3:8: no required module provides package absent.example/thing",
		"./absentmain":  "list does not build: a package that it imports is not to be found\nabsentmain/main.go:3:8: no required module",
		"./absenttest":  "list does not build: a package that it imports is not to be found\nabsenttest/b_test.go:3:8: no required module",
		"./types":       "build does not build\ntypes/a.go:3:23: cannot use \"x\"",
		"./typestest":   "build does not build\ntypestest/a_test.go:7:13: cannot use \"x\"",
		"./syntax":      "list does not build\nsyntax/a_test.go:6:1: ",
		"./uses":        "build does not build: a package that it uses does not\n# m/types\ntypes/a.go:3:23: ",
		"./vetted":      "vet go vet says that something in it is wrong, so that go test would not run it; -vet off runs it nevertheless\nvetted/a_test.go:8:",
		"./circle/a":    "list does not build: its imports make a circle\npackage m/circle/a\n\timports m/circle/b from a.go\n\timports m/circle/a from b.go: import cycle",
		"./circle/b":    "list does not build: its imports make a circle\npackage m/circle/b\n\timports m/circle/a from b.go\n\timports m/circle/b from a.go: import cycle",
		"./circletest":  "list does not build: its imports make a circle\npackage m/circletest\n\timports m/circletest/sub from a_test.go\n\timports m/circletest from s.go: import cycle",
		"./two":         "list does not build: its folder has files of two packages\nfound packages a (a.go) and b (b.go)",
		"./elsewhere":   "list does not build: it has no Go files for this system and these build tags\npackage m/elsewhere: build constraints exclude all Go files",
		"./importsmain": "list does not build: it imports a package that it may not import\nimportsmain/a.go:3:8: import \"m/main\" is a program",
		"./samerun":     "list does not build: it imports samerun, and the module was not told where that is\nsamerun/a_test.go:3:8: package samerun/sim is not in std",
	}
	for _, p := range list.Packages {
		got := ""
		if u := p.Unready; u != nil {
			got = fmt.Sprintf("%s %s\n%s", u.Stage, u.Why, u.Said)
			if n := strings.Count(u.Said, "\n"); n > mostSaid && p.Arg != "./samerun" {
				t.Errorf("%s: %d lines are told", p.Arg, n+1)
			}
		}
		w, expected := want[p.Arg]
		if !expected || !strings.HasPrefix(got, w) || w == "" && got != "" {
			t.Errorf("%s: %s\nwant %s", p.Arg, got, w)
		}
		delete(want, p.Arg)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	if got := strings.Join(list.LeftOut, "; "); got != "./tagged: build constraints leave out all of its test files (a_test.go); -tags or GOOS and GOARCH decide that" {
		t.Errorf("left out: %s", got)
	}
	if got := strings.Join(list.Untested, " "); got != "./circletest/sub ./internal/hidden ./main ./none" {
		t.Errorf("untested: %s", got)
	}

	// Sums that are missing are those of a module, and may concern one package of it only.
	other := t.TempDir()
	writeTree(t, other, map[string]string{
		"go.mod":           "module m\n\ngo 1.25\n\nrequire github.com/anishathalye/porcupine v1.3.1\n",
		"good/a_test.go":   goodTest,
		"linear/a_test.go": "package p\n\nimport _ \"github.com/anishathalye/porcupine\"\n",
	})
	list, err = (&Caller{Dir: other, Environ: plainGo()}).List(t.Context(), &Build{}, []string{"./..."})
	if err != nil || len(list.Packages) != 2 || list.Packages[0].Unready != nil || list.Packages[1].Unready == nil ||
		list.Packages[1].Unready.Why != "does not build: go.mod and go.sum are not up to date, which go mod tidy mends" {
		t.Errorf("without go.sum: %v, %v", err, list)
	}

	// What vet refuses runs without it, with no analyzer but others, or not with all.
	for vet, ok := range map[string]bool{"off": true, "atomic": true, "all": false} {
		p := &Package{Path: "m/vetted", Dir: filepath.Join(dir, "vetted"), Arg: "./vetted"}
		if err := c.BuildAll(t.Context(), &Build{Vet: vet}, 1, t.TempDir(), []*Package{p}, func() {}); err != nil || ok != (p.Unready == nil) {
			t.Errorf("-vet %s: %v, %v", vet, err, p.Unready)
		}
	}
	err = c.BuildAll(t.Context(), &Build{Vet: "printf,spelling"}, 1, t.TempDir(), []*Package{{Path: "m/good", Arg: "./good"}}, func() {})
	if err == nil || !strings.HasPrefix(err.Error(), `-vet printf,spelling: go vet has no "spelling"; say off, all, or a list`) {
		t.Errorf("an analyzer that there is not: %v", err)
	}
}
