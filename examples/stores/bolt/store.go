// Package bolt has the power go while go.etcd.io/bbolt keeps batches.
package bolt

import (
	"path/filepath"

	"go.etcd.io/bbolt"

	"stores/power"
)

// store keeps each batch in a transaction.
type store struct{ db *bbolt.DB }

var bucket = []byte("batches")

func opened(options bbolt.Options) power.Open {
	return func(dir string) (power.Store, error) {
		db, err := bbolt.Open(filepath.Join(dir, "bolt.db"), 0o600, &options)
		return store{db}, err
	}
}

func (s store) Keep(b power.Batch) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		to, err := tx.CreateBucketIfNotExists(bucket)
		if err != nil {
			return err
		}
		for i, k := range b.Keys {
			if err := to.Put([]byte(k), []byte(b.Values[i])); err != nil {
				return err
			}
		}
		return nil
	})
}

// All has bolt check itself first.
func (s store) All() (map[string]string, error) {
	all := make(map[string]string)
	err := s.db.View(func(tx *bbolt.Tx) error {
		var bad error
		for err := range tx.Check() {
			if bad == nil {
				bad = err
			}
		}
		if b := tx.Bucket(bucket); b != nil && bad == nil {
			return b.ForEach(func(k, v []byte) error {
				all[string(k)] = string(v)
				return nil
			})
		}
		return bad
	})
	return all, err
}

func (s store) Close() error { return s.db.Close() }
