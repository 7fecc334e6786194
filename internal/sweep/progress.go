package sweep

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"
	"unicode/utf8"

	"samerun/internal/screen"
	"samerun/internal/text"
)

// progress is how far a sweep has come. Its owner guards it.
type progress struct {
	phase            string // before the first seed: what is being done
	steps, stepsDone int    // of the phase
	total, done      uint64 // seeds of all tests; total is 0 until begin
	failures         uint64
	current          string    // the test that reported last
	opened, began    time.Time // of the sweep, and of its first seed
	now              func() time.Time
}

func newProgress() *progress {
	now := time.Now()
	return &progress{now: time.Now, opened: now, began: now}
}

// begin marks the start of the first seed.
func (p *progress) begin(tests, seeds uint64) {
	p.total = saturatingMul(tests, seeds)
	p.began = p.now()
}

// line is the progress in one line, or empty if there is nothing to say yet.
func (p *progress) line() string {
	if p.total == 0 {
		if p.steps == 0 {
			return ""
		}
		return fmt.Sprintf("%s %s, %d done", p.phase, text.Count(uint64(p.steps), "package"), p.stepsDone)
	}
	elapsed := p.now().Sub(p.began)
	parts := []string{fmt.Sprintf("%d of %s", p.done, text.Count(p.total, "seed"))}
	if r, ok := rate(p.done, elapsed); ok {
		parts = append(parts, r)
	}
	parts = append(parts, text.Count(p.failures, "failure"))
	if left := p.left(elapsed); left != "" {
		parts = append(parts, left)
	}
	line := strings.Join(parts, "  ")
	room := screen.Width - utf8.RuneCountInString(line) - 2
	if name := []rune(p.current); len(name) > 0 && len(name) <= room {
		line += "  " + p.current
	}
	return line
}

// left estimates the time that is left. It keeps silent for the first second,
// when the estimate would be about starting processes.
func (p *progress) left(elapsed time.Duration) string {
	if p.done == 0 || p.done >= p.total || elapsed < time.Second {
		return ""
	}
	// The product of nanoseconds and seeds needs more than 64 bits.
	hi, lo := bits.Mul64(uint64(elapsed), p.total-p.done)
	if hi >= p.done {
		return "years left"
	}
	ns, _ := bits.Div64(hi, lo, p.done)
	if ns > math.MaxInt64 {
		return "years left"
	}
	return text.Duration(time.Duration(ns)) + " left"
}

// rate is seeds per second, if there are enough of them to tell.
func rate(n uint64, elapsed time.Duration) (string, bool) {
	if n == 0 || elapsed < 100*time.Millisecond {
		return "", false
	}
	perSecond := float64(n) / elapsed.Seconds()
	if perSecond < 10 {
		return fmt.Sprintf("%.1f seeds/s", perSecond), true
	}
	return fmt.Sprintf("%.0f seeds/s", perSecond), true
}

// saturatingMul multiplies, and gives the largest number where that overflows.
func saturatingMul(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	if hi != 0 {
		return math.MaxUint64
	}
	return lo
}
