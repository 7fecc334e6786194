package clock

// The moves of the 4-ary heap. Each carries the item it places in a register
// and writes it once, instead of swapping at each level.

// up places it at i or above.
func (q *Queue) up(i int, it item) {
	h := q.heap
	for i > 0 {
		p := (i - 1) / 4
		if !it.before(&h[p]) {
			break
		}
		h[i] = h[p]
		q.slots[h[i].slot].pos = int32(i)
		i = p
	}
	h[i] = it
	q.slots[it.slot].pos = int32(i)
}

// down places it at i or below.
func (q *Queue) down(i int, it item) {
	h := q.heap
	for {
		m := q.leastChild(i)
		if m < 0 || !h[m].before(&it) {
			break
		}
		h[i] = h[m]
		q.slots[h[i].slot].pos = int32(i)
		i = m
	}
	h[i] = it
	q.slots[it.slot].pos = int32(i)
}

// sink fills the hole at the root with it, which was the last leaf and most
// likely belongs near the leaves again: the hole goes down to a leaf without
// looking at it, and it climbs from there (Wegener's bottom-up heapsort, 1993).
// That saves a comparison a level.
func (q *Queue) sink(it item) {
	h, i := q.heap, 0
	for {
		m := q.leastChild(i)
		if m < 0 {
			break
		}
		h[i] = h[m]
		q.slots[h[i].slot].pos = int32(i)
		i = m
	}
	q.up(i, it)
}

// fix places it at i, above or below.
func (q *Queue) fix(i int, it item) {
	if i > 0 && it.before(&q.heap[(i-1)/4]) {
		q.up(i, it)
	} else {
		q.down(i, it)
	}
}

// leastChild returns the earliest child of i, or -1 if i is a leaf.
func (q *Queue) leastChild(i int) int {
	h := q.heap
	c := 4*i + 1
	if c+3 < len(h) {
		// Two independent halves, so that the processor can compare both at once.
		k := h[c : c+4 : c+4]
		a, b := 0, 2
		if k[1].before(&k[0]) {
			a = 1
		}
		if k[3].before(&k[2]) {
			b = 3
		}
		if k[b].before(&k[a]) {
			a = b
		}
		return c + a
	}
	if c >= len(h) {
		return -1
	}
	m := c
	for j := c + 1; j < len(h); j++ {
		if h[j].before(&h[m]) {
			m = j
		}
	}
	return m
}
