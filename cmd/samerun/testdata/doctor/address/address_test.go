package address

import "testing"

// TestPrint prints where a thing lies.
func TestPrint(t *testing.T) {
	var garbage [][]byte
	for range 100000 {
		garbage = append(garbage[:len(garbage)%100], make([]byte, 64))
	}
	t.Logf("%p", new([64]byte))
}
