package runtime

import "unsafe"

// samerunCrash tells which run this is, when the process dies in a test. It runs
// on any stack and allocates nothing.
func samerunCrash(gp *g) {
	if samerunTurns.test {
		samerunWhere()
	}
}

// samerunWhere prints the test, the seed, the virtual time and the command that repeats it.
func samerunWhere() {
	s := &samerunTurns
	ns, turns := samerunCfg.last.now, samerunCfg.last.turns
	if s.test {
		samerunRecordLeft(0)
		ns, turns = samerunWorld.since(), s.turns
	}
	samerunRecordFlush()
	if samerunRec.failed {
		print("samerun: the record cannot be written whole\n")
	}
	samerunDied()
	print("samerun: ", s.name, ": seed ", samerunCfg.seed, ", virtual time ", ns/1000000000, ".")
	for unit := int64(100000000); unit >= 1000; unit /= 10 {
		print(ns / unit % 10)
	}
	print("s, turn ", turns, "\n")
	if again := gogetenv("SAMERUN_AGAIN"); again != "" {
		print("samerun: again: ", again, "\n")
	} else {
		print("samerun: again: SAMERUN_SEED=", samerunCfg.seed, " and the same go test\n")
	}
}

// samerunResults is where a line about a test goes that ends the process, if not below 0.
var samerunResults int32 = -1

//go:linkname samerunResultsTo testing.samerunResultsTo
func samerunResultsTo(fd int32) { samerunResults = fd }

// samerunOnDeath returns what package testing adds to the line, as fields in JSON: what is known of
// faults and properties. It is called at most once, where Go can still run as ever.
var samerunOnDeath func() string

//go:linkname samerunLastWords testing.samerunLastWords
func samerunLastWords(f func() string) { samerunOnDeath = f }

// samerunLastSaid is what that was.
var samerunLastSaid string

// samerunDies is called where the process is about to end in a test, and Go code can still run.
// Nobody in the world goes on meanwhile.
//
//go:linkname samerunDies testing.samerunDies
func samerunDies() {
	f := samerunOnDeath
	if f == nil || samerunResults < 0 || !samerunTurns.test || !samerunActive() || getg() == getg().m.g0 {
		return
	}
	samerunOnDeath = nil
	if raceenabled {
		samerunKnowsAll(getg())
	}
	b := samerunMask()
	defer samerunUnmask(b)
	defer func() { recover() }() // the process ends by something else
	samerunLastSaid = f()
}

// samerunLastLine writes that line.
var samerunLastLine samerunWriter

// samerunDied writes the line of results of a test that ends the process, once. It has the
// form of those of package testing.
func samerunDied() {
	s := &samerunTurns
	if samerunResults < 0 || !s.test {
		return
	}
	// Not through the writer of the record: a goroutine of the test may still run, beside
	// the watchdog, and write its turns.
	w := &samerunLastLine
	w.fd, samerunResults = samerunResults, -1
	w.text(`{"test":"`)
	w.text(s.name)
	w.text(`","seed":`)
	w.decimal(samerunCfg.seed, 0)
	w.text(`,"ok":false,"died":true,"digest":"`)
	w.hex(samerunMix(s.digest, uint64(samerunWorld.since())))
	w.text(`","virtual_ns":`)
	w.decimal(uint64(samerunWorld.since()), 0)
	w.text(`,"events":`)
	w.decimal(s.turns, 0)
	if d := &samerunDeviations; d.on {
		w.text(`,"deviations":`)
		w.decimal(uint64(len(d.keys)), 0)
		samerunIndexes(w, `,"missed":[`, samerunUnmet)
		samerunIndexes(w, `,"cut":[`, samerunCutOff)
	}
	w.text(samerunLastSaid)
	w.text("}\n")
	w.flush()
}

// samerunIndexes writes which deviations came to something.
func samerunIndexes(w *samerunWriter, head string, to byte) {
	w.text(head)
	d := &samerunDeviations
	comma := ""
	for i, m := range d.met {
		if m == to {
			w.text(comma)
			w.decimal(uint64(d.order[i]), 0)
			comma = ","
		}
	}
	w.text("]")
}

// samerunExitCode tells which run this is, when a test ends the process, or a program does,
// which has passed if that is with exit status 0.
func samerunExitCode(code int) {
	if !samerunTurns.test || !samerunActive() {
		return
	}
	who := "a test"
	if f := samerunOnProgramEnd; f != nil {
		f(code)
		who = "the program"
	} else {
		samerunDies()
	}
	if code != 0 {
		print("samerun: ", who, " calls os.Exit(", code, ")\n")
		samerunWhere()
	}
}

// samerunExiting is called when the process is about to end with an exit status. If a
// test does that by itself, past package os, its line and its record are completed.
//
//go:nosplit
func samerunExiting() {
	if !samerunTurns.test || getg().bubble == nil {
		return
	}
	systemstack(func() {
		if samerunResults >= 0 {
			samerunRecordLeft(0)
			samerunRecordFlush()
			samerunDied()
		}
	})
}

// samerunPulse tells the watchdog how many turns there were in the test that runs,
// its clock, and which goroutine has the present turn: 0 if none.
//
//go:linkname samerunPulse testing.samerunPulse
func samerunPulse() (turns uint64, now int64, goid uint64, running bool) {
	s := &samerunTurns
	lock(&s.mu)
	turns, now, running = s.turns, samerunWorld.now, s.test
	if gp := s.holder.ptr(); gp != nil {
		goid = gp.goid
	}
	unlock(&s.mu)
	return turns, now, goid, running
}

// samerunAside runs f in a goroutine that programs do not see: those that look for
// leaks would take it for one.
//
//go:linkname samerunAside testing.samerunAside
func samerunAside(f func()) { go samerunSystem(f) }

// samerunSystem makes a goroutine that begins here one of the runtime's own.
func samerunSystem(f func()) { f() }

// samerunTell prints which run the present or the last test is.
//
//go:linkname samerunTell testing.samerunTell
func samerunTell() { samerunWhere() }

// samerunHas reports whether the program has a function whose name begins like this.
//
//go:linkname samerunHas testing.samerunHas
func samerunHas(begin string) bool {
	for _, md := range activeModules() {
		for _, at := range md.ftab[:len(md.ftab)-1] {
			name := funcname(funcInfo{(*_func)(unsafe.Pointer(&md.pclntable[at.funcoff])), md})
			if len(name) >= len(begin) && name[:len(begin)] == begin {
				return true
			}
		}
	}
	return false
}
