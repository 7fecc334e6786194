// Package diesplain has an ordinary test in which the process dies once an answer comes late.
package diesplain

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

func TestPlain(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go io.Copy(c, c)
		}
	}()
	for range 20 {
		time.Sleep(100 * time.Millisecond)
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			continue
		}
		began := time.Now()
		c.Write([]byte("hello"))
		if _, err = io.ReadFull(c, make([]byte, 5)); err == nil && time.Since(began) > 50*time.Millisecond {
			new(sync.Mutex).Unlock()
		}
		c.Close()
	}
}
