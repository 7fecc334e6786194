package shrink_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// A failure that needs n3 to crash while nothing gets from n0 to n1.
func ExampleMinimise() {
	in := shrink.Input{Schedule: fault.Chaos().Draw(5, []string{"n0", "n1", "n2", "n3", "n4"}, 10*time.Second)}
	in.Schedule.Faults = append(in.Schedule.Faults,
		fault.Fault{Kind: fault.Partition, At: 1073 * time.Millisecond, For: 831 * time.Millisecond, Nodes: []string{"n0", "n2"}},
		fault.Fault{Kind: fault.Crash, At: 1537 * time.Millisecond, For: 38 * time.Millisecond, Nodes: []string{"n3"}})

	// A real one would run a world with the input.
	bug := func(in shrink.Input) shrink.Verdict {
		for _, crash := range in.Schedule.Faults {
			if crash.Kind != fault.Crash || !slices.Contains(crash.Nodes, "n3") || in.Schedule.Quiet <= crash.At {
				continue
			}
			for _, f := range in.Schedule.Faults {
				cut := f.Kind == fault.Partition && slices.Contains(f.Nodes, "n0") != slices.Contains(f.Nodes, "n1") ||
					f.Kind == fault.Cut && f.Dir != fault.Reply && slices.Contains(f.From, "n0") && slices.Contains(f.To, "n1")
				end, ends := f.End()
				if cut && f.At <= crash.At && (!ends || crash.At < end) {
					return shrink.Same
				}
			}
		}
		return shrink.Pass
	}

	r, err := shrink.Minimise(context.Background(), in, bug, shrink.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Stats.Before.Faults, "faults, then:")
	fmt.Println(r.Input.Schedule)
	fmt.Println("minimal:", r.Minimal, "verified:", r.Verified)
	// Output:
	// 36 faults, then:
	// 1.500s  cut    n0 → n1  request  until 1.501s
	// 1.500s  crash  n3, restarts 1.501s
	// 1.600s  quiet
	// minimal: true verified: true
}
