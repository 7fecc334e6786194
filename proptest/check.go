package proptest

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"samerun/internal/text"
	"samerun/sim"
)

// Check tries a property many times, as rapid.Check does, and reports the first
// failure after rapid has shrunk it. rapid's flags and fail files work as usual:
//
//	-rapid.checks=1000      tries; 100 without it
//	-rapid.seed=47          the tries of an earlier test
//	-rapid.failfile=file    the failure of an earlier test, and nothing else
//	-rapid.shrinktime=1m    time for shrinking; 30s without it
//
// A smaller try counts only if it fails in the same way: the same property
// breaks, or else the error is the same except for numbers and quoted texts, or
// has a method Signature() string that returns the same. What rapid leaves, the
// minimiser of package sim makes smaller still, for as long as SAMERUN_SHRINK says
// (5s without it, 0 for not at all), and saves as a replay file.
//
// Check takes part in all that the environment asks of sim.Test: with SAMERUN_SEED
// or SAMERUN_SEEDS, as samerun test sets them, each seed is one try, which is the
// same on every machine; SAMERUN_REPLAY runs a saved failure from the values in its
// file; and failures saved in testdata/replay are run before rapid begins.
//
// When all tries have passed, Check logs which kinds of faults were asked for and
// never took effect, and which Sometimes properties were never met.
func Check(t rapid.TB, property func(p *P), settings ...Setting) {
	t.Helper()
	if property == nil {
		t.Fatalf("proptest.Check was given no property; it needs a func(p *proptest.P)")
	}
	s := newSession(t, property, settings)
	test, ok := t.(sim.TB)
	if s.goroutines {
		s.onGoroutines(test)
		return
	}
	if !ok || onlyFailFile() {
		s.check(sim.Config{}, nil)
		return
	}
	sim.TestRuns(test, s.run, s.check)
}

// Goroutines runs the scenarios of the property as ordinary Go, on nodes that are machines, as
// sim.Test does with sim.Goroutines. A process makes one try then, which its seed draws; the
// tool starts the processes, and minimises and saves what fails. Plain go test has the tool
// run the test, with seeds 0 to 9 or those of SAMERUN_SEEDS: rapid draws, and neither
// chooses what to try next nor shrinks, and its flags mean nothing. Strategies are the
// tool's: samerun test -strategy. There is no MakeFuzz of such a property.
func Goroutines(s *session) { s.goroutines = true }

// onGoroutines is Check for such a property.
func (s *session) onGoroutines(test sim.TB) {
	s.t.Helper()
	switch {
	case test == nil:
		s.t.Fatalf("proptest.Goroutines needs a *testing.T, and Check was given a %T", s.t)
	case onlyFailFile():
		s.t.Fatalf("-rapid.failfile is of a try that rapid has made, and with proptest.Goroutines the tool makes them: use SAMERUN_SEED=N, or SAMERUN_REPLAY and a replay file")
	case s.strategy != "":
		s.t.Fatalf("proptest.Strategy is about tasks, and proptest.Goroutines was given, too: leave it out, and use samerun test -strategy %s", s.strategy)
	}
	sim.TestRuns(test, s.run, nil, sim.Goroutines)
}

// Setting says how Check and MakeFuzz make their runs.
type Setting func(*session)

// Strategy has tasks run in the order of a strategy, in the words of sim.Config.Strategy
// such as "pct:3". Without it, the seed decides. SAMERUN_STRATEGY goes before it, and
// P.Strategy after it.
func Strategy(words string) Setting { return func(s *session) { s.strategy = words } }

// onlyFailFile says that rapid was given a fail file: whoever does that wants to see
// that failure, and none of those saved otherwise.
func onlyFailFile() bool {
	f := flag.Lookup("rapid.failfile")
	return f != nil && f.Value.String() != ""
}

// check is a test of which the environment asks nothing: rapid's.
func (s *session) check(base sim.Config, fail func(sim.Config)) {
	s.t.Helper()
	if fail != nil {
		defer s.goOn(fail) // rapid ends the goroutine of a test that has failed
	}
	rapid.Check(s.t, func(t *rapid.T) { s.try(t, base) })
	if never := s.vacuous(); never != "" {
		s.t.Logf("%s", text.Block(never))
	}
}

// goOn hands rapid's smallest failure on, if there is one.
func (s *session) goOn(fail func(sim.Config)) {
	s.t.Helper()
	if s.last == nil {
		return
	}
	cfg, _ := s.last.result(s.last.base)
	for _, d := range cfg.Data {
		if d.Err != nil {
			s.t.Logf("there is no replay file of this failure: %v", d.Err)
			return
		}
	}
	fail(cfg)
}

// session is what the tries of one Check have in common.
//
// Invariants: signature is that of the first failure. rapid stops looking at the
// first failure, so whatever comes later is the same one made smaller. drawn and
// digest are of the last failure; rapid tries each that it keeps at least twice.
//
// last is the last try, if it failed.
type session struct {
	t        rapid.TB
	property func(*P)
	strategy string
	// goroutines says that the nodes run ordinary Go, in a process that makes one try.
	goroutines bool

	signature string
	failed    bool
	others    []string // headlines of what was met while shrinking
	drawn     string
	digest    string
	faults    []tally
	sometimes []tally
	last      *P
}

func newSession(t rapid.TB, property func(*P), settings []Setting) *session {
	s := &session{t: t, property: property}
	for _, set := range settings {
		if set != nil {
			set(s)
		}
	}
	return s
}

// tally counts how often something was asked for and how often it came about.
type tally struct {
	name       string
	asked, met uint64
}

// try is one try of rapid's. All failures are reported by the one call below, because rapid
// takes two failures for the same if their stacks are the same.
func (s *session) try(t *rapid.T, base sim.Config) {
	s.last = nil
	p := s.newP(base)
	p.t = t
	p.Seed = seedOf(t)
	p.base.Seed = p.Seed
	if s.failed {
		p.record = &record{}
	}
	p.call(s.property)
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
	s.last = p
	t.Logf("%v", story{f, s.others, s.before(p)})
	t.Fatalf("%s", text.Block(fmt.Sprint(f)))
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
