package pointer

import (
	"testing"
	"time"
)

type member struct {
	name int
	wake chan bool
	room [100]byte
}

// TestOrder wakes the members in the order of a map whose keys are pointers.
func TestOrder(t *testing.T) {
	members := make(map[*member]bool)
	var garbage [][]byte
	for i := range 40 {
		m := &member{name: i, wake: make(chan bool, 1)}
		members[m] = true
		for range 200 {
			garbage = append(garbage[:len(garbage)%50], make([]byte, 112))
		}
		go func() {
			<-m.wake
			time.Sleep(time.Duration(m.name) * time.Millisecond)
		}()
	}
	time.Sleep(time.Second)
	for m := range members {
		m.wake <- true
		time.Sleep(time.Millisecond)
	}
}
