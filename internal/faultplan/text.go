package faultplan

import (
	"time"

	"samerun/internal/overlay/leaf/plan"
	"samerun/internal/overlay/leaf/rule"
	"samerun/sim/fault"
)

// Text is the faults of the tests of a process, as the file has them that SAMERUN_FAULTS
// names: package internal/overlay/leaf/plan has the form. Each test has a line, and behind
// it are its rules, one for each element of its schedule.
func Text(given []Given) string {
	b := []byte(plan.RulesHead + "\n")
	for _, g := range given {
		b = plan.AppendTest(b, g.Test)
		keys := g.Schedule.Keys()
		for i := range g.Schedule.Faults {
			r := ruleOf(&g.Schedule.Faults[i], g.Schedule.Quiet)
			r.Index, r.Key = i, keys[i]
			b = plan.AppendRule(b, &r)
		}
	}
	return string(b)
}

// ruleOf is an element of a schedule as package net has it.
func ruleOf(f *fault.Fault, quiet time.Duration) rule.Rule {
	r := rule.Rule{
		Kind: rule.KindOf(string(f.Kind)), Dir: int(f.Dir), PPM: f.PPM, Shape: int(f.Shape),
		Min: int64(f.Min), Max: int64(f.Max), Bytes: f.Bytes, Queue: int64(f.Queue), Nth: f.Nth,
		From: endsOf(f.From), To: endsOf(f.To),
	}
	r.Begin, r.End = span(f, quiet)
	return r
}

// endsOf are names as ends of links.
func endsOf(names []string) rule.RuleEnds {
	if len(names) == 1 && names[0] == "*" {
		return rule.RuleEnds{All: true}
	}
	return rule.RuleEnds{Names: names}
}

// span is when an element begins and ends, -1 for never. What would begin in the quiet time
// ends as it begins.
func span(f *fault.Fault, quiet time.Duration) (begin, end int64) {
	begin, end = int64(f.At), -1
	if at, ends := f.End(); ends {
		end = int64(at)
	}
	if quiet > 0 && (end < 0 || end > int64(quiet)) {
		end = max(begin, int64(quiet))
	}
	return begin, end
}
