package sim

import (
	"fmt"
	"slices"
	"strings"
)

// outcome is how the replay of a saved failure ended; the tool reads these words.
type outcome string

const (
	outcomeSame  outcome = "same"      // the same run to the bit
	outcomeLike  outcome = "different" // the same failure by a different run
	outcomeOther outcome = "other"     // another failure
	outcomeFixed outcome = "fixed"     // no failure, every key met
	outcomeUnmet outcome = "unmet"     // no failure, but keys were not met
)

// judge compares a run with the record of it.
func (p *Replay) judge(a *attempt) (o outcome, unmet []string) {
	unmet = p.unmet(a.report)
	switch {
	case a.failure != nil && !p.alike(a.failure):
		return outcomeOther, unmet
	case a.failure != nil && a.report.Digest == p.Digest:
		return outcomeSame, unmet
	case a.failure != nil:
		return outcomeLike, unmet
	case len(unmet) > 0:
		return outcomeUnmet, unmet
	}
	return outcomeFixed, nil
}

// unmet lists the keys of the schedule and the deviations that were not met,
// though they were when the failure was recorded.
func (p *Replay) unmet(r *Report) (out []string) {
	for _, o := range r.Outcomes {
		if _, idle := slices.BinarySearch(p.Idle, o.Index); o.Fired == 0 && !idle {
			out = append(out, fmt.Sprintf("%v: %s", o.Fault, o.Why))
		}
	}
	out = append(out, r.Missed...)
	for _, d := range r.Unmet {
		out = append(out, fmt.Sprintf("deviation %v: the task was not ready so often", d))
	}
	return out
}

// keys is the number of keys that a replay of the file has to meet.
func (p *Replay) keys() int {
	n := len(p.Deviations) - len(p.Idle)
	if p.Schedule != nil {
		n += p.Schedule.Size()
	}
	if p.Steps != nil {
		n += len(*p.Steps)
	}
	return n + len(p.Sizes) + len(p.Data)
}

// words tells an outcome in a sentence or two.
func (p *Replay) words(o outcome, unmet []string, a *attempt) string {
	stray := ""
	if len(unmet) > 0 {
		stray = "\nkeys of its input that were not met any more:" + list(unmet)
	}
	switch o {
	case outcomeSame:
		return "the same run to the bit"
	case outcomeLike:
		text := fmt.Sprintf("the same failure by a different run (digest %s, recorded was %s): the code has changed", a.report.Digest, p.Digest)
		if Version != p.Samerun {
			text += fmt.Sprintf(", or samerun has (this is %s, the file is of %s)", Version, p.Samerun)
		}
		return text + stray
	case outcomeOther:
		return "another failure; recorded was " + p.failed() + stray
	case outcomeUnmet:
		return fmt.Sprintf("no failure, but %s not met any more, so that this proves nothing:%s\n"+
			"delete the file, or record the failure anew", share(len(unmet), p.keys()), list(unmet))
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
