package linear

import (
	"cmp"
	"slices"

	"github.com/anishathalye/porcupine"
)

// access is a read or a write of a register.
type access struct {
	write     bool
	value     string
	call, end int64 // never is the end of a write that was not answered
}

// zones decides whether reads and writes of one register, empty at first, are
// linearizable, if all writes have different values: Gibbons and Korach, "Testing
// shared memories", SIAM Journal on Computing 26 (1997), section 4. The accesses of
// one value must follow each other. Its zone reaches from the first end to the last
// call among them. If that is forward in time, the register must have the value all
// through; else the accesses have a moment in common, and fit anywhere in the
// zone. So there is an order if and only if every read is of a value that was
// written, not before the call of that write, no two forward zones overlap, and
// no forward zone covers a backward one.
//
// A write that was not answered has no end of its own: it took place before the
// reads of its value, and need not have if there are none.
//
// It answers Unknown if a value is written twice. It takes O(n log n) steps.
func zones(all []access) porcupine.CheckResult {
	type zone struct {
		begin   int64 // the call of the write
		end     int64 // the first end
		call    int64 // the last call
		written bool
		read    bool
	}
	of := map[string]*zone{"": {begin: -1, end: -1, call: -1, written: true}}
	list := []*zone{of[""]}
	for _, a := range all {
		z := of[a.value]
		if z == nil {
			z = &zone{end: never, call: -1}
			of[a.value], list = z, append(list, z)
		}
		if a.write {
			if z.written {
				return porcupine.Unknown
			}
			z.written, z.begin = true, a.call
		} else {
			z.read = true
		}
		z.end, z.call = min(z.end, a.end), max(z.call, a.call)
	}
	for _, a := range all {
		if z := of[a.value]; !z.written || a.end < z.begin {
			return porcupine.Illegal
		}
	}
	// What is left out are writes of which nobody heard.
	list = slices.DeleteFunc(list, func(z *zone) bool { return !z.read && z.end == never })
	slices.SortFunc(list, func(a, b *zone) int { return cmp.Compare(min(a.end, a.call), min(b.end, b.call)) })
	covered := int64(-1) // up to here by forward zones
	for _, z := range list {
		if z.end < covered {
			return porcupine.Illegal // two overlap, or one is covered
		}
		if z.end < z.call {
			covered = z.call
		}
	}
	return porcupine.Ok
}
