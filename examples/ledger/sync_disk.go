//go:build disk

package main

import (
	"log"
	"time"

	"go.etcd.io/bbolt"
)

// options are those of bbolt: no commit waits for the disk, which takes long. That is the
// mistake: what others were told may not be there after a crash.
func options() *bbolt.Options { return &bbolt.Options{NoSync: true} }

// keepSynced has everything on the disk soon.
func (s *store) keepSynced() {
	go func() {
		for range time.Tick(100 * time.Millisecond) {
			if err := s.db.Sync(); err != nil {
				log.Fatal(err)
			}
		}
	}()
}
