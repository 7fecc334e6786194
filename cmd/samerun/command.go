package main

import (
	"path/filepath"
	"runtime/debug"
	"strings"

	"samerun/internal/text"
)

// selfCommand is what starts this program again when typed in the user's
// directory. The go command runs programs from folders of its own, which are
// gone or unreadable later.
func selfCommand(arg0 string) string {
	if !strings.Contains(filepath.ToSlash(arg0), "/go-build") {
		return shellQuote(arg0)
	}
	if info, ok := debug.ReadBuildInfo(); ok && strings.Contains(info.Path, "/") {
		return "go run " + info.Path
	}
	return "go run samerun/cmd/samerun"
}

// replayCommand returns the line that replays a file.
func (a *app) replayCommand(opts *testOptions, file string) string {
	words := append(a.platform(), a.self, "replay")
	if opts.race {
		words = append(words, "-race")
	}
	words = append(words, opts.buildWords()...)
	if len(opts.exec) > 0 {
		words = append(words, "-exec", shellQuote(strings.Join(opts.exec, " ")))
	}
	return strings.Join(append(words, shellQuote(file)), " ")
}

// buildWords are the flags, beside -race, without which other code would be built.
func (o *testOptions) buildWords() (words []string) {
	for _, f := range o.codeFlags() {
		words = append(words, "-"+f[0], shellQuote(f[1]))
	}
	return words
}

// platform is the settings of the user that decide which code there is and that
// may have been made for this one command only.
func (a *app) platform() (words []string) {
	for _, name := range []string{"GOOS", "GOARCH"} {
		if v, ok := lookupEnv(a.environ, name); ok && v != "" {
			words = append(words, name+"="+shellQuote(v))
		}
	}
	return words
}

// command returns the line that repeats a failure when it is typed in the user's
// directory. env is put in front; run is a test pattern or empty.
func (s *sweep) command(p *testPackage, env, run string, timedOut bool) string {
	words := s.app.platform()
	if env != "" {
		words = append(words, env)
	}
	begin, arg := s.app.goWords("test", p)
	words = append(words, begin...)
	if s.opts.race {
		words = append(words, "-race")
	}
	words = append(words, s.opts.buildWords()...)
	if len(s.opts.exec) > 0 {
		words = append(words, "-exec", shellQuote(strings.Join(s.opts.exec, " ")))
	}
	if timedOut {
		// Without it the user would wait for the default of ten minutes.
		words = append(words, "-timeout", s.opts.timeout.String())
	}
	if run != "" {
		words = append(words, "-run", text.AlwaysShellQuote(run))
	}
	return strings.Join(append(words, shellQuote(arg)), " ")
}

// testPattern returns the argument of -run that matches the test of this name
// and no other.
func testPattern(name string) string { return text.TestPattern(name) }

// shellQuote quotes a word for a POSIX shell if it needs that.
func shellQuote(word string) string { return text.ShellQuote(word) }
