// Package plan is the fault plan of a process as text, which samerun writes and package
// testing reads: package testing gets this from internal/overlay/bundle.
package plan

import (
	"strconv"
	"strings"

	"samerun/internal/overlay/leaf/rule"
)

// RulesHead is the first line of a plan of faults for a process.
const RulesHead = "samerun faults 1"

// AppendRule appends the rule as a line of a plan:
//
//	cut index=3 key=1a2b3c4d5e6f7081 begin=1100000000 end=1400000000 from "n0" to all but "n1" "n2"
//
// Numbers that are 0 are left out, and end if there is none. Nodes go by their names here.
func AppendRule(b []byte, r *rule.Rule) []byte {
	b = append(b, r.Kind.String()...)
	b = strconv.AppendInt(append(b, " index="...), int64(r.Index), 10)
	b = strconv.AppendUint(append(b, " key="...), r.Key, 16)
	b = strconv.AppendInt(append(b, " begin="...), r.Begin, 10)
	if r.End >= 0 {
		b = strconv.AppendInt(append(b, " end="...), r.End, 10)
	}
	for i, v := range ruleNumbers(r) {
		if v != 0 {
			b = strconv.AppendInt(append(append(append(b, ' '), ruleFields[i]...), '='), v, 10)
		}
	}
	b = appendEnds(append(b, " from"...), &r.From)
	b = appendEnds(append(b, " to"...), &r.To)
	return append(b, '\n')
}

// ruleFields are the numbers that a line may have.
var ruleFields = [...]string{"dir", "ppm", "shape", "min", "max", "bytes", "queue", "conn", "nth"}

// ruleNumbers returns those of a rule, in that order.
func ruleNumbers(r *rule.Rule) [len(ruleFields)]int64 {
	return [...]int64{int64(r.Dir), r.PPM, int64(r.Shape), r.Min, r.Max, r.Bytes, r.Queue, int64(r.Conn), int64(r.Nth)}
}

// setRuleNumber sets the one at a place.
func setRuleNumber(r *rule.Rule, i int, v int64) {
	switch ruleFields[i] {
	case "dir":
		r.Dir = int(min(v, 3))
	case "ppm":
		r.PPM = v
	case "shape":
		r.Shape = int(min(v, 4))
	case "min":
		r.Min = v
	case "max":
		r.Max = v
	case "bytes":
		r.Bytes = v
	case "queue":
		r.Queue = v
	case "conn":
		r.Conn = uint64(v)
	case "nth":
		r.Nth = uint64(v)
	}
}

func appendEnds(b []byte, e *rule.RuleEnds) []byte {
	if e.All {
		if b = append(b, " all"...); len(e.Names) > 0 {
			b = append(b, " but"...)
		}
	}
	for _, name := range e.Names {
		b = strconv.AppendQuote(append(b, ' '), name)
	}
	return b
}

// TestRules are the rules of one test.
type TestRules struct {
	Test  string // its name; empty for each test that has no line of its own
	Rules []rule.Rule
	Disks []DiskSpan
}

// AppendTest appends the line behind which the rules of a test stand.
func AppendTest(b []byte, test string) []byte {
	return append(append(append(b, "test "...), test...), '\n')
}

// ParsePlan reads the plan of a process: RulesHead, and then a line for each rule. Those
// behind a line such as "test TestX" are for that test alone, which has no others, and those
// before the first such line for each test that has none. It is strict. The problem is one
// clause that says what is wrong in which line, or nothing.
func ParsePlan(text string) (all []TestRules, problem string) {
	n := 0
	for text != "" {
		line, rest, whole := strings.Cut(text, "\n")
		text = rest
		n++
		at := "line " + strconv.Itoa(n)
		switch {
		case !whole:
			return nil, at + " does not end; the file is not whole"
		case n == 1:
			if line != RulesHead {
				return nil, "line 1 is not " + strconv.Quote(RulesHead)
			}
			continue
		}
		if test, ok := strings.CutPrefix(line, "test "); ok {
			for i := range all {
				if test == all[i].Test {
					return nil, at + ": the test " + strconv.Quote(test) + " is there twice"
				}
			}
			all = append(all, TestRules{Test: test})
			continue
		}
		if len(all) == 0 {
			all = append(all, TestRules{})
		}
		last := &all[len(all)-1]
		if of, ok := strings.CutPrefix(line, diskWord); ok {
			d, problem := parseDisk(of)
			if problem != "" {
				return nil, at + ": " + problem
			}
			last.Disks = append(last.Disks, d)
			continue
		}
		r, problem := parseRule(line)
		if problem == "" {
			problem = r.Problem()
		}
		if problem != "" {
			return nil, at + ": " + problem
		}
		last.Rules = append(last.Rules, r)
	}
	if n == 0 {
		return nil, "it is empty"
	}
	return all, ""
}

