package sweep

import (
	"errors"
	"fmt"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/jsonout"
	"samerun/internal/screen"
	"samerun/internal/text"
)

// Packages that cannot be run do not keep the others from it. They are told behind all
// results, and the sweep is not good.

// noteUnready remembers which packages cannot be run.
func (s *Sweep) noteUnready(pkgs []*gocmd.Package) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range pkgs {
		if p.Unready != nil {
			s.unready = append(s.unready, p)
		}
	}
}

// Unready reports whether there are packages that could not be run.
func (s *Sweep) Unready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.unready) > 0
}

// withUnready is an error for which nothing was run, with what there is to say of the
// packages that could not be.
func (s *Sweep) withUnready(err error) error {
	if unready := gocmd.AllUnready(s.unready); err != nil && unready != nil && err.Error() != unready.Error() {
		return errors.Join(unready, err)
	}
	return err
}

// notRun tells which packages could not be run, and why.
func (s *Sweep) notRun() string {
	var b strings.Builder
	for _, p := range s.unready {
		b.WriteString(s.screen.Paint(screen.Red, "FAIL") + "  " + text.Line(p.Arg) + "  " + text.Line(p.Unready.Why) + "\n")
		if p.Unready.Said != "" {
			b.WriteString(text.Indent(p.Unready.Said) + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// countNotRun says how many packages could not be run, for the last line; it is empty if
// all could.
func (s *Sweep) countNotRun() string {
	if len(s.unready) == 0 {
		return ""
	}
	return text.Count(uint64(len(s.unready)), "package") + " not run, "
}

// unready writes a line for each package that could not be run, behind all others.
func (js *jsonStream) unready(pkgs []*gocmd.Package) error {
	for _, p := range pkgs {
		js.stopped = false // the failure that ended the others is none of these
		js.write(Line{Package: p.Path, Unready: string(p.Unready.Stage), Error: p.Unready.Why, Telling: jsonout.Tell(p.Unready.Said, nil)})
	}
	js.stopped = true
	return js.send()
}

// noteUntested says which packages have nothing to run.
func (s *Sweep) noteUntested(list *gocmd.Listing) {
	const few = 3
	switch n := len(list.Untested); {
	case n > few:
		s.screen.Note(fmt.Sprintf("skipped %d packages without test files", n))
	case n > 0:
		s.screen.Note("skipped, no test files: " + strings.Join(list.Untested, " "))
	}
	for i, sentence := range list.LeftOut {
		if i == few {
			s.screen.Note(fmt.Sprintf("skipped %d more packages whose test files build constraints leave out", len(list.LeftOut)-few))
			break
		}
		s.screen.Note("skipped " + sentence)
	}
}
