// Package badstore is a small key-value store with three mistakes that stores are known for, each
// of which can be switched on, and its test finds them. Without them it loses nothing.
//
// Batches are appended to a log. When the log has become long, everything is written to a new
// file, which then takes the place of the old one, and the log begins anew.
package badstore

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"stores/power"
)

// Mistakes are what a store does wrong.
type Mistakes struct {
	// NoFolderSync renames the new file over the old one, and does not sync the folder.
	NoFolderSync bool
	// NoChecksum appends to the log without length and checksum: a line for each key.
	NoChecksum bool
	// SyncTwice tries a sync that failed once more, and believes what it says then.
	SyncTwice bool
}

const longLog = 8 << 10

// store is open. Everything is in memory, too.
type store struct {
	Mistakes
	dir string
	all map[string]string
	log *os.File
}

// Opened returns a function that opens a store.
func Opened(m Mistakes) power.Open {
	return func(dir string) (power.Store, error) {
		s := &store{Mistakes: m, dir: dir, all: make(map[string]string)}
		return s, s.open()
	}
}

func (s *store) open() error {
	text, err := os.ReadFile(s.path("all"))
	if err == nil {
		err = json.Unmarshal(text, &s.all)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return err
	}
	if s.log, err = os.OpenFile(s.path("log"), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	if err := s.syncFolder(); err != nil { // the log's name
		return err
	}
	text, err = io.ReadAll(s.log)
	if err != nil {
		return err
	}
	end := s.replay(text)
	if err := s.log.Truncate(int64(end)); err != nil { // what was being written when the power went
		return err
	}
	if _, err := s.log.Seek(int64(end), io.SeekStart); err != nil {
		return err
	}
	return s.sync(s.log)
}

// replay does what the log says, as far as it is whole, and says how far that is.
func (s *store) replay(text []byte) (end int) {
	for {
		b, n := s.decode(text[end:])
		if n == 0 {
			return end
		}
		s.put(b)
		end += n
	}
}

// encode makes the record of a batch: its length, its checksum and itself; or a line for each key.
func (s *store) encode(b power.Batch) (record []byte, err error) {
	if s.NoChecksum {
		for i, k := range b.Keys {
			record = fmt.Appendf(record, "%s=%s\n", k, b.Values[i])
		}
		return record, nil
	}
	text, err := json.Marshal(b)
	record = binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
	record = binary.LittleEndian.AppendUint32(record, crc32.ChecksumIEEE(text))
	return append(record, text...), err
}

// decode reads the first record of a log, and says how long it is: 0 if it is not whole.
func (s *store) decode(text []byte) (b power.Batch, n int) {
	if s.NoChecksum {
		line, _, whole := strings.Cut(string(text), "\n")
		k, v, _ := strings.Cut(line, "=")
		if !whole {
			return b, 0
		}
		return power.Batch{Keys: []string{k}, Values: []string{v}}, len(line) + 1
	}
	if len(text) < 8 {
		return b, 0
	}
	size, sum := binary.LittleEndian.Uint32(text), binary.LittleEndian.Uint32(text[4:])
	if size == 0 || uint64(len(text)-8) < uint64(size) || crc32.ChecksumIEEE(text[8:8+size]) != sum {
		return b, 0
	}
	if json.Unmarshal(text[8:8+size], &b) != nil {
		return b, 0
	}
	return b, 8 + int(size)
}

func (s *store) put(b power.Batch) {
	for i, k := range b.Keys {
		s.all[k] = b.Values[i]
	}
}

// Keep appends a batch to the log, and syncs it.
func (s *store) Keep(b power.Batch) error {
	record, err := s.encode(b)
	if err != nil {
		return err
	}
	if _, err := s.log.Write(record); err != nil {
		return err
	}
	if err := s.sync(s.log); err != nil {
		return err
	}
	s.put(b)
	if at, err := s.log.Seek(0, io.SeekCurrent); err != nil || at < longLog {
		return err
	}
	return s.compact()
}

// compact writes everything to a new file, puts it in place of the old one, and empties the log.
func (s *store) compact() error {
	text, err := json.Marshal(s.all)
	if err != nil {
		return err
	}
	f, err := os.Create(s.path("all.new"))
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(text); err != nil {
		return err
	}
	if err := s.sync(f); err != nil {
		return err
	}
	if err := os.Rename(s.path("all.new"), s.path("all")); err != nil {
		return err
	}
	if !s.NoFolderSync {
		if err := s.syncFolder(); err != nil {
			return err
		}
	}
	if err := s.log.Truncate(0); err != nil {
		return err
	}
	if _, err := s.log.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return s.sync(s.log)
}

func (s *store) syncFolder() error {
	folder, err := os.Open(s.dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	return s.sync(folder)
}

func (s *store) sync(f *os.File) error {
	err := f.Sync()
	if err != nil && s.SyncTwice {
		err = f.Sync()
	}
	return err
}

// All is everything that there is.
func (s *store) All() (map[string]string, error) { return maps.Clone(s.all), nil }

// Close closes the log.
func (s *store) Close() error { return s.log.Close() }

func (s *store) path(name string) string { return filepath.Join(s.dir, name) }
