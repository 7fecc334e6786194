package faultplan

import (
	"fmt"
	"time"

	"samerun/internal/overlay/leaf/diskrule"
	"samerun/internal/overlay/leaf/plan"
	"samerun/internal/overlay/leaf/rule"
	"samerun/sim/fault"
)

// Text is the faults of the tests of a process, as the file has them that SAMERUN_FAULTS
// names: package internal/overlay/leaf/plan has the form. Each test has a line, and behind
// it are its rules, of each element of its schedule one or several.
func Text(given []Given) string {
	b := []byte(plan.RulesHead + "\n")
	for _, g := range given {
		b = plan.AppendTest(b, g.Test)
		keys := g.Schedule.Keys()
		for i := range g.Schedule.Faults {
			if d, ok := onDisk(&g.Schedule.Faults[i], g.Schedule.Quiet); ok {
				d.Rule.Index, d.Rule.Key = i, keys[i]
				b = plan.AppendDisk(b, &d)
				continue
			}
			rules, err := Rules(&g.Schedule.Faults[i], g.Schedule.Quiet)
			if err != nil {
				continue // Check has refused it
			}
			for _, r := range rules {
				r.Index, r.Key = i, keys[i]
				b = plan.AppendRule(b, &r)
			}
		}
	}
	return string(b)
}

// onDisk is the rule that an element of disks comes to, without index and key; false if it is of
// something else.
func onDisk(f *fault.Fault, quiet time.Duration) (d plan.DiskSpan, ok bool) {
	info, _ := f.Kind.Info()
	if !info.ForFiles() {
		return d, false
	}
	lo, hi := f.Delay()
	d.Rule = diskrule.DiskRule{
		Kind: diskrule.DiskKindOf(string(f.Kind)), Nth: int64(f.Nth), PPM: f.PPM, Min: int64(lo), Max: int64(hi), Bytes: f.Bytes, File: f.File,
	}
	d.Begin, d.End = span(f, quiet)
	return d, true
}

// Rules are the rules that an element of a schedule comes to, without index and key: for a
// partition the cuts of its links, both ways. quiet is that of the schedule. The error says
// why sockets of ordinary Go can make nothing of it.
func Rules(f *fault.Fault, quiet time.Duration) ([]rule.Rule, error) {
	r := rule.Rule{
		Kind: rule.KindOf(string(f.Kind)), Dir: int(f.Dir), PPM: f.PPM, Shape: int(f.Shape),
		Min: int64(f.Min), Max: int64(f.Max), Bytes: f.Bytes, Queue: int64(f.Queue), Conn: f.Conn, Nth: f.Nth,
		From: endsOf(f.From), To: endsOf(f.To),
	}
	r.Begin, r.End = span(f, quiet)
	switch {
	case f.Method != "":
		return nil, fmt.Errorf("method is %q, and what sockets carry has no methods; leave it out", f.Method)
	case r.Kind != 0:
		return []rule.Rule{r}, nil
	}
	r.Kind = rule.RuleCut
	switch f.Kind {
	case fault.OneWay:
		return []rule.Rule{r}, nil
	case fault.Partition:
		return apart(r, f.Nodes), nil
	case fault.Isolate:
		if len(f.Nodes) == 1 && f.Nodes[0] != "*" {
			return apart(r, f.Nodes), nil
		}
	case fault.Flapping:
		if r.End < 0 {
			return nil, fmt.Errorf("for is missing, and ordinary Go has no end that were known before; say how long it lasts")
		}
		return flapping(r, f), nil
	}
	return nil, fmt.Errorf("it parts several nodes from each other, and without nodes all who dial are one end, the test itself; name ends in a cut or a partition, or give the test nodes (docs/clusters.md)")
}

// apart are the cuts between some ends and all others.
func apart(r rule.Rule, nodes []string) []rule.Rule {
	out, in := r, r
	out.From, out.To = rule.RuleEnds{Names: nodes}, rule.RuleEnds{All: true, Names: nodes}
	in.From, in.To = out.To, out.From
	if len(nodes) == 1 && nodes[0] == "*" {
		return nil // there is nobody else
	}
	return []rule.Rule{out, in}
}

// mostFlaps is how many times a link may be cut and healed: more would only fill the file.
const mostFlaps = 100_000

// flapping are the cuts of the first period, of the third and so on.
func flapping(r rule.Rule, f *fault.Fault) (all []rule.Rule) {
	for begin, end := r.Begin, r.End; begin < end && len(all) < mostFlaps; begin += 2 * int64(f.Period) {
		r.Begin, r.End = begin, min(end, begin+int64(f.Period))
		all = append(all, apart(r, f.Nodes)...)
	}
	return all
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
