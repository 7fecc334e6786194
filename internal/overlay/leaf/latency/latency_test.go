package latency

import (
	"testing"

	"samerun/internal/overlay/leaf/mix"
)

// Of many draws, as many are of each kind as the constants say.
func TestShares(t *testing.T) {
	const draws = 1 << 20
	usual, short := 0, 0
	var slow [4]int
	for i := range uint64(draws) {
		ns, strays := Latency(mix.Mix(1, i))
		switch {
		case !strays && ns != LatencyUsual:
			t.Fatalf("%d ns is said to be the usual one", ns)
		case !strays:
			usual++
		case ns < 0 || ns >= 16*LatencySlow:
			t.Fatalf("%d ns", ns)
		case ns < 5*LatencyUsual:
			short++
		case ns < LatencySlow:
			t.Fatalf("%d ns is neither short nor slow", ns)
		default:
			for scale := range slow {
				if ns < LatencySlow<<(scale+1) {
					slow[scale]++
					break
				}
			}
		}
	}
	about := func(what string, got int, want float64) {
		t.Helper()
		if float64(got) < want*0.95 || float64(got) > want*1.05 {
			t.Errorf("%d of %d are %s, want about %.0f", got, draws, what, want)
		}
	}
	about("usual", usual, draws*3/4*127/128)
	about("short", short, draws/4*127/128)
	for scale, n := range slow {
		about([]string{"1 to 2 ms", "2 to 4 ms", "4 to 8 ms", "8 to 16 ms"}[scale], n, draws/128/4)
	}
}
