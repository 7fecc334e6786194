package linear

import (
	"cmp"
	"slices"

	"github.com/anishathalye/porcupine"
)

// queued is what happened to one value of a queue.
type queued struct {
	pushCall, pushEnd int64 // never: the push was not answered
	popCall, popEnd   int64 // never: no answer has the value
	pushed, popped    bool
}

// decideQueue decides if no value is pushed twice. A history without unknown
// outcomes is then linearizable if and only if it lacks four patterns (Henzinger,
// Sezgin and Vafeiadis, "Aspect-oriented linearizability proofs", CONCUR 2013;
// Bouajjani, Emmi, Enea and Hamza, "On reducing linearizability to state
// reachability", ICALP 2015):
//
//   - a pop has a value that was not pushed before its end,
//   - two pops have the same value,
//   - x was pushed before y, and popped after y or not at all,
//   - a pop finds the queue empty, and at each moment between its call and its
//     answer some value had surely been pushed and not yet popped.
//
// A push that was not answered took place if its value was popped, and need not
// have otherwise. A pop that was not answered may have taken any value: see
// unheardPops.
//
// It takes O(n log n) steps, and O(n u) with u unanswered pops if a pop found the
// queue empty.
func decideQueue(ops []*operation[QueueInput, QueueOutput]) porcupine.CheckResult {
	var (
		values  []*queued
		of      = map[string]*queued{}
		empties []*operation[QueueInput, QueueOutput]
		unheard []int64 // the calls of unanswered pops
	)
	value := func(text string) *queued {
		v := of[text]
		if v == nil {
			v = &queued{pushCall: never, pushEnd: never, popCall: never, popEnd: never}
			of[text], values = v, append(values, v)
		}
		return v
	}
	bad := false
	for _, op := range ops {
		switch {
		case op.in.Op == QueuePush:
			v := value(op.in.Value)
			if v.pushed {
				return porcupine.Unknown
			}
			v.pushed, v.pushCall, v.pushEnd = true, op.call, op.end
		case op.in.Op != QueuePop:
			return porcupine.Unknown
		case op.state == unknown:
			unheard = append(unheard, op.call)
		case !op.out.OK:
			empties = append(empties, op)
		default:
			v := value(op.out.Value)
			bad = bad || v.popped
			v.popped, v.popCall, v.popEnd = true, op.call, op.end
		}
	}
	for _, v := range values {
		bad = bad || !v.pushed || v.popEnd < v.pushCall
	}
	if bad || !firstInFirstOut(values) {
		return porcupine.Illegal
	}
	left := leftOver(values)
	slices.Sort(unheard)
	if !unheardPops(left, unheard) || len(empties) > 0 && !mayBeEmpty(values, left, unheard, empties) {
		return porcupine.Illegal
	}
	return porcupine.Ok
}

// firstInFirstOut says that no value was pushed before another one, and popped
// after it.
func firstInFirstOut(values []*queued) bool {
	byEnd, byCall := slices.Clone(values), slices.Clone(values)
	slices.SortFunc(byEnd, func(a, b *queued) int { return cmp.Compare(a.pushEnd, b.pushEnd) })
	slices.SortFunc(byCall, func(a, b *queued) int { return cmp.Compare(a.pushCall, b.pushCall) })
	latest := int64(-1) // call of a pop, of the values that were pushed before
	for _, y := range byCall {
		for len(byEnd) > 0 && byEnd[0].pushEnd < y.pushCall {
			if byEnd[0].popped {
				latest = max(latest, byEnd[0].popCall)
			}
			byEnd = byEnd[1:]
		}
		if y.popEnd < latest {
			return false
		}
	}
	return true
}

// remainder is a value that was surely pushed, and is in no answer.
type remainder struct {
	pushEnd int64
	// by is the first end of a pop with a value that was pushed later: if it is not
	// never, an unanswered pop must have taken this one, and was called before.
	by int64
}

