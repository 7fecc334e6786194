package main

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCommand(t *testing.T) {
	p := &testPackage{arg: "./examples/raft"}
	tests := []struct {
		build    build
		timeout  time.Duration
		environ  []string
		run      string
		timedOut bool
		want     string
	}{
		{build{}, 0, nil, testPattern("TestX"), false,
			"SAMERUN_SEED=47 go test -run '^TestX$' ./examples/raft"},
		{build{race: true, tags: "a,b"}, 0, nil, testPattern("TestX"), false,
			"SAMERUN_SEED=47 go test -race -tags a,b -run '^TestX$' ./examples/raft"},
		{build{}, 90 * time.Second, []string{"GOARCH=386"}, testPattern("TestX/it's_(1)"), true,
			`GOARCH=386 SAMERUN_SEED=47 go test -timeout 1m30s -run '^TestX$/^it'\''s_\(1\)$' ./examples/raft`},
	}
	for _, tt := range tests {
		r := &taskRunner{by: &caller{environ: tt.environ}, build: &tt.build, opts: taskOptions{timeout: tt.timeout}}
		if got := r.command(p, "SAMERUN_SEED=47", tt.run, tt.timedOut); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

func TestCommandPath(t *testing.T) {
	own := &struct{ Main bool }{true}
	tests := []struct{ dir, want string }{
		{"/home/u/mod/examples/raft", "./examples/raft"},
		{"/home/u/mod", "."},
		{"/home/u", ".."},
		{"/home/u/other", "../other"},
		{"/home/u/mod/..odd", "./..odd"},
	}
	for _, tt := range tests {
		if got := commandPath("/home/u/mod", listedPackage{Dir: tt.dir, Module: own}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.dir, got, tt.want)
		}
	}
	if got := commandPath("/home/u/mod", listedPackage{Dir: "/x/y", ImportPath: "example.com/y"}); got != "example.com/y" {
		t.Errorf("a package of another module is named %s", got)
	}
}

// A pattern matches its own name, level by level, and nothing longer or shorter.
func TestTestPattern(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`Test[A-Za-z0-9_.*+|()\[\]$^#-]{1,10}(/[a-z_.*+|()\[\]$^#\\-]{1,8}){0,2}`).Draw(t, "name")
		patterns := strings.Split(testPattern(name), "/")
		levels := strings.Split(name, "/")
		if len(patterns) != len(levels) {
			t.Fatalf("%s: %d patterns for %d levels", name, len(patterns), len(levels))
		}
		for i, level := range levels {
			re, err := regexp.Compile(patterns[i])
			if err != nil || !re.MatchString(level) || re.MatchString(level+"x") || re.MatchString("x"+level) {
				t.Fatalf("%q for %q: %v", patterns[i], level, err)
			}
		}
	})
}

func TestShellQuote(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	for _, word := range []string{"plain", "./a b", "it's", `$HOME "x" \`, "", "a;b", "*"} {
		out, err := exec.Command(sh, "-c", "printf %s "+shellQuote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q reaches a command as %q (%v)", word, out, err)
		}
	}
}

func TestSelfCommand(t *testing.T) {
	for arg0, want := range map[string]string{
		"samerun":      "samerun",
		"./bin/my sim": "'./bin/my sim'",
	} {
		if got := selfCommand(arg0); got != want {
			t.Errorf("%q: %q, want %q", arg0, got, want)
		}
	}
	// Under the go command the name is that of this program's package.
	if got := selfCommand("/tmp/go-build123/b001/exe/samerun"); !strings.HasPrefix(got, "go run samerun/cmd/samerun") {
		t.Errorf("under go run: %q", got)
	}
}
