package commit

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"time"

	"samerun/labrpc/labgob"
	"samerun/sim"
)

// record is one line of a journal: what its owner knows of a transaction.
type record struct {
	ID    int
	State int
}

// journal is what a node remembers across crashes: one file, behind a checksum,
// replaced as a whole.
//
// Invariant: what is in known is on disk, in the order in which it was learnt, with
// one record a transaction.
type journal struct {
	w     *sim.World
	node  *sim.Node
	known []record
}

const (
	journalFile  = "journal"
	checksumSize = 4
	// restartAfter is how long a node stays away after its disk has failed.
	restartAfter = 50 * time.Millisecond
)

// open reads what earlier boots of the node have written.
func open(w *sim.World, node *sim.Node) *journal {
	j := &journal{w: w, node: node}
	data, err := node.Disk().ReadFile(journalFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return j // the first boot
	case err != nil:
		j.stop(err)
	case len(data) < checksumSize || binary.BigEndian.Uint32(data) != crc32.ChecksumIEEE(data[checksumSize:]):
		j.stop(errors.New("the journal does not have the checksum that it should"))
	}
	if err := labgob.Unmarshal(data[checksumSize:], &j.known); err != nil {
		w.Fail(fmt.Errorf("%v cannot decode the journal that it wrote: %w", node, err))
	}
	return j
}

// state returns what is known of a transaction.
func (j *journal) state(id int) state {
	for _, r := range j.known {
		if r.ID == id {
			return state(r.State)
		}
	}
	return unknown
}

// set writes what is known of a transaction from now on, and returns when that is
// durable.
func (j *journal) set(id int, s state) {
	known := make([]record, 0, len(j.known)+1)
	found := false
	for _, r := range j.known {
		if r.ID == id {
			r.State, found = int(s), true
		}
		known = append(known, r)
	}
	if !found {
		known = append(known, record{id, int(s)})
	}
	data, err := labgob.Marshal(make([]byte, checksumSize), &known)
	if err != nil {
		j.w.Fail(fmt.Errorf("%v cannot encode its journal: %w", j.node, err))
	}
	binary.BigEndian.PutUint32(data, crc32.ChecksumIEEE(data[checksumSize:]))
	if err := j.node.Disk().WriteFile(journalFile, data); err != nil {
		j.stop(err)
	}
	j.known = known
}

// stop is what a node does whose disk has failed, and does not return: it says no
// more, and finds out what is on the disk when it starts again.
func (j *journal) stop(err error) {
	j.w.Logf("%v stops: %v", j.node, err)
	j.w.Sleep(restartAfter)
	j.node.Restart()
}
