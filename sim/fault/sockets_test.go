package fault

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Whatever a preset for sockets draws is valid, of kinds that sockets have, begins within
// the time of the test, and is the same when it is drawn again.
func TestSocketPresets(t *testing.T) {
	for _, name := range SocketPresets() {
		plan, ok := ForSockets(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		kinds, sizes := map[Kind]int{}, map[int]int{}
		for _, horizon := range []time.Duration{0, 1, 5 * time.Millisecond, time.Second, MaxTime} {
			for seed := range uint64(200) {
				s := plan.Draw(seed, []string{"listener 1", "listener 2"}, horizon)
				if err := s.Validate(); err != nil {
					t.Fatalf("%s, seed %d, %v: %v", name, seed, horizon, err)
				}
				if !s.Equal(plan.Draw(seed, []string{"listener 1", "listener 2"}, horizon)) {
					t.Fatalf("%s, seed %d is drawn in two ways", name, seed)
				}
				if seed == 0 && s.Size() > 0 {
					t.Errorf("%s: seed 0 draws %v", name, s)
				}
				sizes[s.Size()]++
				for _, f := range s.Faults {
					kinds[f.Kind]++
					info, _ := f.Kind.Info()
					if !info.ForSockets() || f.At > max(horizon, time.Microsecond) {
						t.Errorf("%s, seed %d, %v: %v", name, seed, horizon, f)
					}
				}
			}
		}
		want := 1
		switch name {
		case "flaky":
			want = 6
		case "chaos", "swarm":
			want = 14
		}
		if len(kinds) < want {
			t.Errorf("%s draws %v alone", name, kinds)
		}
		if len(sizes) < 2 {
			t.Errorf("%s draws %v elements whatever the seed", name, sizes)
		}
	}
	if _, ok := ForSockets("flakey"); ok {
		t.Error("there is a plan flakey")
	}
}

// A short test has as many faults as a long one, and some of them are aimed.
func TestSocketFaultsByTheRun(t *testing.T) {
	plan, _ := ForSockets("chaos")
	count := func(horizon time.Duration) (n int, aims map[string]int) {
		aims = map[string]int{}
		for seed := uint64(1); seed <= 200; seed++ {
			for _, f := range plan.Draw(seed, []string{"listener 1"}, horizon).Faults {
				n++
				aims[strings.Join(f.From, " ")+"→"+strings.Join(f.To, " ")]++
			}
		}
		return n, aims
	}
	short, aims := count(3 * time.Millisecond)
	long, _ := count(time.Hour)
	if short != long || short < 200*4 {
		t.Errorf("%d faults in short tests, %d in long ones", short, long)
	}
	for _, aim := range []string{"*→*", "*→listener 1", "listener 1→*"} {
		if aims[aim] < 50 {
			t.Errorf("%s: %d of %d", aim, aims[aim], short)
		}
	}
}

// Times are as coarse as the test allows: two digits or three are enough to read.
func TestSocketTimesAreReadable(t *testing.T) {
	plan, _ := ForSockets("flaky")
	for seed := uint64(1); seed < 100; seed++ {
		for _, f := range plan.Draw(seed, nil, 5*time.Millisecond).Faults {
			if f.At%(10*time.Microsecond) != 0 || !slices.Equal(f.From, []string{"*"}) {
				t.Fatal(fmt.Sprint(f))
			}
		}
	}
}
