package labrpc

import (
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// bubble is ordinary Go in virtual time, in a bubble of testing/synctest.
type bubble struct{ began time.Time }

func (b bubble) Go(_ string, fn func()) { go fn() }
func (b bubble) Sleep(d time.Duration)  { time.Sleep(d) }
func (b bubble) Elapsed() time.Duration { return time.Since(b.began) }

// A network of ordinary Go does what the rules say, and with the seed of a world it has the
// luck of that world: the same script comes to the same calls, at the same nanosecond.
func TestLawPlainRules(t *testing.T) {
	length := func(v any) int64 { return gobLen(t, v) }
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		script := drawScript(rt)
		got := newSeen(script)
		synctest.Test(t, func(*testing.T) {
			got.play(rt, bubble{time.Now()}, newPlain(seed), script)
		})
		want := playModel(rt, seed, script, 0, length)
		if !reflect.DeepEqual(got, want) {
			for i, a := range script {
				rt.Logf("%v → %s; the rules say %s", a, got.Calls[i], want.Calls[i])
			}
			rt.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}