// ParseRules reads a plan that is the same for each test.
func ParseRules(text string) (all []rule.Rule, problem string) {
	tests, problem := ParsePlan(text)
	switch {
	case problem != "" || len(tests) == 0:
		return nil, problem
	case tests[0].Test != "" || len(tests) > 1:
		return nil, "it has rules for one test alone"
	case len(tests[0].Disks) > 0:
		return nil, "it has rules of disks"
	}
	return tests[0].Rules, ""
}

// parseRule reads a line of a plan.
func parseRule(line string) (r rule.Rule, problem string) {
	word, rest, _ := strings.Cut(line, " ")
	if r.Kind = rule.KindOf(word); r.Kind == 0 {
		return r, "there is no kind " + strconv.Quote(word)
	}
	r.End = -1
	seen := map[string]bool{}
	for {
		if word, rest, _ = strings.Cut(rest, " "); word == "from" {
			break
		}
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return r, strconv.Quote(word) + " is neither a number with its name, nor from"
		}
		if seen[name] {
			return r, name + " is there twice"
		}
		seen[name] = true
		if name == "key" {
			key, err := strconv.ParseUint(value, 16, 64)
			if err != nil {
				return r, "key is " + strconv.Quote(value) + ", not a number of up to 16 hexadecimal digits"
			}
			r.Key = key
			continue
		}
		v, err := strconv.ParseInt(value, 10, 64)
		if err != nil || v < 0 {
			return r, name + " is " + strconv.Quote(value) + ", not a whole number from 0"
		}
		switch name {
		case "index":
			r.Index = int(v)
		case "begin":
			r.Begin = v
		case "end":
			r.End = v
		default:
			i := 0
			for i < len(ruleFields) && ruleFields[i] != name {
				i++
			}
			if i == len(ruleFields) {
				return r, "there is no number " + strconv.Quote(name)
			}
			setRuleNumber(&r, i, v)
		}
	}
	for _, name := range [...]string{"index", "key", "begin"} {
		if !seen[name] {
			return r, name + " is missing"
		}
	}
	if rest, problem = parseEnds(&r.From, rest); problem != "" {
		return r, problem
	}
	word, rest, _ = strings.Cut(rest, " ")
	if word != "to" {
		return r, "to is missing"
	}
	if rest, problem = parseEnds(&r.To, rest); problem == "" && rest != "" {
		problem = strconv.Quote(rest) + " is left over"
	}
	return r, problem
}

// parseEnds reads ends, and returns what follows.
func parseEnds(e *rule.RuleEnds, text string) (rest, problem string) {
	if word, after, _ := strings.Cut(text, " "); word == "all" {
		e.All, text = true, after
		if word, after, _ := strings.Cut(text, " "); word != "but" {
			return text, ""
		} else {
			text = after
		}
	}
	for strings.HasPrefix(text, `"`) {
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return text, "a name does not end"
		}
		name, err := strconv.Unquote(quoted)
		if err != nil || name == "" {
			return text, quoted + " is no name"
		}
		e.Names = append(e.Names, name)
		text = text[len(quoted):]
		if text != "" && text[0] != ' ' {
			return text, "there is no space after " + quoted
		}
		text = strings.TrimPrefix(text, " ")
	}
	if len(e.Names) == 0 {
		return text, "no end of a link is named"
	}
	return text, ""
}
