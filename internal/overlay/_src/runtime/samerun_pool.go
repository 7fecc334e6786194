package runtime

import _ "unsafe" // for go:linkname

// samerunPool is what a sync.Pool keeps in a bubble: what was put in last comes out
// first, whoever asks. It belongs to one bubble; another one finds it empty, so that
// no test sees what an earlier one has left.
//
// Its functions are here and not in package sync, because the race detector does
// not look at package runtime: it would take the turns for races.
type samerunPool struct {
	bubble uint64
	items  []any
}

// samerunPoolMost is how many things a pool keeps. The collector, which empties
// pools elsewhere, leaves them alone.
const samerunPoolMost = 256

//go:linkname samerunPoolPut sync.samerunPoolPut
func samerunPoolPut(p *samerunPool, x any) {
	if b := getg().bubble; p.bubble != b.id {
		p.bubble, p.items = b.id, nil
	}
	if len(p.items) < samerunPoolMost {
		p.items = append(p.items, x)
	}
}

//go:linkname samerunPoolGet sync.samerunPoolGet
func samerunPoolGet(p *samerunPool) any {
	n := len(p.items)
	if n == 0 || p.bubble != getg().bubble.id {
		return nil
	}
	x := p.items[n-1]
	p.items[n-1] = nil
	p.items = p.items[:n-1]
	return x
}
