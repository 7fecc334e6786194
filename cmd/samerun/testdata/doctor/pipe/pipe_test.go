package pipe

import (
	"os"
	"sync"
	"testing"
)

// TestEcho has several clients talk to a server each, over pipes of the operating system.
func TestEcho(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		ask, question, err := os.Pipe()
		if err != nil {
			t.Skip(err)
		}
		answer, reply, err := os.Pipe()
		if err != nil {
			t.Skip(err)
		}
		// Others could have these ends, from here on: that makes the pipes real.
		question.Fd()
		reply.Fd()
		go func() {
			defer reply.Close()
			b := make([]byte, 1)
			for {
				if _, err := ask.Read(b); err != nil {
					return
				}
				reply.Write(b)
			}
		}()
		wg.Go(func() {
			defer question.Close()
			b := make([]byte, 1)
			for range 50 {
				question.Write(b)
				answer.Read(b)
			}
		})
	}
	wg.Wait()
}
