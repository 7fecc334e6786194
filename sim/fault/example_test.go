package fault_test

import (
	"fmt"
	"time"

	"samerun/sim/fault"
)

// A schedule in its JSON form, read, shown as a story, and made smaller.
func Example() {
	s, err := fault.Parse([]byte(`{"faults": [
	  {"kind":"cut","at":"1.1s","for":"300ms","from":["n0"],"to":["n1","n2"]},
	  {"kind":"drop","from":["n3"],"to":["n0"],"method":"Raft.RequestVote","dir":"reply","nth":3},
	  {"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"]}
	], "quiet":"10s"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s)
	fmt.Println(s.Size(), "elements, then", s.Without(1).Size())
	fmt.Printf("%s\n", s.Without(1).AppendJSON(nil, ""))
	// Output:
	//  1.100s  cut    n0 → n1 n2  until 1.400s
	//          drop   n3 → n0  Raft.RequestVote reply #3
	//  1.192s  crash  n3, restarts 1.230s
	// 10.000s  quiet
	// 3 elements, then 2
	// {"faults": [
	//   {"kind":"cut","at":"1.1s","for":"300ms","from":["n0"],"to":["n1","n2"]},
	//   {"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"]}
	// ], "quiet":"10s"}
}

// What is wrong is told in one sentence.
func ExampleParse() {
	_, err := fault.Parse([]byte(`{"faults": [
  {"kind":"crsh","at":"1s","nodes":["n3"]}
]}`))
	fmt.Println(err)
	_, err = fault.Parse([]byte(`{"faults": [
  {"kind":"loss","from":["*"],"to":["n1"],"ppm":5000000}
]}`))
	fmt.Println(err)
	// Output:
	// line 2: faults[0], "crsh" is not a known kind; did you mean "crash"?
	// line 2: faults[0], loss: ppm is 5000000; it must lie between 0 and 1000000
}

// A preset draws a schedule from a seed. Taking a rule out leaves the rest alone.
func ExampleMix() {
	m := fault.Flaky()
	fmt.Println(m.Draw(7, []string{"n0", "n1", "n2"}, 5*time.Second))
	fmt.Println()
	m.Rules = m.Rules[3:] // only cuts and pauses
	fmt.Println(m.Draw(7, []string{"n0", "n1", "n2"}, 5*time.Second))
	// Output:
	// 0.000s  loss       n0 n1 n2 → n0 n1 n2  9.7%
	// 0.000s  duplicate  n0 n1 n2 → n0 n1 n2  2.2%
	// 0.000s  reorder    n0 n1 n2 → n0 n1 n2  11%  2ms to 40ms
	// 3.712s  pause      n0  until 3.882s
	// 4.000s  quiet
	//
	// 3.712s  pause  n0  until 3.882s
	// 4.000s  quiet
}

// What happens when: the edges of a schedule in the order of time.
func ExampleTimeline() {
	s := fault.Schedule{Quiet: 5 * time.Second, Faults: []fault.Fault{
		{Kind: fault.Pause, Nodes: []string{"@leader"}, At: 2 * time.Second},
		{Kind: fault.Crash, Nodes: []string{"n1"}, At: time.Second, For: 2 * time.Second},
	}}
	for _, e := range fault.Timeline(s) {
		fmt.Println(e.At, s.Faults[e.Index].Kind, e.Begin)
	}
	// Output:
	// 1s crash true
	// 2s pause true
	// 3s crash false
	// 5s pause false
}
