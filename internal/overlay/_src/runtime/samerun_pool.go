package runtime

import _ "unsafe" // for go:linkname

// samerunPool is what a sync.Pool keeps: what was put in last comes out first, whoever
// asks. It belongs to one test, or to one bubble that a test makes; another one finds it
// empty, so that no test sees what an earlier one has left.
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
	if owner := samerunPoolOwner(); p.bubble != owner {
		p.bubble, p.items = owner, nil
	}
	if len(p.items) < samerunPoolMost {
		p.items = append(p.items, x)
	}
}

//go:linkname samerunPoolGet sync.samerunPoolGet
func samerunPoolGet(p *samerunPool) any {
	n := len(p.items)
	if n == 0 || p.bubble != samerunPoolOwner() {
		return nil
	}
	x := p.items[n-1]
	p.items[n-1] = nil
	p.items = p.items[:n-1]
	return x
}

// samerunPoolOwner is whose pools the caller uses.
func samerunPoolOwner() uint64 {
	if b := getg().bubble; !b.samerun.whole {
		return b.id
	}
	s := &samerunTurns
	owner := 1<<63 | uint64(s.gen)<<1
	if s.test {
		owner++
	}
	return owner
}
