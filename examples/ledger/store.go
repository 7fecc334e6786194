package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// store is what a replica has on its disk.
type store struct{ db *bbolt.DB }

var (
	promises = []byte("promises") // one key, last: the ballot that was promised
	slots    = []byte("slots")    // by slot, in big endian: what was accepted, in JSON
	last     = []byte{0}
)

// openStore opens the store in a folder, and makes it if there is none.
func openStore(dir string) (*store, error) {
	file := filepath.Join(dir, "ledger.db")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		err = makeStore(file)
		if err != nil {
			return nil, fmt.Errorf("no store can be made in %s: %w", dir, err)
		}
	}
	db, err := bbolt.Open(file, 0o600, options())
	if err != nil {
		return nil, fmt.Errorf("the store %s cannot be opened: %w", file, err)
	}
	s := &store{db}
	s.keepSynced()
	return s, nil
}

// makeStore makes an empty store that is there as a whole or not at all, and stays when the
// power goes: bbolt alone syncs the file, but not its name.
func makeStore(file string) error {
	db, err := bbolt.Open(file+".new", 0o600, nil)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err1 := tx.CreateBucketIfNotExists(promises)
		_, err2 := tx.CreateBucketIfNotExists(slots)
		return errors.Join(err1, err2)
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Rename(file+".new", file); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (s *store) close() error { return s.db.Close() }

// save stores a promise, and what was accepted for slot from and later, both or neither.
func (s *store) save(promised Ballot, from int, list []Accepted) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		if err := tx.Bucket(promises).Put(last, number(uint64(promised))); err != nil {
			return err
		}
		for i, a := range list {
			text, err := json.Marshal(a)
			if err != nil {
				return err
			}
			if err := tx.Bucket(slots).Put(number(uint64(from+i)), text); err != nil {
				return err
			}
		}
		return nil
	})
}

// load returns all that was saved.
func (s *store) load() (promised Ballot, log []Accepted, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		if b := tx.Bucket(promises).Get(last); b != nil {
			promised = Ballot(binary.BigEndian.Uint64(b))
		}
		return tx.Bucket(slots).ForEach(func(key, text []byte) error {
			if slot := binary.BigEndian.Uint64(key); slot != uint64(len(log)+1) {
				return fmt.Errorf("slot %d is followed by slot %d", len(log), slot)
			}
			var a Accepted
			if err := json.Unmarshal(text, &a); err != nil {
				return err
			}
			log = append(log, a)
			return nil
		})
	})
	return promised, log, err
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
