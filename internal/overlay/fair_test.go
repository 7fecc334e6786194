package overlay

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"
)

// Who gets a turn, and when, as small programs see it: the largest and the smallest of
// the numbers that each prints under some seeds.
func TestFair(t *testing.T) {
	exe := binary(t, "fair")
	for _, c := range []struct {
		name, test  string
		seeds       int
		env         []string
		least, most int // of the largest number
	}{
		// PCT: priorities are for life, but who yields waits for others and falls below them.
		{"who yields lets others go first", "TestYields", 12, []string{"SAMERUN_STRATEGY=pct:1"}, 1, 5},
		// And who is never chosen has a turn after ten thousand of others, before PCT of so
		// long a run becomes fair. (A stall would end
		// the wait sooner: where a turn costs nothing there is none.)
		{"nobody starves for ever", "TestStarves", 12, []string{"SAMERUN_STRATEGY=pct:1:1000000", "SAMERUN_TURN_NS=0"}, 2_000, 20_000},
		// After a stall all have a rest of sixteen times its length.
		{"stalls are rare", "TestStalls", 12, nil, 20, 60_000},
		// On one processor, those outside of the test have their share, such as the watchdog:
		// each 64th turn goes behind the queue, and each 61st of these behind those of all
		// processors, which makes 51 of 200,000 at least.
		{"those outside have a share", "TestOutside", 1, []string{"GOMAXPROCS=1"}, 48, 1 << 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			largest, all := -1, []int(nil)
			for seed := range c.seeds {
				out, _, code := run(t, exe, "^"+c.test+"$", append(c.env, fmt.Sprintf("SAMERUN_SEED=%d", seed+1))...)
				found := number.FindStringSubmatch(out)
				if code != 0 || found == nil {
					t.Fatalf("seed %d: exit status %d\n%s", seed+1, code, out)
				}
				n, _ := strconv.Atoi(found[1])
				largest, all = max(largest, n), append(all, n)
			}
			if largest < c.least || largest > c.most {
				t.Errorf("the seeds give %v, of which the largest should be from %d to %d", all, c.least, c.most)
			}
			t.Log(all)
		})
	}
}

var number = regexp.MustCompile(`(?m)^number: (\d+)$`)
