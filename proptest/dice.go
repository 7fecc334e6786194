package proptest

import (
	"sync"
	"unicode"

	"pgregory.net/rapid"
)

// Rapid's own ranges prefer small numbers by far: of IntRange(0, 29) every ninth
// draw is 0 and every fiftieth is 29. That suits sizes and not choices, of which
// each should come as often as the others. The only even draw that rapid exports
// is that of a rune among tables, so a die is made of 128 tables of one rune.
// 128 is a power of two, for which rapid never has to draw again.

// sides is how many sides a die has.
const sides = 128

// die is made once, because it is used for every choice. It never changes.
var die = sync.OnceValue(func() *rapid.Generator[rune] {
	tables := make([]*unicode.RangeTable, sides)
	for i := range tables {
		tables[i] = &unicode.RangeTable{R16: []unicode.Range16{{Lo: uint16(i), Hi: uint16(i), Stride: 1}}}
	}
	return rapid.RuneFrom(nil, tables...)
})

// roll draws a number from 0 to sides-1, each equally often. It shrinks to 0.
func roll(t *rapid.T) int { return int(die().Draw(t, "")) }

// choose cuts a roll to a number from 0 to n-1, n being at most sides.
func choose(roll, n int) int { return roll * n / sides }

// uniform draws a number from 0 to n-1, n being any positive number: with two
// rolls if one is too coarse.
func uniform(t *rapid.T, n int) int {
	r := roll(t)
	if n <= sides/4 {
		return choose(r, n)
	}
	return int((int64(r)*sides + int64(roll(t))) * int64(n) / (sides * sides))
}

// item is one element of a list, or its end.
type item[V any] struct {
	value V
	more  bool
}

// list draws up to limit elements. Their number really varies: first a mean is
// drawn, from 1 up to the limit, and then before each element whether there is
// another. An element is one group of words for rapid, so that it takes out any
// element at the first try and leaves the others as they are.
//
// What is drawn beyond the limit is dropped. A list that simply ended there would
// need a new element for each that is taken out, and could never be shortened.
func list[V any](t *rapid.T, limit int, element func(*rapid.T) V) []V {
	means := ladder(1, int64(max(1, limit)))
	stop := max(1, sides/(int(means[choose(roll(t), len(means))])+1))
	g := rapid.Custom(func(t *rapid.T) item[V] {
		if roll(t) < stop {
			return item[V]{}
		}
		return item[V]{element(t), true}
	})
	var all []V
	for next := g.Draw(t, ""); next.more; next = g.Draw(t, "") {
		all = append(all, next.value)
	}
	return all[:min(len(all), max(0, limit))]
}

// ladder returns 1, 2, 5, 10, 20, … times low, up to high and with it.
func ladder(low, high int64) []int64 {
	var steps []int64
	for unit := low; unit < high; unit *= 10 {
		for _, n := range [...]int64{1, 2, 5} {
			if n*unit < high {
				steps = append(steps, n*unit)
			}
		}
		if unit > high/10 {
			break
		}
	}
	return append(steps, max(low, high))
}
