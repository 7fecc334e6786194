package runtime

// samerunProcessors is how many processors a program is told there are, until it
// asks for another number.
const samerunProcessors = 4

// samerunProcs is GOMAXPROCS for code of the user's: pc is who asks. The number that
// a test sets is its own, and no thread more runs for it.
func samerunProcs(n int, pc uintptr) (int, bool) {
	if !samerunCfg.on || samerunStandard(funcname(findfunc(pc))) {
		return 0, false
	}
	procs := &samerunCfg.procs
	if s := &samerunTurns; s.test && samerunActive() {
		procs = &s.procs
	}
	old := *procs
	if n > 0 {
		*procs = n
	}
	return old, true
}
