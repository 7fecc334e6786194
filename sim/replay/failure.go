package replay

import (
	"fmt"
	"strings"
	"time"

	"samerun/internal/text"
)

// Failure is what broke in a run, in words.
type Failure struct {
	Property  string        // that broke; empty if something else did
	Error     string        // the failure's own words, for people
	Signature string        // by which a failure that is no property is recognised
	At        time.Duration // virtual time of the failure
}

// maxError bounds the words of a failure that are saved, in bytes.
const maxError = 4000

// Plain returns the failure with texts that a file can hold: not too long, and
// UTF-8.
func (f Failure) Plain() Failure {
	f.Property, f.Error, f.Signature = plain(f.Property), plain(f.Error), plain(f.Signature)
	return f
}

func plain(s string) string {
	if len(s) > maxError {
		s = s[:maxError] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// Alike says that a failure is the recorded one, perhaps of another run: the same
// property broke or, where none did, it has the same signature.
func (p *File) Alike(f *Failure) bool {
	g := f.Plain()
	if p.Property != "" || g.Property != "" {
		return g.Property == p.Property
	}
	return g.Signature == p.Signature
}

// brief is the failure in a few words.
func (f *Failure) brief() string {
	if f.Property != "" {
		return fmt.Sprintf("property %q", f.Property)
	}
	return text.FirstLine(f.Error)
}
