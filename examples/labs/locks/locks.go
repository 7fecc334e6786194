// Package locks is a lock service on top of labrpc: a server that grants named
// locks, and a backup that is told of every grant before its holder is, so that it
// can take over. There are two ways to grant one, in grant.go and, with the tag
// "planted", in grant_planted.go, which has a race.
package locks

import (
	"sync"
	"time"

	"labs/labrpc"
)

// AcquireArgs asks for a lock on behalf of a client.
type AcquireArgs struct{ Lock, Client string }

// AcquireReply answers it.
type AcquireReply struct{ Granted bool }

// ReleaseArgs gives a lock back.
type ReleaseArgs struct{ Lock, Client string }

// ReleaseReply answers it.
type ReleaseReply struct{}

// Server grants locks. mu guards the holders.
type Server struct {
	backup *labrpc.ClientEnd // to a Backup

	mu      sync.Mutex
	holders map[string]string // the client that has a lock; none: it is free
}

// MakeServer returns a server on which all locks are free.
func MakeServer(backup *labrpc.ClientEnd) *Server {
	return &Server{backup: backup, holders: make(map[string]string)}
}

// Acquire is the handler of a client that wants a lock.
func (s *Server) Acquire(args *AcquireArgs, reply *AcquireReply) {
	reply.Granted = s.grant(args.Lock, args.Client)
}

// Release is the handler of a client that is done with a lock. It says so again
// if it has heard nothing.
func (s *Server) Release(args *ReleaseArgs, reply *ReleaseReply) {
	s.mu.Lock()
	if s.holders[args.Lock] == args.Client {
		delete(s.holders, args.Lock)
	}
	s.mu.Unlock()
}

// tellBackup says who has a lock, and reports whether the backup has heard it. It
// is called without mu: a call may take long.
func (s *Server) tellBackup(lock, client string) bool {
	return s.backup.Call("Backup.Granted", &AcquireArgs{Lock: lock, Client: client}, &AcquireReply{})
}

// Backup remembers who was granted which lock last.
type Backup struct {
	mu      sync.Mutex
	holders map[string]string
}

// MakeBackup returns a backup that knows of no lock.
func MakeBackup() *Backup { return &Backup{holders: make(map[string]string)} }

// Granted is the handler of the server's news.
func (b *Backup) Granted(args *AcquireArgs, reply *AcquireReply) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.holders[args.Lock] = args.Client
	reply.Granted = true
}

// Clerk is a client of the service.
type Clerk struct {
	end  *labrpc.ClientEnd // to a Server
	name string
}

// MakeClerk returns a client. No two clients may have one name.
func MakeClerk(end *labrpc.ClientEnd, name string) *Clerk { return &Clerk{end, name} }

// Lock waits until the client has a lock.
func (ck *Clerk) Lock(lock string) {
	for {
		var reply AcquireReply
		if ck.end.Call("Server.Acquire", &AcquireArgs{Lock: lock, Client: ck.name}, &reply) && reply.Granted {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// Unlock gives it back.
func (ck *Clerk) Unlock(lock string) {
	for !ck.end.Call("Server.Release", &ReleaseArgs{Lock: lock, Client: ck.name}, &ReleaseReply{}) {
	}
}
