package sched

import (
	"testing"

	"samerun/internal/pick"

	"pgregory.net/rapid"
)

// A pick.Picker, which is what ordinary Go has, decides as the strategies do.
func TestPickerIsTheStrategy(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SampledFrom(append(allStrategies(), "pct:5:3", "delay:9:5")).Draw(rt, "strategy")
		seed := rapid.Uint64Range(0, 50).Draw(rt, "seed")
		strategy := newStrategy(rt, text, seed)
		spec, _ := pick.ParseSpec(text)
		var picker pick.Picker
		picker.Start(spec, pick.ScheduleKey(seed))
		const n = 6
		group := &Group{}
		var tasks [n]*Task
		fallen := map[uint64]uint64{}
		for i := range tasks {
			tasks[i] = &Task{id: taskID(i), group: group, state: isReady}
		}
		var set []pick.Candidate
		in := map[uint64]bool{}
		for range rapid.IntRange(0, 80).Draw(rt, "calls") {
			x := tasks[rapid.IntRange(0, n-1).Draw(rt, "who")]
			if !in[x.ID()] && rapid.IntRange(0, 2).Draw(rt, "add") > 0 {
				x.readied++
				in[x.ID()] = true
				strategy.Add(x)
				c := pick.Candidate{ID: x.ID(), Readied: x.readied, Fallen: fallen[x.ID()], Kind: x.kind()}
				picker.Add(&c)
				set = append(set, c)
			} else if len(set) > 0 {
				i := picker.Next(set)
				for _, c := range set {
					fallen[c.ID] = c.Fallen
				}
				got := set[i].ID
				set = append(set[:i:i], set[i+1:]...)
				if want := strategy.Next().ID(); got != want {
					rt.Fatalf("%s: the picker takes %x, the strategy %x", text, got, want)
				}
				in[got] = false
			}
		}
	})
}
