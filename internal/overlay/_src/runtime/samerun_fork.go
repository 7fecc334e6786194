package runtime

// From a fork on, chance is that of another seed: until then a run with it is the run without
// it. A guided search goes on from a rare state so, in many ways. Whoever draws is another one
// from then on (samerunChance), and the strategy begins anew. What a goroutine is called in
// records and digests stays as it was.

// samerunForksMost is how many forks a run can have.
const samerunForksMost = 64

// samerunForks are the forks of each test, by its own time.
//
// Invariants: the first n of at and seed are in use, and at ascends; come of them have come, and
// salt is that of the last of these, or 0; the strategy is that of the first picked.
var samerunForks struct {
	n, come, picked int
	salt            uint64
	at              [samerunForksMost]int64
	seed            [samerunForksMost]uint64
}

// samerunReadForks reads the setting: for each fork its time in nanoseconds, a colon and its seed,
// with commas between them.
func samerunReadForks(text string) {
	f := &samerunForks
	for rest := text; rest != ""; {
		one := rest
		rest = ""
		for i := 0; i < len(one); i++ {
			if one[i] == ',' {
				one, rest = one[:i], one[i+1:]
				break
			}
		}
		colon := 0
		for colon < len(one) && one[colon] != ':' {
			colon++
		}
		at, good := samerunParseNumber(one[:colon])
		seed, ok := uint64(0), false
		if colon < len(one) {
			seed, ok = samerunParseNumber(one[colon+1:])
		}
		if !good || !ok || at == 0 || at >= 1<<63 || f.n == samerunForksMost || f.n > 0 && int64(at) <= f.at[f.n-1] {
			samerunRefuse("SAMERUN_FORKS", text, "times in nanoseconds, ascending, each with a colon and a seed, such as 1200000000:77,2000000000:78")
		}
		f.at[f.n], f.seed[f.n] = int64(at), seed
		f.n++
	}
}

// samerunForksBegin is called when a test begins.
func samerunForksBegin() {
	f := &samerunForks
	f.come, f.picked, f.salt = 0, 0, 0
}

// samerunForked looks whether a fork has come.
func samerunForked() {
	f := &samerunForks
	if f.come == f.n || !samerunTurns.test {
		return
	}
	for now := samerunWorld.now - samerunTurns.first; f.come < f.n && f.at[f.come] <= now; f.come++ {
		f.salt = samerunMix(f.seed[f.come], 0x666f726b)
	}
}

// samerunChance is whom gp draws as.
func samerunChance(gp *g) uint64 {
	samerunForked()
	return gp.samerun.id ^ samerunForks.salt
}

// fork lets the strategy begin anew if a fork has come. The caller holds s.mu.
func (s *samerunTurn) fork() {
	f := &samerunForks
	if samerunForked(); f.picked != f.come {
		f.picked = f.come
		s.startPicking(samerunMix(samerunWorld.samerun.key, f.salt))
	}
}
