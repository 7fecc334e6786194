package testing

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	_ "unsafe" // for go:linkname
)

// Rules of faults on links: package net does what these say, by way of package runtime
// (samerun_faults.go there). A rule is flat, numbers and names: internal/overlay/leaf/rule
// has the places. Rules of one index end together, and are counted together.

//go:linkname samerunBeginRule
func samerunBeginRule(nums []int64, names []string)

//go:linkname samerunEndRule
func samerunEndRule(index int)

//go:linkname samerunRuleHits
func samerunRuleHits(index int) (hits, firstAt int64, first string)

//go:linkname samerunOnRuleHit
func samerunOnRuleHit(fn func(index int, what string))

//go:linkname samerunLinkEnds
func samerunLinkEnds() []string

//go:linkname samerunRulesAgain
func samerunRulesAgain()

//go:linkname samerunTraffic
func samerunTraffic(most int) (nums []int64, texts []string)

//go:linkname samerunSetEdges
func samerunSetEdges(at []int64, do func())

//go:linkname samerunFaultClock
func samerunFaultClock() int64

// samerunFaultPlans are the rules that SAMERUN_FAULTS names, by the tests that they are for;
// those of the empty name are for each test that has none of its own. Without the variable it is nil.
var samerunFaultPlans map[string]*samerunFaultPlan

// samerunFaults is the plan of the test that runs: rules that begin and end at moments of
// it. It is nil without any plan.
var samerunFaults *samerunFaultPlan

// samerunFaultPlan is the rules, by their places in the file, and what has become of them
// in the test that runs. Each is begun under its place, since rules of one element of the
// schedule may end at different moments.
type samerunFaultPlan struct {
	rules []samerunFaultRule
	disks []samerunDiskFault
	picks []samerunFaultPick
	more  int    // picks for which there was no room
	json  string // what has become of them all, when the test has ended
}

type samerunFaultRule struct {
	nums         []int64
	names        []string
	element      int // of the schedule
	begin, end   int64
	began, ended bool
}

// samerunDiskFault is a rule of disks, which is begun under its place, too.
type samerunDiskFault struct {
	nums         []int64
	file         string
	element      int
	begin, end   int64
	began, ended bool
	firstAt      int64
	first        string // what it has done first, as far as that is told
}

// samerunFaultPick is what chance has done, as the pick that does the same.
type samerunFaultPick struct {
	element int
	what    string
}

// samerunPicksMost is how many of these a result has.
const samerunPicksMost = 10000

// samerunReadFaults reads the plan of the process.
func samerunReadFaults() {
	name := os.Getenv("SAMERUN_FAULTS")
	if name == "" {
		return
	}
	data, err := samerunReadRecord(name)
	if err != nil {
		samerunGiveUp("the faults that SAMERUN_FAULTS names cannot be read", err)
	}
	tests, problem := samerunParsePlan(string(data))
	if problem != "" {
		samerunGiveUp("the faults that SAMERUN_FAULTS names cannot be used", fmt.Errorf("%s, %s", name, problem))
	}
	samerunFaultPlans = make(map[string]*samerunFaultPlan)
	for _, test := range tests {
		p := &samerunFaultPlan{}
		for i := range test.Rules {
			r := &test.Rules[i]
			element := r.Index
			r.Index = i
			nums, names := r.Flat()
			p.rules = append(p.rules, samerunFaultRule{nums: nums, names: names, element: element, begin: r.Begin, end: r.End})
		}
		for i := range test.Disks {
			d := &test.Disks[i]
			element := d.Rule.Index
			d.Rule.Index = i
			nums, file := d.Rule.Flat()
			p.disks = append(p.disks, samerunDiskFault{nums: nums, file: file, element: element, begin: d.Begin, end: d.End})
		}
		samerunFaultPlans[test.Test] = p
	}
}

// samerunBeginFaults lets the plan of a test begin with it.
func samerunBeginFaults(test string) {
	samerunRulesAgain()
	samerunFaults, samerunOnDeath = nil, nil
	if samerunFaultPlans == nil {
		return
	}
	p := samerunFaultPlans[test]
	if p == nil {
		p = samerunFaultPlans[""]
	}
	if p == nil {
		p = &samerunFaultPlan{} // it is told whom faults could befall
	}
	samerunFaults = p
	p.picks, p.more = nil, 0
	samerunOnRuleHit(func(index int, what string) { p.picked(p.rules[index].element, what) })
	p.beginDisk()
	var at []int64
	for i := range p.disks {
		d := &p.disks[i]
		d.began, d.ended, d.firstAt, d.first = false, false, 0, ""
		if d.begin > 0 {
			at = append(at, d.begin)
		}
		if d.end > 0 {
			at = append(at, d.end)
		}
	}
	for i := range p.rules {
		r := &p.rules[i]
		r.began, r.ended = false, false
		if r.begin > 0 {
			at = append(at, r.begin)
		}
		if r.end > 0 {
			at = append(at, r.end)
		}
	}
	slices.Sort(at)
	p.edge()
	samerunSetEdges(slices.Compact(at), p.edge)
}

// picked notes what chance has done.
func (p *samerunFaultPlan) picked(element int, what string) {
	if len(p.picks) == samerunPicksMost {
		p.more++
		return
	}
	p.picks = append(p.picks, samerunFaultPick{element, what})
}

// beginDisk makes the temporary folder of the process the disk of the test, if there is a rule
// of disks.
func (p *samerunFaultPlan) beginDisk() {
	if len(p.disks) == 0 {
		return
	}
	dir, err := filepath.EvalSymlinks(os.TempDir())
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err == nil {
		if problem := samerunSetDisk(0, dir, 0, samerunSeed()); problem != "" {
			err = fmt.Errorf("%s", problem)
		}
	}
	if err != nil {
		samerunGiveUp("the temporary folder cannot be the disk of a test", err)
	}
	samerunOnDisk(func(index int, what string) {
		if index < 0 || index >= len(p.disks) {
			return
		}
		d := &p.disks[index]
		if d.first == "" {
			d.firstAt, d.first = samerunFaultClock(), what
		}
		p.picked(d.element, what)
	})
}

