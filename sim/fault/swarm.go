package fault

import (
	"time"

	"samerun/internal/keyed"
)

// Swarm makes a plan in which each seed draws its own subset of the kinds of
// a mix, and its own rates: a kind is kept, with all its rules, in one case of
// two, and its rate is from a quarter to four times what the mix says.
//
// A run that has all kinds of faults a little seldom goes far in any direction,
// and some faults hide what others would show. See Groce, Zhang, Eide, Chen and
// Regehr, "Swarm Testing", ISSTA 2012; FoundationDB does the same with its knobs.
func Swarm(m Mix) Plan { return swarm{m} }

type swarm struct{ mix Mix }

// Draw returns the schedule of the seed's own mix.
func (s swarm) Draw(seed uint64, nodes []string, horizon time.Duration) Schedule {
	return s.of(seed).Draw(seed, nodes, horizon)
}

// of returns the mix of a seed. What becomes of a rule depends on its kind alone,
// so that it does not depend on the others. Rules of one kind stay or go
// together, and so the second of a kind stays the second.
func (s swarm) of(seed uint64) Mix {
	root := keyed.Root(seed).Str("swarm").Str(s.mix.Name)
	m := s.mix
	m.Rules = nil
	for _, r := range s.mix.Rules {
		if k := root.Str(string(r.Kind)); k.Str("kept").Below(2) == 1 {
			m.Rules = append(m.Rules, scaled(r, k.Str("rate").Below(5)))
		}
	}
	return m
}

// scaled multiplies what is frequent in a rule by 1/4, 1/2, 1, 2 or 4: its rate,
// or for a fault of links that lasts throughout, its chance per message.
func scaled(r Rule, step uint64) Rule {
	scale := func(n int64, most int64) int64 {
		if n <= 0 {
			return n
		}
		return max(1, min(n<<step/4, most))
	}
	info, _ := r.Kind.Info()
	switch {
	case r.Rate > 0:
		r.Rate = scale(r.Rate, maxRate)
	case info.Group == Links || info.Group == Sockets:
		r.PPM = Range{scale(r.PPM.Min, Million), scale(r.PPM.Max, Million)}
	}
	return r
}
