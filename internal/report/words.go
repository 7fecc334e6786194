package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"samerun/internal/text"
)

// nanos is a time in the unit that fits it.
func nanos(ns int64) string {
	d := time.Duration(ns)
	switch {
	case d >= 100*time.Hour:
		return grouped(int64(d/time.Hour)) + " h"
	case d >= time.Hour:
		return tenths(ns, int64(time.Hour)) + " h"
	case d >= 2*time.Minute:
		return tenths(ns, int64(time.Minute)) + " min"
	case d >= time.Second:
		return tenths(ns, int64(time.Second)) + " s"
	case d >= time.Millisecond:
		return tenths(ns, int64(time.Millisecond)) + " ms"
	case d >= time.Microsecond:
		return tenths(ns, int64(time.Microsecond)) + " µs"
	}
	return strconv.FormatInt(ns, 10) + " ns"
}

// tenths is a quotient with one digit behind the point, while it has but two before it.
func tenths(n, unit int64) string {
	if whole := n / unit; whole >= 100 {
		return grouped(whole)
	}
	return fmt.Sprintf("%d.%d", n/unit, n%unit/(unit/10))
}

// grouped is a number with a thin space between each three digits.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// share is a part of all in percent; what is there is never told as none, nor what lacks as all.
func share(part, all uint64) string {
	switch {
	case all == 0 || part == 0:
		return "0 %"
	case part == all:
		return "100 %"
	case part*100 < all:
		return "< 1 %"
	}
	return fmt.Sprintf("%d %%", part*100/all)
}

// Rate is how many runs there were in a second.
func (t *Totals) Rate() string {
	if t.Elapsed <= 0 || t.Runs == 0 {
		return "–"
	}
	perTen := int64(min(t.Runs, 1<<30)) * 10 * int64(time.Millisecond) / max(t.Elapsed/1000, 1)
	if perTen < 100 {
		return fmt.Sprintf("%d.%d", perTen/10, perTen%10)
	}
	return grouped(perTen / 10)
}

// Faster is how much faster than real time the runs went, together.
func (t *Totals) Faster() string {
	if t.Elapsed <= 0 || t.Virtual <= 0 {
		return ""
	}
	if times := t.Virtual / t.Elapsed; times >= 10 {
		return grouped(times) + " × real time"
	}
	return tenths(t.Virtual, max(t.Elapsed, 10)) + " × real time"
}

// Hours is the virtual time.
func (t *Totals) Hours() string { return nanos(t.Virtual) }

// Took is the real time from the first run on.
func (t *Totals) Took() string { return nanos(t.Elapsed) }

// Prepared is the real time before the first run.
func (t *Totals) Prepared() string { return nanos(t.Prepare) }

// Unit is what runs are counted by.
func (r *Report) Unit() string {
	if r.Guided {
		return "run"
	}
	return "seed"
}

// Where says which run stands for a failure.
func (f *Failure) Where() string {
	switch {
	case f.Seed == nil:
		return ""
	case f.Run > 0:
		return fmt.Sprintf("run %d of the search, made of seed %d", f.Run, *f.Seed)
	}
	return fmt.Sprintf("seed %d", *f.Seed)
}

// Odd says that the failure did not repeat.
func (f *Failure) Odd() bool { return f.Repeats != nil && !*f.Repeats }

// State is how a test came out, in a word.
func (t *Test) State() string {
	switch {
	case t.Failed > 0:
		return "failed"
	case t.Runs == 0:
		return "no run"
	case len(t.Never) > 0:
		return "vacuous"
	}
	return "ok"
}

// Count is how many runs there were.
func (t *Test) Count() string { return grouped(int64(min(t.Runs, 1<<62))) }

// Share is in how many of the runs of a test something was.
func (t *Test) Share(runs uint64) string { return share(runs, t.Runs) }

// Percent is the same as a number, for a bar: not 0 if it was at all.
func (t *Test) Percent(runs uint64) uint64 {
	if runs == 0 || t.Runs == 0 {
		return 0
	}
	return max(1, runs*100/t.Runs)
}

// countRuns says how many runs.
func countRuns(n uint64) string { return text.Count(n, "run") }

// visible is a block of text of a program's without what could hide something.
func visible(s string) string { return text.Block(strings.TrimRight(s, "\n")) }
