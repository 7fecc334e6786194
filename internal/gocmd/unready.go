package gocmd

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"samerun/internal/text"
)

// Stage is how far a package came that cannot be run.
type Stage string

// The stages.
const (
	Loading  Stage = "list"  // the go command refuses its files or its imports
	Building Stage = "build" // the compiler or the linker does
	Vetting  Stage = "vet"   // go vet does, as go test asks it to
)

// Unready says why the tests of a package cannot be run, though those of others can.
type Unready struct {
	Stage Stage
	Why   string // in a few words: "does not build: ..."
	Said  string // the first lines of what the go command says
}

// mostSaid is how many lines of the go command's are told of each package.
const mostSaid = 10

// text is an error of go list in the words of the other go commands.
func (e *listError) text() string {
	if n := len(e.ImportStack); n > 1 && strings.Contains(e.Err, "import cycle") {
		return "package " + strings.Join(e.ImportStack, "\n\timports ") + ": " + e.Err
	}
	if e.Pos != "" {
		return e.Pos + ": " + e.Err
	}
	return e.Err
}

// unlisted says why a package or its test cannot be built, as far as go list knows. test
// may be nil.
func unlisted(p, test *listedPackage) *Unready {
	var said []string
	seen := make(map[string]bool)
	for _, of := range []*listedPackage{p, test} {
		if of == nil {
			continue
		}
		for _, e := range append([]*listError{of.Error}, of.DepsErrors...) {
			// A cycle is told once, not from each of its packages.
			if e == nil || seen[e.text()] || strings.Contains(e.Err, "import cycle") && len(said) > 0 {
				continue
			}
			seen[e.text()] = true
			said = append(said, e.text())
		}
	}
	if len(said) == 0 {
		return nil
	}
	return newUnready(Loading, p.ImportPath, strings.Join(said, "\n"))
}

// tellUnlisted asks once more, of each package by itself, what the go command has to say:
// in a list of many, an error that several have in common is told with the place of one.
func (c *Caller) tellUnlisted(ctx context.Context, b *Build, pkgs []*Package) {
	unlisted := slices.DeleteFunc(slices.Clone(pkgs), func(p *Package) bool { return p.Unready == nil })
	ForEach(min(4, len(unlisted)), len(unlisted), func(i int) {
		p := unlisted[i]
		args := append([]string{"list", "-deps", "-test", "-f", "{{/* nothing */}}"}, b.Flags()...)
		_, stderr, err := c.Go(ctx, append(args, "--", c.GoArg(p)))
		if said := strings.ReplaceAll(stderr, "go: can't load test package: ", ""); err != nil && strings.TrimSpace(said) != "" {
			p.Unready = newUnready(Loading, p.Path, said)
		}
	})
}

// causes are what the go command says where a package does not build for another reason
// than its own code, and the words for it.
var causes = []struct {
	said *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`import cycle not allowed`), "its imports make a circle"},
	{regexp.MustCompile(`Files beneath GOMODCACHE`), "it lies in the module cache, to which the go command adds no file; run it in a copy of its module"},
	{regexp.MustCompile(`build constraints exclude all Go files`), "it has no Go files for this system and these build tags"},
	{regexp.MustCompile(`missing go\.sum entry|updates to go\.(mod|sum) needed|go: .*go mod tidy`), "go.mod and go.sum are not up to date, which go mod tidy mends"},
	{notRequired, "it imports samerun, and the module was not told where that is"},
	{regexp.MustCompile(`no required module provides package|cannot find (module providing )?package|is not in std|malformed module path|is not in GOROOT`), "a package that it imports is not to be found"},
	{regexp.MustCompile(`found packages \S+ \(`), "its folder has files of two packages"},
	{regexp.MustCompile(`use of internal package|is a program, not an importable package|import "[^"]*" is a program`), "it imports a package that it may not import"},
	{regexp.MustCompile(`requires cgo|build constraints exclude all Go files in .*cgo`), "it needs cgo"},
}

// newUnready says why a package is not ready, from what the go command said.
func newUnready(stage Stage, path, said string) *Unready {
	var lines []string
	elsewhere := false
	for line := range strings.Lines(strings.TrimSpace(said)) {
		line = strings.TrimRight(line, "\r\n")
		heading, isHeading := strings.CutPrefix(line, "# ")
		heading, _, _ = strings.Cut(strings.Trim(heading, "[]"), " ")
		switch {
		case line == "FAIL" || strings.HasPrefix(line, "FAIL\t"):
			continue
		case isHeading && (heading == path || heading == path+"_test" || heading == path+".test"):
			continue
		case isHeading:
			elsewhere = true
		}
		lines = append(lines, line)
	}
	u := &Unready{Stage: stage, Why: "does not build"}
	if stage == Vetting {
		u.Why = "go vet says that something in it is wrong, so that go test would not run it; -vet off runs it nevertheless"
		elsewhere = false
	}
	if elsewhere {
		u.Why = "does not build: a package that it uses does not"
	}
	for _, c := range causes {
		if stage != Vetting && c.said.MatchString(said) {
			u.Why = "does not build: " + c.why
			break
		}
	}
	if n := len(lines) - mostSaid; n > 1 {
		lines = append(lines[:mostSaid], fmt.Sprintf("… and %s", text.Count(uint64(n), "more line")))
	}
	u.Said = withInstall(strings.Join(lines, "\n"))
	return u
}

// Err is the error that tells why one package is not ready.
func (p *Package) Err() error {
	said := p.Unready.Said
	if said == "" {
		return fmt.Errorf("%s  %s", p.Arg, p.Unready.Why)
	}
	return fmt.Errorf("%s %s:\n%s", p.Arg, p.Unready.joined(), said)
}

// joined is why, as it stands behind the name of the package in a sentence.
func (u *Unready) joined() string {
	if u.Stage == Vetting {
		return "cannot be run: " + u.Why
	}
	return u.Why
}

// AllUnready is the error for packages none of which is ready. It tells of each.
func AllUnready(pkgs []*Package) error {
	var errs []error
	for _, p := range pkgs {
		if p.Unready != nil {
			errs = append(errs, p.Err())
		}
	}
	return errors.Join(errs...)
}
