package guide

import "samerun/internal/keyed"

// The arms are the ways to come to an input: a fresh seed, or one change of an entry.
const (
	armFresh  = iota
	armFork   // chance is another one from some time on
	armFault  // faults are moved, stretched, taken out, or added
	armAnew   // the same, and a fresh seed decides all else
	armSplice // one run until some time, and another one's faults and chance from then on
	armTurn   // one turn is taken later
	armSteps  // steps are left out, or done again
	arms
)

// arm is what a way to come to an input has brought: how many of so many runs have seen something
// new. Both fade, since what is new becomes rare.
type arm struct{ runs, gains uint64 }

// fading is for how many runs an arm remembers all.
const fading = 512

func firstArms() (all [arms]arm) { return all }

func (a *arm) learn(gain bool) {
	a.runs++
	if gain {
		a.gains++
	}
	if a.runs >= fading {
		a.runs, a.gains = a.runs/2, a.gains/2
	}
}

// pays is how much an arm has brought a run, in parts of 4096. One that was not tried yet is
// thought to bring something one time in thirty-two.
func (a *arm) pays() uint64 { return (a.gains*4096 + 4096/32) / (a.runs + 1) }

// leastFresh is one in how many runs that has a fresh seed at least, and least how much an arm
// pays at least, in parts of 4096: what brings nothing now may do so later.
const (
	leastFresh = 4
	least      = 2
)

// leastOf is how much an arm pays at least: where nothing brings anything any more, fresh seeds are
// as good as it gets, and next to them what changes the whole run.
func leastOf(a int) uint64 {
	switch a {
	case armFresh:
		return 12 * least
	case armAnew:
		return 2 * least
	}
	return least
}

// chooseArm draws an arm, in proportion to what the arms pay.
func (s *Search) chooseArm(k keyed.Key) int {
	if s.opts.Blind || len(s.entries) == 0 || k.Str("fresh").Below(leastFresh) == 0 {
		return armFresh
	}
	var weights [arms]uint64
	for a := range weights {
		weights[a] = max(s.arms[a].pays(), leastOf(a))
	}
	return drawn(weights[:], k)
}

// drawn is a place in a list of weights, at least one of which is not 0, in proportion to them.
func drawn(weights []uint64, k keyed.Key) int {
	sum := uint64(0)
	for _, w := range weights {
		sum += w
	}
	x := k.Below(sum)
	for i, w := range weights {
		if x < w {
			return i
		}
		x -= w
	}
	return 0
}
