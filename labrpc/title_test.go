package labrpc

import "testing"

// A datagram that was changed on the way, wherever that is, is none; one that has no room for its
// title is whole.
func TestDatagramIsWhole(t *testing.T) {
	x := &errand{req: reqMsg{svcMeth: "Raft.AppendEntries"}, bound: &binding{name: 2}}
	m := &parcel{title: x.title(false)}
	for size := range 60 {
		rest := make([]byte, size)
		copy(rest, m.title)
		if !m.isWhole(rest) {
			t.Errorf("%q is not whole", rest)
		}
		for i := range rest {
			rest[i] ^= 1
			if m.isWhole(rest) {
				t.Errorf("%q is whole, byte %d was changed", rest, i)
			}
			rest[i] ^= 1
		}
	}
	if got := x.title(true); got != "\x01rRaft.AppendEntries\x002\x00" {
		t.Errorf("%q", got)
	}
}