// edgeOfDisks is edge for the rules of disks.
//
//go:norace
func (p *samerunFaultPlan) edgeOfDisks(now int64) {
	for i := range p.disks {
		if d := &p.disks[i]; d.began && !d.ended && d.end >= 0 && d.end <= now {
			d.ended = true
			samerunEndDiskRule(i)
		}
	}
	for i := range p.disks {
		if d := &p.disks[i]; !d.began && d.begin <= now {
			d.began = true
			if d.ended = d.end >= 0 && d.end <= now; !d.ended {
				samerunBeginDiskRule(d.nums, d.file)
			}
		}
	}
}

// edge ends and begins what is due by now, the ends first. The root of the world calls it, of
// which the race detector does not know that it runs alone.
//
//go:norace
func (p *samerunFaultPlan) edge() {
	now := samerunFaultClock()
	p.edgeOfDisks(now)
	for i := range p.rules {
		if r := &p.rules[i]; r.began && !r.ended && r.end >= 0 && r.end <= now {
			r.ended = true
			samerunEndRule(i)
		}
	}
	for i := range p.rules {
		if r := &p.rules[i]; !r.began && r.begin <= now {
			r.began = true
			if r.ended = r.end >= 0 && r.end <= now; !r.ended { // else nobody could have met it
				samerunBeginRule(r.nums, r.names)
			}
		}
	}
}

// samerunEndFaults ends all faults: the function of the test and its cleanups have returned.
func samerunEndFaults() {
	samerunSetEdges(nil, nil)
	samerunEndRule(-1)
	if p := samerunFaults; p != nil {
		p.json = p.result()
	}
	samerunEndDiskRule(-1)
}

// samerunFaultsJSON is the part of the line of results that is about the faults of a test.
func samerunFaultsJSON() string {
	if p := samerunFaults; p != nil {
		return p.json
	}
	return ""
}

// result is that part:
// for each element of the schedule that has rules, how often they took effect, when the
// first time was and on what; what chance has done; and which ends of links there were.
func (p *samerunFaultPlan) result() string {
	type count struct {
		element       int
		hits, firstAt int64
		first         string
	}
	var counts []count
	add := func(c count) {
		at := slices.IndexFunc(counts, func(other count) bool { return other.element == c.element })
		if at < 0 {
			counts = append(counts, c)
			return
		}
		old := &counts[at]
		if c.hits > 0 && (old.hits == 0 || c.firstAt < old.firstAt) {
			old.firstAt, old.first = c.firstAt, c.first
		}
		old.hits += c.hits
	}
	for i := range p.rules {
		c := count{element: p.rules[i].element}
		c.hits, c.firstAt, c.first = samerunRuleHits(i)
		add(c)
	}
	for i := range p.disks {
		d := &p.disks[i]
		add(count{d.element, samerunDiskHits(i), d.firstAt, d.first})
	}
	slices.SortFunc(counts, func(a, b count) int { return a.element - b.element })
	var rules, picks, ends []string
	for _, c := range counts {
		text := fmt.Sprintf(`{"element":%d,"hits":%d`, c.element, c.hits)
		if c.hits > 0 {
			text += fmt.Sprintf(`,"at":%d,"what":%s`, c.firstAt, samerunJSON(c.first))
		}
		rules = append(rules, text+"}")
	}
	for _, pick := range p.picks {
		picks = append(picks, fmt.Sprintf(`{"element":%d,"what":%s}`, pick.element, samerunJSON(pick.what)))
	}
	for _, name := range samerunLinkEnds() {
		ends = append(ends, samerunJSON(name))
	}
	past := ""
	if len(p.disks) > 0 {
		past = samerunPastJSON()
	}
	list := func(all []string) string { return "[" + strings.Join(all, ",") + "]" }
	return fmt.Sprintf(`,"faults":{"rules":%s,"picks":%s,"more":%d,"ends":%s%s%s}`, list(rules), list(picks), p.more, list(ends), past, samerunSentJSON())
}

// samerunPastJSON is the part of that which says how the test went past its disk.
func samerunPastJSON() string {
	notes := slices.Clone(samerunDiskNotes())
	if len(notes) == 0 {
		return ""
	}
	slices.Sort(notes)
	for i := range notes {
		notes[i] = samerunJSON(notes[i])
	}
	return `,"past":[` + strings.Join(notes, ",") + "]"
}

// How much of what was sent a result has, the last of it: for a story, and for a trace all that
// is kept.
const (
	samerunSentMost   = 100
	samerunSentTraced = 1 << 30
)

// samerunSentJSON is the part of that which is about what was sent, in a run that is made for a
// report: numbers and texts of internal/overlay/leaf/traffic, the bytes in hexadecimal.
func samerunSentJSON() string {
	most := samerunSentMost
	if os.Getenv("SAMERUN_TRACE") != "" {
		most = samerunSentTraced
	}
	nums, texts := samerunTraffic(most)
	if len(texts) == 0 {
		return ""
	}
	for i, s := range texts {
		if i%3 == 0 {
			s = fmt.Sprintf("%x", s)
		}
		texts[i] = samerunJSON(s)
	}
	return fmt.Sprintf(`,"sent":{"nums":[%s],"texts":[%s]}`, strings.Trim(strings.Join(strings.Fields(fmt.Sprint(nums)), ","), "[]"), strings.Join(texts, ","))
}
