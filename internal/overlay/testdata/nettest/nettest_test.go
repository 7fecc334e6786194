// Package nettest runs golang.org/x/net/nettest on connections between two nodes.
package nettest

import (
	"net"
	"testing"

	"golang.org/x/net/nettest"
)

// surface is what the overlay offers, as far as it is needed here.
type surface interface {
	NewNode(name string) (node int)
	Boot(node int) (boot int)
	Go(node int, id uint64, name string, fn func())
}

// on runs f on a node, with an identity that no other has.
func on(s surface, node int, id uint64, f func()) {
	done := make(chan struct{})
	s.Go(node, id, "test", func() {
		defer close(done)
		f()
	})
	<-done
}

func testConn(t *testing.T, network, address string) {
	s, ok := any(t).(interface{ Samerun() any }).Samerun().(surface)
	if !ok {
		t.Skip("without a seed there are no nodes")
	}
	n1, n2 := s.NewNode("n1"), s.NewNode("n2")
	s.Boot(n1)
	s.Boot(n2)
	var l net.Listener
	on(s, n2, 1, func() {
		var err error
		if l, err = net.Listen(network, address); err != nil {
			t.Fatal(err)
		}
	})
	// The test is on one node, and what it talks to on the other.
	on(s, n1, 2, func() {
		id := uint64(2)
		nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
			accepted := make(chan net.Conn)
			id++
			s.Go(n2, id, "accepts", func() {
				c, err := l.Accept()
				if err != nil {
					t.Error(err)
				}
				accepted <- c
			})
			if c1, err = net.Dial(network, address); err != nil {
				return nil, nil, nil, err
			}
			c2 = <-accepted
			if c1.RemoteAddr().String() != address || c2.LocalAddr().String() != address || c1.LocalAddr().String() != c2.RemoteAddr().String() {
				t.Errorf("%v -> %v and %v -> %v", c1.LocalAddr(), c1.RemoteAddr(), c2.LocalAddr(), c2.RemoteAddr())
			}
			return c1, c2, func() { c1.Close(); c2.Close() }, nil
		})
	})
}

func TestConn4(t *testing.T) { testConn(t, "tcp", "10.0.0.2:7000") }

func TestConn6(t *testing.T) { testConn(t, "tcp", "[fd00::2]:7000") }
