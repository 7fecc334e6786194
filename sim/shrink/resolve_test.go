package shrink

import (
	"context"
	"testing"

	"samerun/sim/fault"
)

// A chance that struck the 40th message of a link, and twenty others, gives way to the one
// stroke that matters, though no guess of picks would come so far.
func TestChanceIsResolved(t *testing.T) {
	loss := fault.Fault{Kind: fault.Loss, From: []string{"*"}, To: []string{"*"}, PPM: 200_000}
	drop := func(n uint64) fault.Fault {
		return fault.Fault{Kind: fault.Drop, From: []string{"TestX"}, To: []string{"listener 1"}, Nth: n}
	}
	struck := func(in Input) (all []Hit) {
		for i, f := range in.Schedule.Faults {
			if f.Kind == fault.Loss {
				for n := uint64(1); n <= 41; n += 2 {
					all = append(all, Hit{Index: i, Message: drop(n)})
				}
			}
		}
		return all
	}
	for _, needs := range []uint64{1, 39, 40} {
		runs := 0
		fails := func(in Input) Verdict {
			runs++
			for _, f := range in.Schedule.Faults {
				if f.Kind == fault.Loss && f.PPM == 200_000 || f.Kind == fault.Drop && f.Nth == needs {
					return Same
				}
			}
			return Pass
		}
		in := Input{Strategy: "fifo", Calm: FixedLatency, Schedule: fault.Schedule{Faults: []fault.Fault{
			{Kind: fault.Cut, From: []string{"*"}, To: []string{"*"}}, loss,
		}}}
		r, err := Minimise(context.Background(), in, fails, Options{Resolve: struck})
		if err != nil || !r.Minimal || r.Input.Schedule.Size() != 1 {
			t.Fatalf("%v %+v", err, r.Input)
		}
		// What chance did not do does not fail: then it stays.
		want := drop(needs)
		if needs == 40 {
			want.Kind = fault.Loss
		}
		if got := r.Input.Schedule.Faults[0]; got.Kind != want.Kind || got.Kind == fault.Drop && got.Nth != needs {
			t.Errorf("%d: %v is left after %d runs", needs, got, runs)
		}
	}
}

// Elements that strike always, or one message, are left as they are.
func TestWhatIsNoChanceIsNotResolved(t *testing.T) {
	in := Input{Schedule: fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Loss, From: []string{"a"}, To: []string{"b"}, PPM: fault.Million},
		{Kind: fault.Drop, From: []string{"a"}, To: []string{"b"}, Nth: 3},
	}}, Strategy: "fifo", Calm: FixedLatency}
	_, err := Minimise(context.Background(), in, func(in Input) Verdict {
		if in.Schedule.Size() == 2 {
			return Same
		}
		return Pass
	}, Options{Resolve: func(Input) []Hit { t.Error("it is asked for"); return nil }})
	if err != nil {
		t.Error(err)
	}
}
