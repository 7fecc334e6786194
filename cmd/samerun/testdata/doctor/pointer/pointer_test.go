package pointer

import (
	"cmp"
	"slices"
	"testing"
	"time"
	"unsafe"
)

type member struct {
	name int
	wake chan bool
	room [100]byte
}

// TestOrder wakes the members in an order that comes from where they lie in memory.
func TestOrder(t *testing.T) {
	var members []*member
	var garbage [][]byte
	for i := range 40 {
		m := &member{name: i, wake: make(chan bool, 1)}
		members = append(members, m)
		for range 200 {
			garbage = append(garbage[:len(garbage)%50], make([]byte, 112))
		}
		go func() {
			<-m.wake
			time.Sleep(time.Duration(m.name) * time.Millisecond)
		}()
	}
	time.Sleep(time.Second)
	hash := func(m *member) uintptr { return uintptr(unsafe.Pointer(m)) * 2654435769 >> 7 % 4099 }
	slices.SortFunc(members, func(a, b *member) int {
		return cmp.Compare(hash(a), hash(b))
	})
	for _, m := range members {
		m.wake <- true
		time.Sleep(time.Millisecond)
	}
}
