package faultscript

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/cockroachdb/datadriven"

	"samerun/sim"
	"samerun/sim/disk"
)

// disk does something with a file of a node's disk, and tells how it went. The
// file is made when it is needed.
func (s *Script) disk(t *testing.T, d *datadriven.TestData) string {
	node, file, do, when := one(t, d, "node"), one(t, d, "file"), one(t, d, "do"), timesOf(t, d)
	size := 600
	d.MaybeScanArgs(t, "size", &size)
	return s.add(func(w *sim.World) {
		n := w.Node(node)
		when.do(w, func() {
			n.Go("disk", func() {
				began := w.Elapsed()
				result := diskOp(n.Disk(), file, do, size)
				if took := w.Elapsed() - began; took > 0 {
					result += fmt.Sprintf(", after %v", took.Round(s.grain()))
				}
				s.tell(w, "%s %s: %s", do, file, result)
			})
		})
	})
}

func diskOp(d *disk.Disk, name, do string, size int) string {
	f, err := d.Open(name)
	if err != nil {
		f, err = d.Create(name)
	}
	result := "ok"
	if err == nil {
		switch do {
		case "write":
			_, err = f.WriteAt(bytes.Repeat([]byte("x"), size), 0)
		case "sync":
			err = f.Sync()
		case "dir":
			err = d.SyncDir()
		case "read":
			var got []byte
			got, err = d.ReadFile(name)
			result = fmt.Sprintf("%d bytes", len(got))
			if n := bytes.Count(got, []byte("x")); n < len(got) {
				result += fmt.Sprintf(", %d of them wrong", len(got)-n)
			}
		default:
			err = fmt.Errorf("disk has no do=%s", do)
		}
	}
	if err != nil {
		return err.Error()
	}
	return result
}
