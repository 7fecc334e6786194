//go:build !planted

package locks

// grant gives a lock to a client, if it is free or the client has it already.
func (s *Server) grant(lock, client string) bool {
	s.mu.Lock()
	if holder, taken := s.holders[lock]; taken && holder != client {
		s.mu.Unlock()
		return false
	}
	s.holders[lock] = client // nobody else gets it while the backup is told
	s.mu.Unlock()
	return s.tellBackup(lock, client)
}
