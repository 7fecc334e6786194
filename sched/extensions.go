package sched

import (
	"math/big"
	"slices"
)

// counter counts the orders of phases. budget bounds the work: it is how many steps from one
// downset to another may yet be made.
type counter struct{ budget int }

// What a search spends on counting, and the most that it spends on a phase.
const (
	allSteps  = 1 << 20
	mostSteps = 1 << 16
)

// extensions counts the orders in which the turns of a phase can be run that keep to the
// happens-before relation: its linear extensions. past[i] has the turns before turn i. The
// count is exact, or else a lower bound.
//
// It takes the relation apart: independent parts can be merged in any way, so that the
// counts of the parts are multiplied by a multinomial coefficient; parts one of which
// comes before the other are simply multiplied. What can be taken apart no more is counted by
// its downsets: the number of orders of a downset is the sum of those without one of its
// last turns. To count linear extensions is #P-complete (Brightwell and Winkler, 1991), so
// that this is given up beyond some size.
func (c *counter) extensions(past []set) (n *big.Int, exact bool) {
	turns := make([]int, len(past))
	for i := range turns {
		turns[i] = i
	}
	return c.count(past, turns)
}

// count is extensions for some of the turns, given in an order that keeps to
// the relation.
func (c *counter) count(past []set, turns []int) (*big.Int, bool) {
	if len(turns) < 2 {
		return big.NewInt(1), true
	}
	if parts := components(past, turns); len(parts) > 1 {
		total, exact, placed := big.NewInt(1), true, int64(0)
		for _, part := range parts {
			n, ok := c.count(past, part)
			placed += int64(len(part))
			total.Mul(total, n)
			total.Mul(total, new(big.Int).Binomial(placed, int64(len(part))))
			exact = exact && ok
		}
		return total, exact
	}
	if at := cut(past, turns); at > 0 {
		a, exactA := c.count(past, turns[:at])
		b, exactB := c.count(past, turns[at:])
		return a.Mul(a, b), exactA && exactB
	}
	return c.countDownsets(past, turns)
}

// components are the parts of the turns that have nothing to do with each other.
func components(past []set, turns []int) [][]int {
	part := make([]int, len(turns)) // the number of each one's part
	for i := range part {
		part[i] = i
	}
	for k, t := range turns {
		for i := range k {
			if part[i] != part[k] && past[t].has(turns[i]) {
				old := part[i]
				for m := range part[:k] {
					if part[m] == old {
						part[m] = part[k]
					}
				}
			}
		}
	}
	var parts [][]int
	var names []int
	for i, t := range turns {
		at := slices.Index(names, part[i])
		if at < 0 {
			at = len(names)
			names, parts = append(names, part[i]), append(parts, nil)
		}
		parts[at] = append(parts[at], t)
	}
	return parts
}

// cut returns the first place at which all turns before it happen before all turns
// behind it, 0 if there is none.
func cut(past []set, turns []int) int {
	for at := 1; at < len(turns); at++ {
		clean := true
		for _, later := range turns[at:] {
			for _, earlier := range turns[:at] {
				clean = clean && past[later].has(earlier)
			}
			if !clean {
				break
			}
		}
		if clean {
			return at
		}
	}
	return 0
}

// countDownsets goes from the empty downset to the full one, a turn at a time.
func (c *counter) countDownsets(past []set, turns []int) (*big.Int, bool) {
	if len(turns) > 64 {
		return big.NewInt(1), false
	}
	before := make([]uint64, len(turns)) // past, by places in turns
	for k, t := range turns {
		for i := range k {
			if past[t].has(turns[i]) {
				before[k] |= 1 << i
			}
		}
	}
	steps, most := 0, min(mostSteps, c.budget)
	defer func() { c.budget -= min(steps, most) }()
	level := map[uint64]*big.Int{0: big.NewInt(1)}
	for range turns {
		next := map[uint64]*big.Int{}
		for in, n := range level { //samerun:allow maprange: sums, in any order the same
			for k := range turns {
				if in>>k&1 != 0 || before[k]&^in != 0 {
					continue
				}
				if steps++; steps > most {
					return big.NewInt(1), false
				}
				if sum := next[in|1<<k]; sum != nil {
					sum.Add(sum, n)
				} else {
					next[in|1<<k] = new(big.Int).Set(n)
				}
			}
		}
		level = next
	}
	return level[1<<len(turns)-1], true
}
