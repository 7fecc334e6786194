package queue

// Stock has buffers that nobody uses any more, so that who copies one piece of data after
// another need not allocate. The zero Stock is empty. It has no lock of its own.
type Stock struct {
	buffers [][]byte
	size    int // bytes in them
}

// How many bytes a Stock keeps.
const stockRoom = 1 << 17

// Copy returns a copy of b, in a buffer of s if there is one.
func (s *Stock) Copy(b []byte) []byte {
	var buffer []byte
	if last := len(s.buffers) - 1; last >= 0 {
		buffer = s.buffers[last]
		s.buffers[last] = nil
		s.buffers = s.buffers[:last]
		s.size -= cap(buffer)
	}
	return append(buffer[:0], b...)
}

// Keep takes a buffer for a later Copy. Nobody else may use it any more.
func (s *Stock) Keep(buffer []byte) {
	if cap(buffer) > 0 && s.size+cap(buffer) <= stockRoom {
		s.buffers = append(s.buffers, buffer)
		s.size += cap(buffer)
	}
}
