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

// Much that goes on in a bubble takes nothing there, and next to nothing of the time that
// the test has.
func TestNestedMuch(t *testing.T) {
	const turns = 50_000
	var l log
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		began, c := time.Now(), make(chan int)
		go func() {
			defer close(c)
			for i := range turns {
				c <- i
			}
		}()
		go func() {
			for range c {
			}
		}()
		for range c {
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("takes %v there", took)
		}
	})
	if took := time.Since(began); took > time.Second && began.Year() == 2000 {
		t.Errorf("takes %v of the test's time", took)
	}
	l.add("%v", time.Since(began))
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
