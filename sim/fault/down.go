package fault

import (
	"time"

	"samerun/internal/keyed"
	"samerun/internal/overlay/leaf/shape"
)

// The budget keeps a quorum alive, and yet no kind of fault may know of another,
// or else taking one kind out of a mix would change the others. Therefore the
// nodes that may go down are chosen first, by keys that belong to no kind: time
// is cut in windows, each window has MaxDown slots, each slot a node of its own
// and the one kind that may use it.

// maxSlots bounds the slots of a window, and maxWindows the windows, so that
// large worlds and long runs do not outgrow MaxFaults.
const (
	maxSlots   = 16
	maxWindows = 1000
)

// down draws the elements of a kind that takes nodes down.
func (d *drawing) down(r *Rule, info Info, k keyed.Key) {
	most := d.mix.MaxDown
	if most <= 0 {
		most = (len(d.nodes) - 1) / 2
	}
	slots := min(most, len(d.nodes), maxSlots)
	if slots == 0 {
		return
	}
	window := d.mix.Window
	if window <= 0 {
		window = 2 * time.Second
	}
	window = max(window, d.active/maxWindows+1)
	chance := d.slotChance(r, window, slots)
	for w := uint64(0); time.Duration(w)*window < d.active; w++ {
		start := time.Duration(w) * window
		length := min(window, d.active-start)
		key := d.key.Str("window").With(w)
		victims := d.victims(key, slots)
		for j, victim := range victims {
			if !owns(r.Kind, key.Str("kind").With(uint64(j))) {
				continue
			}
			k := k.With(w).With(uint64(j))
			if !k.Str("used").Chance(chance) {
				continue
			}
			f := r.numbers(info, drawFrom(k))
			if f.For <= 0 || f.For > length {
				f.For = length
			}
			f.Nodes = []string{d.nodes[victim]}
			f.At = start + moment(k.Str("at"), length-f.For)
			if f.Kind != Isolate || f.For >= MinPartition {
				d.add(f)
			}
		}
	}
}

// slotChance returns the chance, in parts per million, at which a slot of the
// kind is used, so that the rate is met if there are slots enough. The last
// window may be shorter than the others; that much is let go.
func (d *drawing) slotChance(r *Rule, window time.Duration, slots int) int64 {
	rate := uint64(max(0, min(r.Rate, maxRate)))
	// Per window: nodes · seconds · rate/1000 elements, for slots/3 slots.
	perWindow := shape.Scale(uint64(len(d.nodes))*rate, uint64(window/time.Microsecond), 1000) // in millionths
	return int64(min(shape.Scale(perWindow, 3, uint64(slots)), Million))
}

// owns reports whether a slot is of the kind: a third is of each.
func owns(kind Kind, slot keyed.Key) bool {
	return [...]Kind{Crash, Pause, Isolate}[slot.Below(3)] == kind
}

// victims draws the nodes of a window's slots, each another one.
func (d *drawing) victims(k keyed.Key, slots int) []int {
	n := uint64(len(d.nodes))
	victims := make([]int, 0, slots)
	taken := make(map[int]bool, slots)
	for j := range slots {
		v := int(k.With(uint64(j)).Below(n))
		for taken[v] {
			v = (v + 1) % len(d.nodes)
		}
		taken[v] = true
		victims = append(victims, v)
	}
	return victims
}
