package sim

import (
	"fmt"
	"testing"
	"time"

	"samerun/clock"
)

func TestSaveAndLoad(t *testing.T) {
	mustRun(t, Config{}, func(w *World) {
		n := w.Node("n")
		load := func() string {
			if b := n.Load("k"); b != nil {
				return fmt.Sprintf("%q", b)
			}
			return "nil"
		}
		want(t, "before Save", load(), "nil")
		n.Save("k", nil)
		want(t, "after Save of nil", load(), "nil")
		n.Save("k", []byte{})
		want(t, "after Save of nothing", load(), `""`)
		data := []byte("one")
		n.Save("k", data)
		data[0] = 'X'
		want(t, "the saver's later changes", load(), `"one"`)
		n.Load("k")[0] = 'X'
		want(t, "a loader's later changes", load(), `"one"`)
		n.Save("other", []byte("2"))
		n.Save("k", []byte("longer than before"))
		want(t, "after a second Save", load(), `"longer than before"`)
		n.Start(func() {})
		n.Crash()
		want(t, "after a crash", load(), `"longer than before"`)
		n.Restart()
		want(t, "after a restart", load(), `"longer than before"`)
		n.Save("k", nil)
		want(t, "after Save of nil", load(), "nil")
		want(t, "another key", string(n.Load("other")), "2")
		if w.Node("m").Load("other") != nil {
			t.Error("one node can load what another has saved")
		}
	})
}

func TestRandIsOfTheNodeAndItsBoot(t *testing.T) {
	draws := func(seed uint64, others bool) (all []string) {
		mustRun(t, Config{Seed: seed}, func(w *World) {
			if others {
				w.Node("z").Start(func() { w.Rand().Uint64() })
				w.Rand().Uint64()
				w.Sleep(1)
			}
			for _, name := range []string{"a", "b"} {
				n := w.Node(name)
				n.Start(func() { all = append(all, fmt.Sprint(w.Rand().Uint64())) })
				w.Sleep(1)
				n.Restart()
				w.Sleep(1)
			}
		})
		return all
	}
	seen := map[string]bool{}
	for seed := range uint64(5) {
		alone, beside := draws(seed, false), draws(seed, true)
		for i := range alone {
			want(t, "a draw beside other nodes", beside[i], alone[i])
			if seen[alone[i]] {
				t.Errorf("seed %d draws %v, which was drawn before", seed, alone[i])
			}
			seen[alone[i]] = true
		}
	}
	want(t, "different draws", len(seen), 20)
}

// How much an incarnation draws is nothing to the next.
func TestRandBeginsAnewAtEachBoot(t *testing.T) {
	second := func(draws int) (x uint64) {
		mustRun(t, Config{Seed: 1}, func(w *World) {
			n := w.Node("n")
			n.Start(func() {})
			for range draws {
				n.Rand().Uint64()
			}
			n.Restart()
			x = n.Rand().Uint64()
		})
		return x
	}
	want(t, "the first draw of boot 2", second(5), second(1))
}

// A fast clock counts a second in less than a second; nobody else feels it.
func TestNodeClock(t *testing.T) {
	mustRun(t, Config{}, func(w *World) {
		fast, slow, wrong, right := w.Node("fast"), w.Node("slow"), w.Node("wrong"), w.Node("right")
		fast.Clock().SetDrift(250_000)
		slow.Clock().SetDrift(-200_000)
		wrong.Clock().SetOffset(time.Hour)
		woke := map[*Node]time.Duration{}
		for _, n := range []*Node{fast, slow, wrong, right} {
			n.Start(func() { w.Sleep(time.Second); woke[n] = w.Elapsed() })
		}
		w.Sleep(5 * time.Second)
		want(t, "the scenario woke at", w.Elapsed(), 5*time.Second)
		want(t, "fast woke at", woke[fast], 800*ms)
		want(t, "slow woke at", woke[slow], 1250*ms)
		want(t, "wrong woke at", woke[wrong], time.Second)
		want(t, "right woke at", woke[right], time.Second)
		want(t, "true time", w.Now(), clock.Epoch.Add(5*time.Second))
		want(t, "fast shows", fast.Now(), clock.Epoch.Add(6250*ms))
		want(t, "slow shows", slow.Now(), clock.Epoch.Add(4*time.Second))
		want(t, "wrong shows", wrong.Now(), clock.Epoch.Add(time.Hour+5*time.Second))
		want(t, "right shows", right.Now(), w.Now())
		fast.Crash()
		fast.Restart()
		w.Sleep(1250 * ms)
		want(t, "fast woke after its restart at", woke[fast], 5800*ms)
	})
}
