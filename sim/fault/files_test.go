package fault

import (
	"testing"
	"time"
)

// The plan for files has each of its kinds at some seeds and not at others, only valid elements on
// the one disk, and nothing at seed 0.
func TestForFiles(t *testing.T) {
	plan := ForFiles()
	if s := plan.Draw(0, nil, time.Second); s.Size() > 0 {
		t.Errorf("seed 0 draws %v", s)
	}
	count, late, empty := map[Kind]int{}, 0, 0
	const seeds = 400
	for seed := uint64(1); seed <= seeds; seed++ {
		s := plan.Draw(seed, []string{"listener 1"}, 10*time.Millisecond)
		if !s.Equal(plan.Draw(seed, nil, 10*time.Millisecond)) {
			t.Fatalf("seed %d is drawn differently by another list of names", seed)
		}
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		if s.Size() == 0 {
			empty++
		}
		for _, f := range s.Faults {
			info, _ := f.Kind.Info()
			if !info.ForFiles() || len(f.Nodes) != 1 || f.Nodes[0] != "*" || f.At >= 10*time.Millisecond {
				t.Fatalf("seed %d: %v", seed, f)
			}
			count[f.Kind]++
			if f.At > 0 {
				late++
			}
		}
	}
	for _, info := range Kinds() {
		if n := count[info.Kind]; info.ForFiles() != (n > 0) || n > seeds*3/4 {
			t.Errorf("%d of %s in %d seeds", n, info.Kind, seeds)
		}
	}
	if late < seeds/4 || empty > seeds/3 {
		t.Errorf("%d are late, %d seeds have none", late, empty)
	}
}
