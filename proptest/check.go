package proptest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Check tries a property many times, as rapid.Check does, and reports the first
// failure after rapid has shrunk it. rapid's flags and fail files work as usual:
//
//	-rapid.checks=1000      tries; 100 without it
//	-rapid.seed=47          the tries of an earlier test
//	-rapid.failfile=file    the failure of an earlier test
//	-rapid.shrinktime=1m    time for shrinking; 30s without it
//
// A smaller try counts only if it fails in the same way: the same property
// breaks, or else the error is the same except for numbers and quoted texts, or
// has a method Signature() string that returns the same.
//
// When all tries have passed, Check logs which kinds of faults were asked for and
// never took effect, and which Sometimes properties were never met.
func Check(t rapid.TB, property func(p *P)) {
	t.Helper()
	if property == nil {
		t.Fatalf("proptest.Check was given no property; it needs a func(p *proptest.P)")
	}
	s := &session{}
	rapid.Check(t, func(t *rapid.T) { s.try(t, property) })
	if text := s.vacuous(); text != "" {
		t.Logf("%s", text)
	}
}

// MakeFuzz makes a fuzz target of a property, for testing.F.Fuzz:
//
//	func FuzzStore(f *testing.F) {
//		f.Add([]byte{})
//		f.Fuzz(proptest.MakeFuzz(property))
//	}
//
// Then go test -fuzz=FuzzStore looks for schedules that reach new code. Each draw
// takes its words from the input, and zeros when that is used up; the empty input
// is the calm run without faults. Fuzzing stops at the first failure and makes
// the input shorter; Check shrinks better.
func MakeFuzz(property func(p *P)) func(*testing.T, []byte) {
	return func(t *testing.T, input []byte) {
		t.Helper()
		if property == nil {
			t.Fatal("proptest.MakeFuzz was given no property; it needs a func(p *proptest.P)")
		}
		// Zeros end every list of this package and of rapid, so that with enough of them
		// every input is a whole try.
		padded := append(slices.Clone(input), make([]byte, padding)...)
		rapid.MakeFuzz(func(t *rapid.T) { (&session{}).try(t, property) })(t, padded)
	}
}

// padding is how many zeros follow a fuzz input, in bytes. A draw takes 8 to 24.
const padding = 1 << 16

// session is what the tries of one Check have in common.
//
// Invariants: signature is that of the first failure. rapid stops looking at the
// first failure, so whatever comes later is the same one made smaller. drawn and
// digest are of the last failure; rapid tries each that it keeps at least twice.
type session struct {
	signature string
	failed    bool
	others    []string // headlines of what was met while shrinking
	drawn     string
	digest    string
	faults    []tally
	sometimes []tally
}

// tally counts how often something was asked for and how often it came about.
type tally struct {
	name       string
	asked, met uint64
}

// try is one try. All failures are reported by the one call below, because rapid
// takes two failures for the same if their stacks are the same.
func (s *session) try(t *rapid.T, property func(*P)) {
	p := &P{t: t}
	p.Seed = Draw(p, Seeds(), "seed")
	p.call(property)
	f := p.failure
	switch {
	case f == nil:
		s.count(p)
		return
	case !s.failed:
		s.failed, s.signature = true, signature(f.err)
	case signature(f.err) != s.signature:
		// Another failure. For rapid this try has passed, so that it is not led astray.
		if other := headline(f.err); !slices.Contains(s.others, other) && len(s.others) < 5 {
			s.others = append(s.others, other)
		}
		return
	}
	t.Logf("%v", story{f, s.others, s.before(p)})
	t.Fatalf("%v", f)
}

// before returns the digest of the failure before, if that had the same draws and
// was another run nevertheless; the scenario depends on something else then.
func (s *session) before(p *P) string {
	if p.failure.report == nil {
		return ""
	}
	drawn, digest := s.drawn, s.digest
	s.drawn, s.digest = fmt.Sprintf("%#v", p.drawn), p.failure.report.Digest
	if drawn != s.drawn || digest == s.digest {
		return ""
	}
	return digest
}

// call calls the property and takes back the panic by which a failure ends it.
// Panics of the property's own go on their way untouched.
func (p *P) call(property func(*P)) {
	defer func() {
		if p.failure != nil {
			_ = recover()
		}
	}()
	property(p)
}

// count adds the faults and properties of a try that passed.
func (s *session) count(p *P) {
	for _, r := range p.reports {
		for _, o := range r.Outcomes {
			add(&s.faults, string(o.Fault.Kind), 1, min(o.Fired, 1))
		}
		for _, c := range r.Properties {
			if c.Kind == "sometimes" {
				add(&s.sometimes, c.Name, c.Checked, c.Met)
			}
		}
	}
}

func add(list *[]tally, name string, asked, met uint64) {
	i := slices.IndexFunc(*list, func(t tally) bool { return t.name == name })
	if i < 0 {
		i = len(*list)
		*list = append(*list, tally{name: name})
	}
	(*list)[i].asked += asked
	(*list)[i].met += met
}

// vacuous says what never came about in any try, or nothing.
func (s *session) vacuous() string {
	var lines []string
	for _, f := range s.faults {
		if f.met == 0 {
			lines = append(lines, fmt.Sprintf("faults of kind %s were asked for %d times and never took effect", f.name, f.asked))
		}
	}
	for _, p := range s.sometimes {
		if p.met == 0 {
			lines = append(lines, fmt.Sprintf("property %q (sometimes) was never met", p.name))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
