package queue

// Stock has buffers that nobody uses any more, so that who copies one piece of data after
// another need not allocate. The zero Stock is empty. It has no lock of its own.
type Stock struct {
	buffers [][]byte
	size    int // bytes in them
	made    int // buffers so far
}

// How many bytes a Stock keeps.
const stockRoom = 1 << 18

// stockMost is how many buffers a Stock makes at once.
const stockMost = 8

// Copy returns a copy of b, in a buffer of s if there is one that is large enough. Else it
// makes some, more each time: so who fills many, before anybody gives one back, seldom
// allocates.
func (s *Stock) Copy(b []byte) []byte {
	n := len(b)
	for len(s.buffers) > 0 {
		last := len(s.buffers) - 1
		buffer := s.buffers[last]
		s.buffers[last] = nil
		s.buffers = s.buffers[:last]
		s.size -= cap(buffer)
		if cap(buffer) >= n {
			return append(buffer[:0], b...)
		}
	}
	if n == 0 {
		return nil
	}
	k := max(1, min(s.made, stockMost, stockRoom/n))
	s.made += k
	all := make([]byte, k*n)
	for ; k > 1; k-- {
		s.Keep(all[(k-1)*n : (k-1)*n : k*n])
	}
	return append(all[:0:n], b...)
}

// Keep takes a buffer for a later Copy. Nobody else may use it any more.
func (s *Stock) Keep(buffer []byte) {
	if cap(buffer) > 0 && s.size+cap(buffer) <= stockRoom {
		s.buffers = append(s.buffers, buffer)
		s.size += cap(buffer)
	}
}
