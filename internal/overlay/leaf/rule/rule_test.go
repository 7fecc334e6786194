package rule

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// What is made flat is read back.
func TestFlat(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ends := func() (e RuleEnds) {
		e.All = r.IntN(2) == 0
		for range r.IntN(3) {
			e.Nodes = append(e.Nodes, r.IntN(9))
		}
		for range r.IntN(3) {
			e.Names = append(e.Names, fmt.Sprint("name ", r.IntN(9)))
		}
		return e
	}
	for range 1000 {
		want := Rule{
			Index: r.IntN(100), Key: r.Uint64(), Kind: Kind(1 + r.IntN(int(ruleKinds)-1)), End: r.Int64N(9) - 1, Dir: r.IntN(3), PPM: r.Int64N(Million + 1),
			Shape: r.IntN(4), Min: r.Int64N(100), Max: 100 + r.Int64N(100), Bytes: 1 + r.Int64N(100), Queue: r.Int64N(9), Conn: r.Uint64N(9), Nth: r.Uint64N(9),
			From: ends(), To: ends(),
		}
		nums, names := want.Flat()
		got, problem := RuleOf(nums, names)
		if problem != "" || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v comes back as %v: %s", want, got, problem)
		}
		for n := range nums {
			if _, problem := RuleOf(nums[:n], names); problem == "" {
				t.Fatalf("%v without its last %d numbers is taken", nums, len(nums)-n)
			}
		}
		if _, problem := RuleOf(append(nums, 0), names); problem == "" {
			t.Fatalf("%v with a number more is taken", nums)
		}
		if len(names) > 0 {
			if _, problem := RuleOf(nums, names[1:]); problem == "" {
				t.Fatalf("%v with a name less is taken", nums)
			}
		}
	}
}

func TestKindsHaveNames(t *testing.T) {
	for k := Kind(1); k < ruleKinds; k++ {
		if KindOf(k.String()) != k || k.String() == "" {
			t.Errorf("kind %d is called %q", k, k.String())
		}
	}
	if KindOf("cutt") != 0 || Kind(0).String() != "none" || ruleKinds.String() != "none" {
		t.Error("there is a kind too many")
	}
}

// What does not make sense is told in one clause.
func TestProblems(t *testing.T) {
	for _, r := range []Rule{
		{}, {Kind: ruleKinds}, {Kind: RuleCut, Index: -1}, {Kind: RuleCut, Dir: 3}, {Kind: RuleCut, Shape: 4}, {Kind: RuleLoss, PPM: -1}, {Kind: RuleLoss, PPM: Million + 1},
		{Kind: RuleHold, Min: -1}, {Kind: RuleHold, Min: 2, Max: 1}, {Kind: RuleBandwidth}, {Kind: RuleBandwidth, Bytes: -1}, {Kind: RuleBandwidth, Bytes: 1, Queue: -1},
		{Kind: RuleCut, Begin: -1}, {Kind: RuleCut, Begin: 2, End: 1}, {Kind: RuleDrop, Nth: 1 << 63}, {Kind: RuleDrop, Conn: 1 << 63},
	} {
		if r.Problem() == "" {
			t.Errorf("%+v is fine", r)
		}
	}
	if problem := (&Rule{Kind: RuleCut, Begin: 1, End: 1}).Problem(); problem != "" {
		t.Error(problem)
	}
}
