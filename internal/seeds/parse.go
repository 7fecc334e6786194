package seeds

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"samerun/internal/text"
)

// Parse reads a set of seeds; the package comment has the grammar. The error is
// one sentence that quotes the bad part and says what to write instead.
func Parse(words string) (Set, error) {
	if strings.TrimSpace(words) == "" {
		return Set{}, errors.New(`seeds "": nothing is there; write a seed such as 7 or a range such as 1-1000`)
	}
	var spans []span
	for part := range strings.SplitSeq(words, ",") {
		sp, err := parsePart(strings.TrimSpace(part))
		if err != nil {
			return Set{}, err
		}
		spans = append(spans, sp)
	}
	spans = normalize(spans)
	if spans[0] == (span{0, math.MaxUint64}) {
		return Set{}, fmt.Errorf("seeds %s: these are all 2^64 seeds, one more than can be counted; start at 1", text.Clip(words))
	}
	return Set{spans}, nil
}

// ParseSeed reads a single seed, decimal or hexadecimal, as SAMERUN_SEED holds it.
func ParseSeed(words string) (uint64, error) {
	seed, problem := number(words)
	if problem != "" {
		return 0, fmt.Errorf("seed %s: %s", text.Clip(words), problem)
	}
	return seed, nil
}

// parsePart reads one number or one range.
func parsePart(part string) (span, error) {
	fail := func(problem string) (span, error) {
		return span{}, fmt.Errorf("seeds %s: %s", text.Clip(part), problem)
	}
	if part == "" {
		return fail("there is nothing between two commas or at an end; remove the extra comma")
	}
	from, to, isRange := strings.Cut(part, "-")
	if isRange && strings.TrimSpace(from) == "" {
		return fail("the number before the dash is missing; seeds are never negative, write a range as 1-1000")
	}
	if isRange && strings.TrimSpace(to) == "" {
		return fail("the number after the dash is missing; write both ends, as in 1-1000")
	}
	first, problem := number(from)
	if problem != "" {
		return fail(problem)
	}
	if !isRange {
		return span{first, first}, nil
	}
	last, problem := number(to)
	if problem != "" {
		return fail(problem)
	}
	if last < first {
		return fail("the range ends before it begins; write the smaller number first")
	}
	return span{first, last}, nil
}

// number reads one seed, or says in problem what is wrong with it. A leading
// zero does not mean octal here: 010 is ten.
func number(words string) (seed uint64, problem string) {
	words = strings.TrimSpace(words)
	digits, base := words, 10
	if len(words) > 2 && (words[:2] == "0x" || words[:2] == "0X") {
		digits, base = words[2:], 16
	}
	seed, err := strconv.ParseUint(digits, base, 64)
	switch {
	case err == nil:
		return seed, ""
	case errors.Is(err, strconv.ErrRange):
		return 0, "a seed has 64 bits; write a number up to 18446744073709551615 (0xffffffffffffffff)"
	case words == "":
		return 0, "nothing is there; write a seed such as 7 or 0x2f"
	}
	return 0, text.Clip(words) + " is not a whole number; write seeds such as 7, 0x2f or 1-1000"
}

// normalize sorts the spans and joins those that overlap or touch.
func normalize(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.first, b.first) })
	joined := spans[:1]
	for _, sp := range spans[1:] {
		end := &joined[len(joined)-1].last
		// Written without end+1, which would wrap at the largest seed.
		if sp.first <= *end || sp.first-1 == *end {
			*end = max(*end, sp.last)
		} else {
			joined = append(joined, sp)
		}
	}
	return joined
}
