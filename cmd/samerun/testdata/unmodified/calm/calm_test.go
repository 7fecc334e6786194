package calm

import (
	"fmt"
	"math/rand"
	"testing"
	"time"
)

func TestMinutes(t *testing.T) {
	began := time.Now()
	go func() { select {} }()
	for range 100 {
		time.Sleep(time.Duration(rand.Intn(10)) * time.Second)
	}
	fmt.Println("it took", time.Since(began))
}

func TestShort(t *testing.T) {
	if !testing.Short() {
		time.Sleep(9 * time.Minute)
	}
}
