package raft

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"
)

// snapshotEvery is after how many commands a service saves itself.
const snapshotEvery = 10

// service is what listens to a server: it keeps the commands, and finds fault with
// a server that leaves one out or tells another one than the others did.
type service struct {
	c         *cluster
	me        int
	snapshots bool

	// Guarded by c.mu.
	life  int // counts restarts and crashes
	log   map[int]any
	index int // the last that it has
}

// snapshot is the form in which a service saves itself.
type snapshot struct {
	Index int
	Log   []any // of the indexes 1 to Index
}

// restart begins a life with no more than a snapshot, which may be empty.
func (s *service) restart(data []byte) (life int) {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.log, s.index = make(map[int]any), 0
	if len(data) > 0 {
		s.install(data)
	}
	s.life++
	return s.life
}

// crash ends a life: what its server still sends does not count.
func (s *service) crash() {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.life++
}

// install replaces everything by a snapshot. The caller holds c.mu.
func (s *service) install(data []byte) {
	var saved snapshot
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&saved); err != nil {
		s.c.problem = fmt.Sprintf("server %d: the snapshot cannot be read: %v", s.me, err)
		return
	}
	clear(s.log)
	for i, command := range saved.Log {
		s.log[i+1] = command
	}
	s.index = saved.Index
}

// listen takes what one life of a server sends.
func (s *service) listen(rf *Raft, life int, applyCh <-chan ApplyMsg) {
	for msg := range applyCh {
		var data []byte
		s.c.mu.Lock()
		switch {
		case s.life != life:
		case msg.SnapshotValid:
			s.install(msg.Snapshot)
			if s.index != msg.SnapshotIndex && s.c.problem == "" {
				s.c.problem = fmt.Sprintf("server %d: a snapshot of %d comes as one of %d", s.me, s.index, msg.SnapshotIndex)
			}
		case msg.CommandValid:
			s.apply(msg.CommandIndex, msg.Command)
			if s.snapshots && msg.CommandIndex%snapshotEvery == 0 {
				data = s.save()
			}
		}
		s.c.mu.Unlock()
		if data != nil {
			rf.Snapshot(msg.CommandIndex, data)
		}
	}
}

// apply takes one command. The caller holds c.mu.
func (s *service) apply(index int, command any) {
	problem := ""
	if index != s.index+1 {
		problem = fmt.Sprintf("server %d: command %d comes after %d", s.me, index, s.index)
	}
	for _, other := range s.c.services {
		if v, ok := other.log[index]; ok && v != command {
			problem = fmt.Sprintf("server %d has %v at %d, server %d has %v", s.me, command, index, other.me, v)
		}
	}
	if s.c.problem == "" {
		s.c.problem = problem
	}
	s.log[index], s.index = command, index
	s.c.maxIndex = max(s.c.maxIndex, index)
}

// save returns a snapshot. The caller holds c.mu.
func (s *service) save() []byte {
	saved := snapshot{Index: s.index}
	for i := 1; i <= s.index; i++ {
		saved.Log = append(saved.Log, s.log[i])
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(saved); err != nil {
		s.c.problem = fmt.Sprintf("server %d: the service cannot be saved: %v", s.me, err)
	}
	return b.Bytes()
}

// total adds the tests up.
var total sum

type sum struct {
	mu    sync.Mutex
	tests int
	calls int
	took  time.Duration
}

func (s *sum) add(took time.Duration, calls int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tests++
	s.calls += calls
	s.took += took
}

func TestMain(m *testing.M) {
	code := m.Run()
	if testing.Verbose() {
		fmt.Printf("%d clusters, %d RPCs, %.1f s\n", total.tests, total.calls, total.took.Seconds())
	}
	os.Exit(code)
}
