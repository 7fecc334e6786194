// Package sqlite has the power go while modernc.org/sqlite keeps batches.
package sqlite

import (
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite"

	"stores/power"
)

// store keeps each batch in a transaction.
type store struct{ db *sql.DB }

// opened opens the database with a mode of its journal and one of synchronous.
//
// Variables of packages outlive a crash, since all nodes are one process, and sqlite has the locks
// of its files in some: the store after the crash would find the file locked by the one before.
// So it takes none (unix-none), and in mode WAL has its index in memory, not in a shared mapping
// (EXCLUSIVE).
func opened(journal, synchronous string) power.Open {
	return func(dir string) (power.Store, error) {
		options := url.Values{"vfs": {"unix-none"}, "_pragma": {
			"locking_mode(EXCLUSIVE)", "journal_mode(" + journal + ")", "synchronous(" + synchronous + ")", "wal_autocheckpoint(8)",
		}}
		db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "sqlite.db")+"?"+options.Encode())
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(1)
		_, err = db.Exec("CREATE TABLE IF NOT EXISTS batches (k TEXT PRIMARY KEY, v TEXT)")
		return store{db}, err
	}
}

func (s store) Keep(b power.Batch) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for i, k := range b.Keys {
		if _, err := tx.Exec("INSERT OR REPLACE INTO batches VALUES (?, ?)", k, b.Values[i]); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// All has sqlite check itself first.
func (s store) All() (map[string]string, error) {
	var said string
	if err := s.db.QueryRow("PRAGMA integrity_check").Scan(&said); err != nil {
		return nil, err
	}
	if said != "ok" {
		return nil, fmt.Errorf("integrity_check: %s", said)
	}
	rows, err := s.db.Query("SELECT k, v FROM batches")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := make(map[string]string)
	for rows.Next() {
		var k, v string
		if err := rows.Scan(&k, &v); err != nil {
			return nil, err
		}
		all[k] = v
	}
	return all, rows.Err()
}

func (s store) Close() error { return s.db.Close() }
