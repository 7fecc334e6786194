package runtime

import "internal/runtime/atomic"

// samerunBirth is when the clock begins. What packages keep from it, such as the time
// at which they were loaded or a seed made of that, must fit the clock of the tests and
// be the same in each run. So packages are initialised one to two seconds before the
// tests, by the seed.
func samerunBirth() int64 {
	return samerunCfg.epoch - 1000000000 - int64(samerunMix(samerunCfg.seed, 0x636c6f636b)>>34*1000000000>>30)
}

// samerunClock is the clock outside of the world, and of programs that have none. Each
// look at it takes a microsecond while packages are initialised; from main on it goes at
// the speed of the real one.
var samerunClock struct {
	looks atomic.Int64 // how many, until main
	main  atomic.Int64 // when main began, by the real monotonic clock; 0 before
}

// samerunMain is called when the packages are initialised.
func samerunMain() {
	samerunClock.main.Store(nanotime())
}

// samerunNow is the time for those who are not in the world.
func samerunNow() (sec int64, nsec int32, mono int64) {
	if !samerunCfg.on {
		return time_now()
	}
	now := samerunBirth()
	if main := samerunClock.main.Load(); main == 0 {
		now += samerunClock.looks.Add(1) * 1000
	} else {
		mono = nanotime()
		now += samerunClock.looks.Load()*1000 + mono - main
	}
	return now / 1000000000, int32(now % 1000000000), mono
}
