package disk_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"testing"

	"samerun/internal/keyed"
	"samerun/sim/disk"
)

// wal is an append-only log as databases have it: a record is its length, its
// checksum and its bytes. The switches leave out one precaution each.
type wal struct {
	f   *disk.File
	end int64

	noSync, noSyncDir, noChecksum, syncAgain bool
}

// recover opens the log of an earlier incarnation, or starts one, and returns
// the records in it.
func (l *wal) recover(d *disk.Disk) (records [][]byte, err error) {
	l.f, err = d.Open("wal")
	if errors.Is(err, fs.ErrNotExist) {
		if l.f, err = d.Create("wal"); err != nil {
			return nil, err
		}
		if !l.noSyncDir {
			err = d.SyncDir()
		}
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	data, err := d.ReadFile("wal")
	if err != nil {
		return nil, err
	}
	for rest := data; len(rest) >= 8; {
		n := int(binary.LittleEndian.Uint32(rest))
		if n == 0 || n > len(rest)-8 {
			break
		}
		record := rest[8 : 8+n]
		if !l.noChecksum && crc32.ChecksumIEEE(record) != binary.LittleEndian.Uint32(rest[4:]) {
			break
		}
		records = append(records, record)
		rest = rest[8+n:]
		l.end += int64(8 + n)
	}
	// What follows the last good record must not come back to life behind the
	// records that are appended from now on.
	if err := l.f.Truncate(l.end); err != nil {
		return nil, err
	}
	return records, l.f.Sync()
}

// append adds a record. If it returns nil the record is acknowledged.
func (l *wal) append(record []byte) error {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(record)))
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(record))
	if _, err := l.f.WriteAt(append(b, record...), l.end); err != nil {
		return err
	}
	l.end += int64(8 + len(record))
	if l.noSync {
		return nil
	}
	err := l.f.Sync()
	if err != nil && l.syncAgain {
		return l.f.Sync()
	}
	return err
}

// run crashes and recovers a log several times and checks its promise: after a
// recovery it has all acknowledged records in order, and beyond them at most such
// as were being appended.
func run(seed uint64, f disk.Faults, log wal) error {
	key := keyed.Root(seed)
	d := disk.New(key.Str("disk").Uint64())
	if err := d.SetFaults("", f); err != nil {
		return err
	}
	var acked [][]byte // a prefix of what must be there
	var tried [][]byte // what may follow it
	for boot := range 6 {
		l := log
		got, err := l.recover(d)
		if err != nil && !errors.Is(err, disk.ErrSync) {
			return err
		}
		if err == nil {
			allowed := append(slices.Clone(acked), tried...)
			if len(got) < len(acked) || len(got) > len(allowed) {
				return fmt.Errorf("boot %d: %d records, want %d to %d", boot, len(got), len(acked), len(allowed))
			}
			for i := range got {
				if !slices.Equal(got[i], allowed[i]) {
					return fmt.Errorf("boot %d: record %d is not what was appended", boot, i)
				}
			}
			// They were read and synced: from now on they are promised.
			acked, tried = got, nil
			for i := range 1 + int(key.Str("appends").With(uint64(boot)).Below(5)) {
				record := make([]byte, 1+key.Str("size").With(uint64(16*boot+i)).Below(2000))
				for j := range record {
					record[j] = byte(boot<<4 | i)
				}
				err = l.append(record)
				if err != nil {
					tried = append(tried, record)
					break // what is on the disk is not known any more
				}
				acked = append(acked, record)
			}
			if err == nil { // the power fails in the middle of the last append
				record := []byte(fmt.Sprintf("%1500d", boot))
				half := l
				half.noSync = true
				_ = half.append(record)
				tried = append(tried, record)
			}
		}
		d.Crash()
	}
	return nil
}

func TestLogKeepsItsPromise(t *testing.T) {
	for name, c := range map[string]struct {
		faults disk.Faults
		log    wal
		caught bool
	}{
		"correct":                {disk.Faults{}, wal{}, false},
		"correct, torn":          {disk.Faults{Torn: true}, wal{}, false},
		"correct, some survive":  {disk.Faults{Torn: true, KeepPPM: 300_000}, wal{}, false},
		"correct, syncs fail":    {disk.Faults{Torn: true, KeepPPM: 300_000, SyncFailPPM: 200_000}, wal{}, false},
		"no sync":                {disk.Faults{}, wal{noSync: true}, true},
		"no sync, some survive":  {disk.Faults{Torn: true, KeepPPM: 300_000}, wal{noSync: true}, true},
		"no directory sync":      {disk.Faults{}, wal{noSyncDir: true}, true},
		"no checksum":            {disk.Faults{Torn: true}, wal{noChecksum: true}, true},
		"no checksum, no faults": {disk.Faults{}, wal{noChecksum: true}, false}, // it takes a torn write to see it
		"sync again":             {disk.Faults{SyncFailPPM: 200_000}, wal{syncAgain: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			const seeds = 100
			broken, first := 0, error(nil)
			for seed := uint64(1); seed <= seeds; seed++ {
				if err := run(seed, c.faults, c.log); err != nil {
					if broken++; first == nil {
						first = fmt.Errorf("seed %d: %w", seed, err)
					}
				}
			}
			t.Logf("%d of %d seeds broke it", broken, seeds)
			if c.caught && broken == 0 {
				t.Error("the bug was not caught")
			}
			if !c.caught && broken > 0 {
				t.Errorf("a correct log broke: %v", first)
			}
		})
	}
}