// leftOver returns them in the order in which their pushes were answered.
func leftOver(values []*queued) []remainder {
	byCall := slices.Clone(values)
	slices.SortFunc(byCall, func(a, b *queued) int { return cmp.Compare(b.pushCall, a.pushCall) })
	var left []remainder
	for _, v := range values {
		if !v.popped && v.pushEnd != never {
			left = append(left, remainder{v.pushEnd, never})
		}
	}
	slices.SortFunc(left, func(a, b remainder) int { return cmp.Compare(b.pushEnd, a.pushEnd) })
	by := int64(never)
	for i := range left {
		for len(byCall) > 0 && byCall[0].pushCall > left[i].pushEnd {
			by = min(by, byCall[0].popEnd)
			byCall = byCall[1:]
		}
		left[i].by = by
	}
	slices.Reverse(left)
	return left
}

// unheardPops says that there is an unanswered pop for each value that one must
// have taken. Such pops differ in their calls only, and each value needs one that
// was called before some time, so that by Hall's theorem there are enough if up to
// each time as many were called as are needed by then.
func unheardPops(left []remainder, calls []int64) bool {
	var needed []int64
	for _, x := range left {
		if x.by != never {
			needed = append(needed, x.by)
		}
	}
	if len(needed) > len(calls) {
		return false
	}
	slices.Sort(needed)
	for i, by := range needed {
		if calls[i] > by {
			return false
		}
	}
	return true
}

// mayBeEmpty says that each pop that found nothing has a moment at which the
// queue can have been empty. That is one at which no value that an answer has was
// surely in the queue, and for which there are unanswered pops enough: then they
// took all others that were surely pushed before, and those that they must take
// later. Moments of different pops do not get into each other's way, since the
// latest of those up to some time needs all that the others do.
func mayBeEmpty(values []*queued, left []remainder, calls []int64, empties []*operation[QueueInput, QueueOutput]) bool {
	// Moments are the gaps behind places: gap i is between places[i] and the next.
	var places []int64
	for _, v := range values {
		places = append(places, v.pushEnd, v.popCall)
	}
	for _, x := range left {
		places = append(places, x.by)
	}
	places = append(places, calls...)
	places = append(places, -1)
	for _, op := range empties {
		places = append(places, op.call, op.end)
	}
	slices.Sort(places)
	places = slices.Compact(places)
	if n := len(places) - 1; places[n] == never {
		places = places[:n]
	}
	gap := func(at int64) int { i, _ := slices.BinarySearch(places, at); return i }

	inside := make([]int, len(places)+1) // changes of how many are surely in the queue
	for _, v := range values {
		if v.popped && v.pushEnd < v.popCall {
			inside[gap(v.pushEnd)]++
			inside[gap(v.popCall)]--
		}
	}
	enough := sparePops(places, gap, left, calls)
	empty := make([]int, len(places)+1) // how many gaps before this one will do
	n := 0
	for i := range places {
		n += inside[i]
		empty[i+1] = empty[i]
		if n == 0 && enough[i] {
			empty[i+1]++
		}
	}
	for _, op := range empties {
		if empty[gap(op.call)] == empty[gap(op.end)] {
			return false
		}
	}
	return true
}

// sparePops says for each gap whether there are unanswered pops enough for all
// values that were surely pushed before it, called before it, and from it on for
// all those that are needed by some time.
func sparePops(places []int64, gap func(int64) int, left []remainder, calls []int64) []bool {
	// spare[t] is how many were called before the end of gap t, less those that are
	// needed by then.
	spare := make([]int, len(places))
	called := 0
	for t, at := range places {
		for called < len(calls) && calls[called] <= at {
			called++
		}
		spare[t] = called
	}
	for _, x := range left {
		for t := gap(x.by); t < len(places); t++ {
			spare[t]--
		}
	}
	enough := make([]bool, len(places))
	pushed := 0 // of left, before the gap
	lowest := suffixMinima(spare)
	for g, at := range places {
		for pushed < len(left) && left[pushed].pushEnd <= at {
			// Needed from now on, and no more only when its time comes.
			for t := range min(gap(left[pushed].by), len(places)) {
				spare[t]--
			}
			pushed++
			lowest = nil
		}
		if pushed > len(calls) {
			break // there are never enough again
		}
		if lowest == nil {
			lowest = suffixMinima(spare)
		}
		enough[g] = lowest[g] >= 0
	}
	return enough
}

// suffixMinima returns the least of each element and those behind it.
func suffixMinima(all []int) []int {
	least := slices.Clone(all)
	for i := len(least) - 2; i >= 0; i-- {
		least[i] = min(least[i], least[i+1])
	}
	return least
}
