//go:build !disk

package main

import "go.etcd.io/bbolt"

// options are those of bbolt: each commit waits for the disk.
func options() *bbolt.Options { return nil }

// keepSynced has nothing to do: each commit does it.
func (s *store) keepSynced() {}
