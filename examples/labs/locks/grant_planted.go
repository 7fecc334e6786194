//go:build planted

package locks

// grant gives a lock to a client, if it is free or the client has it already.
//
// PLANTED: it gives mu up to tell the backup, as one should, but does not look
// again whether the lock is free once it has mu back. Of two clients that ask
// within the time of that call, both get the lock.
func (s *Server) grant(lock, client string) bool {
	s.mu.Lock()
	holder, taken := s.holders[lock]
	s.mu.Unlock()
	if taken && holder != client {
		return false
	}
	if !s.tellBackup(lock, client) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holders[lock] = client
	return true
}
