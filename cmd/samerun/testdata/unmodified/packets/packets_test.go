// Package packets has a test in which forty sockets get fifty datagrams each, and that tells
// what came, in which order.
package packets

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

func TestPackets(t *testing.T) {
	const sockets, packets = 40, 50
	var in [sockets]net.PacketConn
	var got [sockets]strings.Builder
	for i := range in {
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		in[i] = c
	}
	out, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for n := range packets {
		for i := range in {
			out.WriteTo([]byte{byte(n)}, in[i].LocalAddr())
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(time.Second)
	for i, c := range in {
		c.SetReadDeadline(time.Now().Add(time.Millisecond))
		b := make([]byte, 10)
		for {
			n, _, err := c.ReadFrom(b)
			if err != nil {
				break
			}
			fmt.Fprintf(&got[i], " %d", b[:n])
		}
		fmt.Printf("got %d%s\n", i+1, got[i].String())
	}
}
