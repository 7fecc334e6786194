package main

import "strings"

// build is what decides which code a test binary is made of, and what runs it. Its
// zero value is a plain go test.
type build struct {
	race    bool
	tags    string
	mod     string // as -mod of the go command; so the next three
	modfile string
	ldflags string
	gcflags string
	exec    []string // runs test binaries, if they cannot run by themselves
	overlay string   // a file for -overlay of the go command, or empty
}

// flags are the flags that go list and go test -c must agree on.
func (b *build) flags() []string {
	var flags []string
	if b.race {
		flags = append(flags, "-race")
	}
	for _, f := range b.codeFlags() {
		flags = append(flags, "-"+f[0]+"="+f[1])
	}
	if b.overlay != "" {
		flags = append(flags, "-overlay="+b.overlay)
	}
	return flags
}

// codeFlags are the flags, beside -race, that decide which code there is, with
// their values.
func (b *build) codeFlags() (given [][2]string) {
	for _, f := range [][2]string{{"tags", b.tags}, {"mod", b.mod}, {"modfile", b.modfile}, {"ldflags", b.ldflags}, {"gcflags", b.gcflags}} {
		if f[1] != "" {
			given = append(given, f)
		}
	}
	return given
}

// words are the flags, as one types them, without which other code would be built.
func (b *build) words() (words []string) {
	if b.race {
		words = append(words, "-race")
	}
	for _, f := range b.codeFlags() {
		words = append(words, "-"+f[0], shellQuote(f[1]))
	}
	return words
}

// execWords are the flag that says what runs the test binaries, as one types it.
func (b *build) execWords() []string {
	if len(b.exec) == 0 {
		return nil
	}
	return []string{"-exec", shellQuote(strings.Join(b.exec, " "))}
}
