package runtime

import "internal/runtime/atomic"

// samerunConfig is what the environment asks for. It is read once, before any
// code of the program runs, and is zero if SAMERUN_SEED is not set: then this
// runtime behaves like the one it was made from.
type samerunConfig struct {
	on      bool
	seed    uint64
	mapSeed uint64 // of every map: see rand
	cost    int64  // virtual nanoseconds that a turn takes while others are ready
	spec    samerunSpec
	calm    bool           // nothing is drawn where there is a calm way, as between the tests
	length  uint64         // of the next test, in choices, for a spec that wants one; 0: unknown
	weights samerunWeights // of the goroutines of the next test, for a spec that wants some
	outside atomic.Uint64
	procs   int   // what GOMAXPROCS says outside of the tests
	epoch   int64 // where the clock of a test begins, in nanoseconds
	late    bool  // started goroutines begin late
	limit   int64 // how far the clock of a test may go, in nanoseconds; 0 for no limit
	realNet bool  // sockets of tests are the machine's
	leaks   bool  // goroutines that wait for ever are looked for
	last    samerunEnding
}

// samerunEnding is what is known of the test that ended last.
type samerunEnding struct {
	turns, choices, digest uint64
	now                    int64   // its clock when its function and cleanups had returned, in nanoseconds since it began
	loop                   uintptr // where a goroutine lost its turn in a loop that counts, or 0
	left                   int     // goroutines that wait for something
	io                     int     // waits for real input or output
	processes              int     // others that it started
	refused                string  // an address that it dialled in vain
	escaped                string  // an address outside of the test that it used
}

var samerunCfg samerunConfig

// The clock of a bubble begins here, as in package testing/synctest, unless the
// environment names another day: midnight UTC, 2000-01-01.
const samerunEpoch = 946684800000000000

// samerunInit reads the environment.
func samerunInit() {
	c := &samerunCfg
	text := gogetenv("SAMERUN_SEED")
	if text == "" {
		return
	}
	c.seed = samerunNumber("SAMERUN_SEED", text, 0)
	c.mapSeed = samerunMix(c.seed, 0x6d617073)
	c.cost = int64(samerunNumber("SAMERUN_TURN_NS", gogetenv("SAMERUN_TURN_NS"), 200000))
	c.epoch = samerunEpoch
	if s := gogetenv("SAMERUN_DATE"); s != "" {
		c.epoch = samerunDate(s)
	}
	switch s := gogetenv("SAMERUN_NET"); s {
	case "", "test":
	case "real":
		c.realNet = true
	default:
		samerunRefuse("SAMERUN_NET", s, "test, for a network of each test's own, or real, for the machine's")
	}
	switch s := gogetenv("SAMERUN_GO"); s {
	case "", "any":
	case "late":
		c.late = true
	default:
		samerunRefuse("SAMERUN_GO", s, "any, for goroutines that begin when they are chosen, or late, for when the one that has started them waits")
	}
	if s := gogetenv("SAMERUN_PCT_TURNS"); s != "" {
		// There was such a setting once, and it decided which run a seed is.
		samerunRefuse("SAMERUN_PCT_TURNS", s, "nothing: how long a run is stands in the strategy, as in SAMERUN_STRATEGY=pct:3:4096")
	}
	c.procs = samerunProcessors
	c.spec = samerunStrategy(gogetenv("SAMERUN_STRATEGY"), c.seed)
	c.calm = true
	samerunReadForks(gogetenv("SAMERUN_FORKS"))
	c.leaks = gogetenv("SAMERUN_LEAKS") != "off"
	samerunTracks = gogetenv("SAMERUN_TRACK") == "1" || gogetenv("SAMERUN_SHARED") != "" // for samerunUses
	samerunTraceOn = gogetenv("SAMERUN_TRACE") != ""
	samerunRecordInit()
	samerunHashesInit()
	samerunPark = park_m
	samerunStepsInit()
	c.on = true
}

// samerunStrategy reads the name of a strategy.
func samerunStrategy(text string, seed uint64) samerunSpec {
	spec, problem := samerunParseSpec(text)
	if spec.Kind.IsSearch() {
		problem = samerunNoSearch
	}
	if problem != "" {
		print("samerun: SAMERUN_STRATEGY=", text, ": ", problem, "; ", samerunSingleChoices, "\n")
		exit(2)
	}
	return spec.ForGoroutines(seed)
}

// samerunNumber reads a setting that is a number.
func samerunNumber(name, text string, otherwise uint64) uint64 {
	if text == "" {
		return otherwise
	}
	n, ok := samerunParseNumber(text)
	if !ok {
		samerunRefuse(name, text, "one whole number below 2^64, such as 7 or 0x2f")
	}
	return n
}

// samerunDate reads the setting that is a day.
func samerunDate(text string) int64 {
	ns, ok := samerunParseDay(text)
	if !ok {
		samerunRefuse("SAMERUN_DATE", text, "a day from 1970 to 2199, such as 2026-11-29")
	}
	return ns
}

// samerunRefuse ends the process: a setting that is not understood must not be
// taken for another.
func samerunRefuse(name, text, want string) {
	print("samerun: ", name, "=", text, " is not understood; set it to ", want, "\n")
	exit(2)
}
