package sched

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What a Witness is told, in order; a run with one has the digest of the run without.
func TestWitness(t *testing.T) {
	run := func(watched bool) (told []string, digest string) {
		s, err := New(Config{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		n := uint64(0)
		if watched {
			s.Witness(func(h *Happening) uint64 {
				n++
				if h.What == TurnEnds {
					return n
				}
				task, _, _ := strings.Cut(h.Task, " ")
				by, _, _ := strings.Cut(h.By, " ")
				told = append(told, fmt.Sprintf("%d %s %s %s %q %v %t %t %s", h.What, task, h.Op, h.On, h.Text, h.Took, h.Began != 0, strings.Contains(h.Where, "sched.TestWitness"), by))
				return n
			})
		}
		err = s.Run(func() {
			var mu Mutex
			mu.Lock()
			s.Go("other", func() {
				mu.Lock()
				defer mu.Unlock()
			})
			Sleep(5 * time.Millisecond)
			mu.Unlock()
			x := NewTimer(time.Second)
			x.C.Recv()
			done := MakeChan[int](0)
			AfterFunc(time.Minute, func() { done.Close() })
			done.Recv()
		})
		if err != nil {
			t.Fatal(err)
		}
		return told, s.Digest()
	}
	told, digest := run(true)
	if _, without := run(false); digest != without {
		t.Errorf("digest %s with a witness, %s without", digest, without)
	}
	want := []string{
		`0 other   "" 0s false true main`,
		`1 other Mutex.Lock Mutex 1 "held by main" 0s false true `,
		`3 main Sleep  "" 5ms false true `,
		`2 other Mutex.Lock Mutex 1 "" 5ms true false main`,
		`1 main Chan.Recv Chan 1 "" 0s false true `,
		`3 main Timer  "" 1s false true `,
		`2 main Chan.Recv Chan 1 "" 1s true false `,
		`1 main Chan.Recv Chan 2 "" 0s false true `,
		`3 main AfterFunc  "" 1m0s false true `,
	}
	for i, w := range want {
		if i >= len(told) || !strings.HasPrefix(told[i], w) {
			t.Fatalf("number %d is not %q in\n%s", i, w, strings.Join(told, "\n"))
		}
	}
}
