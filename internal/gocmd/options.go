package gocmd

import (
	"strings"

	"samerun/internal/text"
)

// Build is what decides which code a test binary is made of, and what runs it. Its
// zero value is a plain go test.
type Build struct {
	Race    bool
	Tags    string
	Mod     string // as -mod of the go command; so the next three
	Modfile string
	Ldflags string
	Gcflags string
	Vet     string   // as -vet of go test: off, all, or a list of analyzers; empty for go test's choice
	Exec    []string // runs test binaries, if they cannot run by themselves
	Overlay string   // a file for -overlay of the go command, or empty
	Debug   bool     // with debug information, whose linking takes as long as the rest

	// Unoptimised has all but the standard library compiled for a debugger.
	Unoptimised bool
}

// Flags are the flags that go list and go test -c must agree on.
func (b *Build) Flags() []string {
	var flags []string
	if b.Race {
		flags = append(flags, "-race")
	}
	for _, f := range b.codeFlags() {
		flags = append(flags, "-"+f[0]+"="+f[1])
	}
	if b.Unoptimised {
		flags = append(flags, "-gcflags=all=-N -l", "-gcflags=std=")
	}
	if b.Overlay != "" {
		flags = append(flags, "-overlay="+b.Overlay)
		if b.Race {
			for _, pattern := range simulator {
				flags = append(flags, "-gcflags="+pattern+"=-race=false")
			}
		}
	}
	return flags
}

// simulator is what a test of goroutines is linked with of this module, by patterns of
// packages. Under the overlay it runs by turns, which the race detector does not count as
// an order, so that it is built without; see sched.hosting.meet.
//
//samerun:allow global: constant table
var simulator = []string{"samerun/clock", "samerun/sched", "samerun/sim/...", "samerun/labrpc", "samerun/proptest/...", "samerun/internal/keyed", "samerun/internal/story", "samerun/internal/text", "samerun/internal/wire"}

// codeFlags are the flags, beside -race, that decide which code there is, with
// their values.
func (b *Build) codeFlags() (given [][2]string) {
	for _, f := range [][2]string{{"tags", b.Tags}, {"mod", b.Mod}, {"modfile", b.Modfile}, {"ldflags", b.Ldflags}, {"gcflags", b.Gcflags}} {
		if f[1] != "" {
			given = append(given, f)
		}
	}
	return given
}

// Words are the flags, as one types them, without which other code would be built.
func (b *Build) Words() (words []string) {
	if b.Race {
		words = append(words, "-race")
	}
	for _, f := range b.codeFlags() {
		words = append(words, "-"+f[0], text.ShellQuote(f[1]))
	}
	if b.Vet != "" {
		// As one word, which go test takes as well.
		words = append(words, "-vet="+text.ShellQuote(b.Vet))
	}
	return words
}

// ExecWords are the flag that says what runs the test binaries, as one types it.
func (b *Build) ExecWords() []string {
	if len(b.Exec) == 0 {
		return nil
	}
	return []string{"-exec", text.ShellQuote(strings.Join(b.Exec, " "))}
}
