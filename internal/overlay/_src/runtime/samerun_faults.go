package runtime

import _ "unsafe" // for go:linkname

// Faults on links are said in package testing, by a plan of the process or by what samerun
// itself runs, and done in package net. Neither imports the other, and a program may have no
// package net: then there are no links, and no fault takes effect.
var samerunFaultsDone struct {
	begin func(nums []int64, names []string)
	end   func(index int)
	hits  func(index int) (hits, firstAt int64, first string)
	onHit func(fn func(index int, what string))
	ends  func() []string
	again func()
	sent  func(most int) ([]int64, []string)
}

// samerunObeyFaults is called by package net, which does what is asked for.
//
//go:linkname samerunObeyFaults net.samerunObeyFaults
func samerunObeyFaults(begin func([]int64, []string), end func(int), hits func(int) (int64, int64, string), onHit func(func(int, string)), ends func() []string, again func(), sent func(most int) ([]int64, []string)) {
	d := &samerunFaultsDone
	d.begin, d.end, d.hits, d.onHit, d.ends, d.again, d.sent = begin, end, hits, onHit, ends, again, sent
}

// samerunBeginRule puts a rule of a fault in force at once: see internal/overlay/leaf/rule.
//
//go:linkname samerunBeginRule testing.samerunBeginRule
func samerunBeginRule(nums []int64, names []string) {
	if f := samerunFaultsDone.begin; f != nil {
		f(nums, names)
	}
}

// samerunEndRule ends all rules of an index; -1 is for all that there are.
//
//go:linkname samerunEndRule testing.samerunEndRule
func samerunEndRule(index int) {
	if f := samerunFaultsDone.end; f != nil {
		f(index)
	}
}

// samerunRuleHits is how often the rules of an index took effect in the test, when the first
// time was, in nanoseconds of the test, and on what.
//
//go:linkname samerunRuleHits testing.samerunRuleHits
func samerunRuleHits(index int) (hits, firstAt int64, first string) {
	if f := samerunFaultsDone.hits; f != nil {
		return f(index)
	}
	return 0, 0, ""
}

// samerunOnRuleHit lets fn know what chance has done, until the test ends. It is called in
// the middle of other things, with the lock of the network, and must only note it.
//
//go:linkname samerunOnRuleHit testing.samerunOnRuleHit
func samerunOnRuleHit(fn func(index int, what string)) {
	if f := samerunFaultsDone.onHit; f != nil {
		f(fn)
	}
}

// samerunLinkEnds are the ends of links that the test has had so far.
//
//go:linkname samerunLinkEnds testing.samerunLinkEnds
func samerunLinkEnds() []string {
	if f := samerunFaultsDone.ends; f != nil {
		return f()
	}
	return nil
}

// samerunRulesAgain ends all rules, and forgets how often they took effect.
//
//go:linkname samerunRulesAgain testing.samerunRulesAgain
func samerunRulesAgain() {
	if f := samerunFaultsDone.again; f != nil {
		f()
	}
}

// samerunTraffic is the last of what the test has sent over links so far, if the run is told about: see
// internal/overlay/leaf/traffic.
//
//go:linkname samerunTraffic testing.samerunTraffic
func samerunTraffic(most int) (nums []int64, texts []string) {
	if f := samerunFaultsDone.sent; f != nil {
		return f(most)
	}
	return nil, nil
}

// samerunSinceBegin is how long the test runs, in nanoseconds.
//
//go:linkname samerunSinceBegin net.samerunSinceBegin
func samerunSinceBegin() int64 { return samerunWorld.now - samerunTurns.first }

// samerunBegan is when the test began, by the clock of the world.
//
//go:linkname samerunBegan net.samerunBegan
func samerunBegan() int64 { return samerunTurns.first }

//go:linkname samerunFaultClock testing.samerunFaultClock
func samerunFaultClock() int64 { return samerunSinceBegin() }

// samerunIsRoot reports whether the caller is the root of the world, which must not wait.
//
//go:linkname samerunIsRoot net.samerunIsRoot
func samerunIsRoot() bool { return getg() == samerunWorld.root }

// samerunTestName is the name of the test that runs, empty if none does.
//
//go:linkname samerunTestName net.samerunTestName
func samerunTestName() string {
	if s := &samerunTurns; s.test {
		return s.name
	}
	return ""
}

// samerunEdge is the state of samerunEdges.
type samerunEdge struct {
	at    []int64 // by the clock; those that are past are gone
	do    func()  // does what is due by now
	timer *timeTimer
	due   bool
}

// samerunEdges are moments of a test at which the root of the world does something on its
// own stack, without a turn and before anybody gets one: beginnings and ends of faults. One
// timer of the world is for the next of them, and only marks. It stands behind most others of
// its instant, and takes no identity, so that a run with a plan whose faults meet nothing is
// the run without it.
var samerunEdges samerunEdge

// samerunSetEdges sets the moments, in nanoseconds from now on, sorted, and what is done
// then; none, if the test is over.
//
//go:linkname samerunSetEdges testing.samerunSetEdges
func samerunSetEdges(at []int64, do func()) {
	e := &samerunEdges
	if e.timer != nil {
		e.timer.stop()
	}
	*e = samerunEdge{do: do}
	for _, t := range at {
		e.at = append(e.at, samerunWorld.now+t)
	}
	e.set()
}

// set sets a timer for the next edge. The caller is in the world.
func (e *samerunEdge) set() {
	e.timer = nil
	if len(e.at) == 0 {
		return
	}
	t := new(timeTimer)
	t.timer.init(nil, nil)
	t.isFake = true
	t.samerun = samerunTimer{seq: ^uint32(0), whole: true, gen: samerunTurns.genNow()}
	t.modify(e.at[0], 0, func(any, uintptr, int64) { samerunEdges.due = true }, nil, 0)
	t.init = true
	e.timer = t
}

// act does what is due. The root calls it.
func (e *samerunEdge) act() {
	e.due = false
	n := 0
	for n < len(e.at) && e.at[n] <= samerunWorld.now {
		n++
	}
	e.at = e.at[n:]
	e.set()
	e.do()
}
