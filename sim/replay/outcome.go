package replay

import (
	"fmt"
	"strings"

	"samerun/sim/shrink"
)

// Outcome is how the run of a saved failure ended. Files and programs that read
// what samerun writes see these words.
type Outcome string

// The outcomes of a run. That no run can be made is no outcome but an error.
const (
	Same      Outcome = "same"      // the same run to the bit
	Different Outcome = "different" // the same failure by a different run
	Other     Outcome = "other"     // another failure
	Unmet     Outcome = "unmet"     // no failure, but keys were not met
	Fixed     Outcome = "fixed"     // no failure, every key met

	// Stalled is what the minimiser gets for a run that was given up by real time, which
	// a busy machine can do to any run: it says nothing about the input. Judge never
	// returns it.
	Stalled Outcome = "stalled"
)

// Outcomes has the outcomes that Judge returns, those first that say most about the recorded failure.
func Outcomes() []Outcome { return []Outcome{Same, Different, Other, Unmet, Fixed} }

// Verdict is the outcome as the minimiser sees it.
func (o Outcome) Verdict() shrink.Verdict {
	switch o {
	case Same, Different:
		return shrink.Same
	case Other:
		return shrink.Other
	case Stalled:
		return shrink.Unknown
	}
	return shrink.Pass
}

// Run is what a run of a file came to.
type Run struct {
	Failure *Failure // nil if it did not fail
	Digest  string
	// Unmet tells, each in a line, the keys of the input that were met when the
	// failure was recorded and were not any more.
	Unmet []string
}

// Judge compares a run with the record of it.
func (p *File) Judge(r *Run) Outcome {
	switch {
	case r.Failure != nil && !p.Alike(r.Failure):
		return Other
	case r.Failure != nil && r.Digest == p.Digest:
		return Same
	case r.Failure != nil:
		return Different
	case len(r.Unmet) > 0, p.strays(r):
		return Unmet
	}
	return Fixed
}

// strays says that nothing tells whether a run still goes where the recorded one failed:
// of goroutines under a strategy, which have no deviations, the course is another one after
// nearly every edit, whichever faults there are. The calm course is the one that is left
// when nothing else matters.
func (p *File) strays(r *Run) bool {
	return p.World == Goroutines && p.Strategy != "fifo" && r.Digest != p.Digest
}

// Words tells an outcome in a sentence or two.
func (p *File) Words(o Outcome, r *Run) string {
	stray := ""
	if len(r.Unmet) > 0 {
		stray = "\nkeys of its input that were not met any more:" + list(r.Unmet)
	}
	switch o {
	case Same:
		return "the same run to the bit"
	case Different:
		text := fmt.Sprintf("the same failure by a different run (digest %s, recorded was %s): the code has changed", r.Digest, p.Digest)
		if Samerun != p.Samerun {
			text += fmt.Sprintf(", or samerun has (this is %s, the file is of %s)", Samerun, p.Samerun)
		}
		return text + stray
	case Other:
		return "another failure; recorded was " + p.brief() + stray
	case Unmet:
		if len(r.Unmet) == 0 {
			return fmt.Sprintf("no failure, but the run took another course (digest %s, recorded was %s), and the file does not say whose turn it was, so that this proves nothing:\n"+
				"record the failure anew, and minimised", r.Digest, p.Digest)
		}
		return fmt.Sprintf("no failure, but %s not met any more, so that this proves nothing:%s\n"+
			"if what they were about is gone for good, record the failure anew", share(len(r.Unmet), p.keys()), list(r.Unmet))
	}
	switch n := p.keys(); n {
	case 0:
		return "no failure any more; the file has a seed and no faults, so that nothing tells whether the run still goes where it failed"
	case 1:
		return "no failure any more, and the one key of its input was met"
	default:
		return fmt.Sprintf("no failure any more, and all %d keys of its input were met", n)
	}
}

// share begins a sentence about n of all keys.
func share(n, all int) string {
	switch {
	case all == 1:
		return "the one key of its input was"
	case n == 1:
		return fmt.Sprintf("1 of the %d keys of its input was", all)
	}
	return fmt.Sprintf("%d of the %d keys of its input were", n, all)
}

// listed is how many keys a sentence lists.
const listed = 20

func list(items []string) string {
	var b strings.Builder
	for i, item := range items {
		if i == listed {
			fmt.Fprintf(&b, "\n  … and %d more", len(items)-listed)
			break
		}
		b.WriteString("\n  " + item)
	}
	return b.String()
}
