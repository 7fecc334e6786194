package rand

import (
	_ "crypto/rand" // want:rand
	"math/rand"
	v2 "math/rand/v2"
)

func flagged() uint64 {
	rand.Shuffle(3, func(i, j int) {})    // want:rand
	return v2.Uint64() + v2.N[uint64](10) // want:rand
}

func fine() uint64 {
	old := rand.New(rand.NewSource(1))
	return v2.New(v2.NewPCG(1, 2)).Uint64() + old.Uint64()
}
