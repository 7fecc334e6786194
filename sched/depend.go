package sched

import (
	"cmp"
	"slices"
)

// touched is one thing that a turn has touched. Of a WaitGroup that it has counted down, minus
// is by how much, and left what was left: who counts down by more than is left does
// something else than before.
type touched struct {
	thing       uint64
	how         Access
	minus, left int
}

// Things are told apart by numbers. What has a name (a group, an instant, a string) has
// the hash of it, with the highest bit set: if two hashes are equal, two turns are taken
// to be dependent that are not, which is no harm. What has an address only is numbered
// when it is first touched in a run: since the turns of a run up to some point decide what
// they touch, such a number means the same in all runs that begin with these turns.
const named = uint64(1) << 63

// turn is one turn of a task as a search sees it: what it touched, and which turns of its
// phase come before it in every order that is equivalent.
//
// Invariants: on has each thing once; after that it is sorted by thing (see close).
type turn struct {
	task  uint64 // Task.ID
	nth   int    // of the turns that the task has in the phase
	all   bool   // it touches everything
	on    []touched
	known uint64 // things had numbers up to this one when it began
	after []int  // turns of the phase that have made the task ready for it
	past  set    // turns of the phase that happen before it
	hash  uint64 // of the turn and its past: the same in equivalent orders
}

// add notes an access. Whoever touches a thing in two ways writes it.
func (t *turn) add(x touched) {
	if x.how == 0 || x.how > ToWrite {
		x.how = ToWrite
	}
	for i := range t.on {
		if o := &t.on[i]; o.thing == x.thing {
			if o.how != x.how {
				o.how = ToWrite
			}
			o.minus, o.left = o.minus+x.minus, min(o.left, x.left)
			return
		}
	}
	t.on = append(t.on, x)
}

// close sorts what the turn has touched; it is over.
func (t *turn) close() {
	slices.SortFunc(t.on, func(a, b touched) int { return cmp.Compare(a.thing, b.thing) })
}

// same says that two closed turns of runs that were the same so far are the same.
func (t *turn) same(u *turn) bool {
	return t.task == u.task && t.all == u.all && slices.Equal(t.on, u.on) && slices.Equal(t.after, u.after)
}

// has returns how the turn has touched a thing, 0 if it has not. It is for closed turns.
func (t *turn) has(thing uint64) Access {
	for _, o := range t.on {
		if o.thing == thing {
			return o.how
		}
	}
	return 0
}

// dependent says that the order of two turns of a run may matter.
func dependent(a, b *turn) bool {
	if a.all || b.all || a.task == b.task {
		return true
	}
	for i, k := 0, 0; i < len(a.on) && k < len(b.on); {
		switch x, y := a.on[i], b.on[k]; {
		case x.thing < y.thing:
			i++
		case x.thing > y.thing:
			k++
		case x.how != y.how || x.how == ToWrite:
			return true
		default:
			i, k = i+1, k+1
		}
	}
	return false
}

// mayDepend is dependent for turns of two runs that were the same until the first of
// them, which is the one that sleeps: numbers that were given later mean nothing, and if
// both turns touch such things, they may be the same.
func mayDepend(sleeps, b *turn) (certain, possible bool) {
	if sleeps.all || b.all || sleeps.task == b.task {
		return true, true
	}
	strange := func(o touched) bool { return o.thing&named == 0 && o.thing > sleeps.known }
	for i, k := 0, 0; i < len(sleeps.on) && k < len(b.on); {
		switch x, y := sleeps.on[i], b.on[k]; {
		case x.thing < y.thing:
			i++
		case x.thing > y.thing:
			k++
		case !strange(x) && (x.how != y.how || x.how == ToWrite || x.minus > y.left):
			return true, true
		default:
			i, k = i+1, k+1
		}
	}
	for _, x := range sleeps.on {
		for _, y := range b.on {
			if strange(x) && strange(y) {
				possible = true
				certain = certain || x.minus > y.left
			}
		}
	}
	return certain, possible
}

// touchesNew says that the turn touches things with numbers above known.
func (t *turn) touchesNew(known uint64) bool {
	for _, o := range t.on {
		if o.thing&named == 0 && o.thing > known {
			return true
		}
	}
	return false
}
