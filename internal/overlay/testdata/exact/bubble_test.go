package exact

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestNested runs a bubble of the program's own inside the test's.
func TestNested(t *testing.T) {
	var l log
	time.Sleep(time.Millisecond)
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		for i := range 5 {
			go func() {
				time.Sleep(time.Second)
				l.add("%d", i)
			}()
		}
		synctest.Wait()
		time.Sleep(time.Minute)
		l.add("%v", time.Since(began))
	})
	time.Sleep(time.Millisecond)
	l.print(t)
}

// A benchmark is left alone: its time is real.
func BenchmarkReal(b *testing.B) {
	for b.Loop() {
		time.Sleep(time.Microsecond)
	}
	if time.Now().Year() == 2000 {
		b.Fatal("a benchmark runs in virtual time")
	}
}
