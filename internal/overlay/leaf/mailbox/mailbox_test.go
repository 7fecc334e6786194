package mailbox

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestPacketsArriveInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m Mailbox[string]
		b := make([]byte, 4)
		if _, _, _, ok, next := m.Take(b); ok || !next.IsZero() {
			t.Error("an empty mailbox has a packet")
		}
		data := []byte("first")
		m.Put(data, "a", func() int64 { return int64(time.Second) })
		copy(data, "xxxxx") // the sender's own
		m.Put([]byte("2nd"), "b", func() int64 { return 0 })
		m.Put(nil, "c", func() int64 { return int64(time.Hour) })
		if _, _, _, ok, next := m.Take(b); ok || time.Until(next) != time.Second {
			t.Errorf("the first packet arrives at %v, %t", next, ok)
		}
		time.Sleep(time.Second)
		if n, from, cut, ok, _ := m.Take(b); string(b[:n]) != "firs" || from != "a" || !cut || !ok {
			t.Errorf("%q from %s, cut %t, %t", b[:n], from, cut, ok)
		}
		if n, from, cut, ok, _ := m.Take(b); string(b[:n]) != "2nd" || from != "b" || cut || !ok {
			t.Errorf("%q from %s, cut %t, %t", b[:n], from, cut, ok)
		}
		if _, _, _, ok, next := m.Take(b); ok || next.IsZero() {
			t.Errorf("the empty packet arrives too early, or never: %v", next)
		}
		time.Sleep(time.Hour)
		if n, from, cut, ok, _ := m.Take(nil); n != 0 || from != "c" || cut || !ok {
			t.Errorf("%d bytes from %s, cut %t, %t", n, from, cut, ok)
		}
	})
}

func TestNoRoom(t *testing.T) {
	var m Mailbox[int]
	calm := func() int64 { return 0 }
	n := 0
	for m.Put(make([]byte, PacketMost), n, calm) {
		n++
	}
	if n != mailRoom/PacketMost {
		t.Errorf("%d packets wait, want %d", n, mailRoom/PacketMost)
	}
	if !m.Put(make([]byte, mailRoom-n*PacketMost), n, calm) || m.Put([]byte{1}, 0, calm) || !m.Put(nil, 0, calm) {
		t.Error("the room is not used to its end, or beyond")
	}
	m.Take(nil)
	if !m.Put(make([]byte, PacketMost), 0, calm) {
		t.Error("a packet that was taken makes no room")
	}
}
