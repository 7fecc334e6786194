//go:build unix

package runtime

// samerunLooked is asked by the handler of the signal for preemption: it reports whether
// the thread is not to be preempted now, because it goes on by single steps.
//
//go:nowritebarrierrec
func samerunLooked(gp *g, c *sigctxt) bool {
	if !samerunCfg.on || gp == nil || gp.m == nil {
		return false
	}
	if samerunStepping(gp.m.curg) {
		samerunStepOn(gp, c)
		return true
	}
	w := &samerunSpinLooks
	asked := w.asked.Load()
	if asked&1 == 0 || gp != gp.m.curg || gp.m.locks != 0 || !w.asked.CompareAndSwap(asked, 0) {
		return false
	}
	b := gp.bubble
	if b == nil || !b.samerun.on || b.samerun.ended || samerunTurns.holder.ptr() != gp || b.root == gp {
		return false
	}
	if asked&2 != 0 {
		w.n, w.many, w.tries, w.pause = 0, false, 0, 0
		clear(w.seen[:])
		clear(w.place[:])
	}
	w.n++
	pc := c.sigpc()
	known := w.many
	for i := 0; i < len(w.place) && !known; i++ {
		if w.place[i] == 0 {
			w.place[i] = pc
		}
		known = w.place[i] == pc
	}
	w.many = w.many || !known
	counting := uint32(samerunCounting)
	if gp.samerun.spin.loop != 0 {
		counting = samerunCountingAgain
	}
	if !samerunCanStep {
		if w.n >= counting && !w.many {
			gp.samerun.spin.loop = pc
			w.counts.Store(gp.goid)
		}
		return false
	}
	return samerunLookCloser(gp, c, w.n%counting == 0)
}
