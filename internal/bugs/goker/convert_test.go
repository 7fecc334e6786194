package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A program that runs a kernel in many copies becomes a test that runs it once: without
// the profile, the wait before it, the yields, and the imports that only they needed. The
// kernel's own loops and comments stay.
func TestConvert(t *testing.T) {
	src, err := os.ReadFile("testdata/mail1.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/mail1_test.txt")
	if err != nil {
		t.Fatal(err)
	}
	test, got, err := convert("mail1", src)
	if err != nil || test != "TestMail1" {
		t.Fatalf("%q, %v", test, err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// program has one registered function with this body.
func program(body string) string {
	return "package main\n\nimport (\n\"runtime/pprof\"\n)\n\nfunc init() { register(\"F1\", F1) }\n\nfunc F1() {\n" +
		"prof := pprof.Lookup(\"goroutineleak\")\ndefer func() { prof.WriteTo(nil, 2) }()\n" + body + "\n}\n"
}

// What is run once is the kernel: in place of its only goroutine, or with all it starts.
func TestConvertBodies(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"one goroutine is the test's own", "x := 1\ngo g(x)", "x := 1\n\tg(x)"},
		{"two are not", "go g(1)\ngo g(2)", "go g(1)\n\tgo g(2)"},
		{"one that is awaited is not", "go g(1)\nh()", "go g(1)\n\th()"},
		{"a loop of copies of two", "for i := 0; i < 10; i++ {\ngo g(1)\ngo g(2)\n}", "{\n\t\tgo g(1)\n\t\tgo g(2)\n\t}"},
		{"copies that differ", "for i := 0; i <= 10; i++ {\ngo g(i)\n}", "{\n\t\ti := 5\n\n\t\tg(i)\n\t}"},
		{"an index of the kernel's own", "for i := 0; i < 10; i++ {\ngo func() {\nfor i := range 3 {\ng(i)\n}\n}()\n}", "{\n\t\tfunc() {\n\t\t\tfor i := range 3 {\n\t\t\t\tg(i)\n\t\t\t}\n\t\t}()\n\t}"},
		{"a loop inside", "h(func() {\nfor i := 0; i < 10; i++ {\ngo g(i)\n}\n})", "h(func() {\n\t\tfor i := 0; i < 10; i++ {\n\t\t\tgo g(i)\n\t\t}\n\t})"},
	} {
		_, got, err := convert("f1", []byte(program(tt.body)))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		_, body, ok := strings.Cut(string(got), "func TestF1(*testing.T) {")
		if !ok || strings.TrimSpace(body) != tt.want+"\n}" {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// What is not such a program is refused, with the place.
func TestConvertRefuses(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"package main\n\nfunc F1() {}\n", "f1.go registers no function of its own"},
		{"package main\n\nfunc init() { x = 1 }\n", "f1.go:3:1: init does something else"},
		{"package main\n\nfunc init() { register(\"F1\", F1) }\n\nfunc F1() { go g() }\n", "f1.go:5:1: F1 does not look up a profile"},
		{program("for g() {\n}"), "f1.go:12:1: this loop does not merely count"},
		{"package main\n\nfunc {\n", "f1.go:3"},
	} {
		if _, _, err := convert("f1", []byte(tt.src)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.src, err, tt.want)
		}
	}
}

// Kernels of a copy of GoBench are read from their folders, and taken in place of those in
// Go's tree; a folder without kernels is refused in one sentence that says what to do.
func TestSources(t *testing.T) {
	goroot, gobench, dir := t.TempDir(), t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fromGo(context.Background(), goroot, dir); err == nil || !strings.Contains(err.Error(), "Go 1.26 and newer; name one with -goroot") {
		t.Errorf("a tree without kernels: %v", err)
	}
	if _, err := fromGoBench(gobench, dir); err == nil || !strings.Contains(err.Error(), "-gobench is the folder with") {
		t.Errorf("a folder without kernels: %v", err)
	}
	write(filepath.Join(goroot, inTree, "main.go"), "package main\n")
	write(filepath.Join(goroot, inTree, "f1.go"), program("go g()"))
	write(filepath.Join(goroot, inTree, "f2.go"), strings.ReplaceAll(program("go g()"), "F1", "F2"))
	const test = "package f1\n\nfunc TestOwn(t *testing.T) {}\n"
	write(filepath.Join(gobench, "blocking", "f", "1", "f1_test.go"), test)
	write(filepath.Join(gobench, "blocking", "f", "1", "README.md"), "text")
	write(filepath.Join(gobench, "nonblocking", "a9", "a9_test.go"), strings.ReplaceAll(test, "Own", "Race"))
	kernels, err := fromGo(context.Background(), goroot, filepath.Join(dir, "go"))
	if err != nil {
		t.Fatal(err)
	}
	others, err := fromGoBench(gobench, filepath.Join(dir, "gobench"))
	if err != nil {
		t.Fatal(err)
	}
	got := together(append(kernels, others...))
	want := []kernel{
		{"f1", "TestOwn", true, "GoBench", filepath.Join(dir, "gobench", "f1")},
		{"f2", "TestF2", true, "Go", filepath.Join(dir, "go", "f2")},
		{"a9", "TestRace", false, "GoBench", filepath.Join(dir, "gobench", "a9")},
	}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i, k := range want {
		if got[i] != k {
			t.Errorf("got %v, want %v", got[i], k)
		}
	}
}
