package keyed

import (
	"math/rand/v2"

	"samerun/internal/pick"
)

// Rand returns a generator of its own for the holder of the key: the random
// numbers of the program under test (election time-outs, jitter). Unlike the
// decisions of the simulator it is random at seed 0 too, because a program that
// draws the same time-out on every node would never elect anybody.
func Rand(seed uint64, who Key) *rand.Rand {
	return rand.New(rand.NewPCG(pick.Scramble(seed^pick.Golden), pick.Scramble(uint64(who)+1)))
}
