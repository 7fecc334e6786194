package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"samerun/internal/seeds"
)

// Whatever order the lines come in, they go out in order and none is lost; with
// stopAtFailure they end at the first failing one.
func TestJSONStreamOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(1, 12).Draw(t, "seeds")
		stopAtFailure := rapid.Bool().Draw(t, "stopAtFailure")
		var all []position
		for test := range 3 {
			for seed := uint64(1); seed <= n; seed++ {
				all = append(all, position{test, seed})
			}
		}
		badAt := rapid.IntRange(0, len(all)).Draw(t, "bad") // may be none
		order := rapid.Permutation(all).Draw(t, "order")
		arrive := order[:rapid.IntRange(0, len(order)).Draw(t, "arrive")]

		var out bytes.Buffer
		set := mustSeeds(fmt.Sprintf("1-%d", n))
		js := newJSONStream(&out, []seeds.Set{set, set, set}, stopAtFailure)
		come := make(map[position]bool)
		for _, p := range arrive {
			come[p] = true
			js.add(p.test, Line{Test: fmt.Sprint(p.test), Seed: &p.seed, OK: badAt == len(all) || p != all[badAt]})
			if err := js.flush(); err != nil {
				t.Fatal(err)
			}
			// What is out by now has no gap.
			for i := range strings.Count(out.String(), "\n") {
				if !come[all[i]] {
					t.Fatalf("line %d is out before %v has come:\n%s", i, all[i], &out)
				}
			}
		}
		if err := js.close(); err != nil {
			t.Fatal(err)
		}
		var want []string
		for i, p := range all {
			if come[p] {
				want = append(want, fmt.Sprintf("%d/%d", p.test, p.seed))
				if i == badAt && stopAtFailure {
					break
				}
			}
		}
		var got []string
		for line := range strings.Lines(out.String()) {
			var l Line
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s/%d", l.Test, *l.Seed))
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	})
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestJSONStreamTellsOfAWriteError(t *testing.T) {
	js := newJSONStream(brokenWriter{}, []seeds.Set{mustSeeds("1")}, false)
	seed := uint64(1)
	js.add(0, Line{Seed: &seed, OK: true})
	if err := js.flush(); err == nil || err.Error() != "standard output cannot be written: broken pipe" {
		t.Errorf("got %v", err)
	}
}
