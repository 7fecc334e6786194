package disk

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"samerun/internal/keyed"
)

// The model is written without looking at the disk: files have numbers, the
// directory is a map of names to numbers, and what waits is a list of pieces. It
// does not say what a crash does, only what it may do.

type modelFile struct {
	cache, stored []byte
	pending       [][]modelPiece // one list for each operation; with Torn they may part
}

type modelPiece struct {
	size int // of a truncation; -1 for a write
	off  int
	data []byte
}

type modelMove struct {
	file int
	name string
}

type model struct {
	files         []*modelFile
	names, stored map[string]int
	moves         []modelMove
}

func (p modelPiece) on(b []byte) []byte {
	size := max(len(b), p.off+len(p.data))
	if p.size >= 0 {
		size = p.size
	}
	out := make([]byte, size)
	copy(out, b)
	if p.size < 0 {
		copy(out[p.off:], p.data)
	}
	return out
}

func (m modelMove) on(dir map[string]int) map[string]int {
	out := map[string]int{}
	for name, file := range dir {
		if file != m.file {
			out[name] = file
		}
	}
	if m.name != "" {
		out[m.name] = m.file
	}
	return out
}

func (f *modelFile) add(p modelPiece) {
	op := []modelPiece{p}
	if p.size < 0 {
		op = nil
		for i := range p.data { // byte by byte: the disk's way to cut is not taken on trust
			if i == 0 || (p.off+i)%512 == 0 {
				op = append(op, modelPiece{size: -1, off: p.off + i})
			}
			last := &op[len(op)-1]
			last.data = append(last.data, p.data[i])
		}
	}
	f.cache = p.on(f.cache)
	f.pending = append(f.pending, op)
}

// outcomes lists the contents that a crash may leave, as strings. It stops at
// 4096, which callers keep away from.
func (f *modelFile) outcomes(faults Faults) map[string]bool {
	states := map[string]bool{string(f.stored): true}
	if faults.KeepPPM == 0 && !faults.Torn {
		return states
	}
	for _, op := range f.pending {
		next := maps.Clone(states) // lost
		for s := range states {
			if !faults.Torn {
				b := []byte(s)
				for _, p := range op {
					b = p.on(b)
				}
				next[string(b)] = true
				continue
			}
			for some := 1; some < 1<<len(op); some++ {
				b := []byte(s)
				for i, p := range op {
					if some>>i&1 == 1 {
						b = p.on(b)
					}
				}
				next[string(b)] = true
			}
		}
		states = next
	}
	return states
}

// adopt makes the model what the disk is after a crash, or says why it may not
// be that.
func (m *model) adopt(got []Stored, faults Faults) error {
	subsets := 1
	if faults.KeepPPM > 0 {
		subsets = 1 << len(m.moves)
	}
	for some := range subsets {
		dir := maps.Clone(m.stored)
		for i, move := range m.moves {
			if some>>i&1 == 1 {
				dir = move.on(dir)
			}
		}
		if !m.allowed(dir, got, faults) {
			continue
		}
		m.moves, m.names, m.stored = nil, dir, maps.Clone(dir)
		for _, s := range got {
			f := m.files[dir[s.Name]]
			f.stored, f.cache, f.pending = s.Data, s.Data, nil
		}
		return nil
	}
	return fmt.Errorf("after the crash the disk has %s, which no choice of survivors explains", show(got))
}

func (m *model) allowed(dir map[string]int, got []Stored, faults Faults) bool {
	if len(dir) != len(got) {
		return false
	}
	for _, s := range got {
		file, ok := dir[s.Name]
		if !ok || !m.files[file].outcomes(faults)[string(s.Data)] {
			return false
		}
	}
	return true
}

func show(files []Stored) string {
	out := ""
	for _, s := range files {
		out += fmt.Sprintf(" %s:%d bytes %x…", s.Name, len(s.Data), s.Data[:min(8, len(s.Data))])
	}
	return out
}

// machine drives a disk and the model with the same operations.
type machine struct {
	disk   *Disk
	model  model
	faults Faults
	open   []struct {
		f    *File
		file int
	}
}

func (m *machine) name(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name")
}

// file draws an open file, or skips the step.
func (m *machine) file(t *rapid.T) (*File, *modelFile) {
	if len(m.open) == 0 {
		t.Skip("no file is open")
	}
	o := m.open[rapid.IntRange(0, len(m.open)-1).Draw(t, "open file")]
	return o.f, m.model.files[o.file]
}

// waiting skips a step that would make the outcomes of a crash too many to list.
func waiting(t *rapid.T, f *modelFile) {
	if len(f.pending) >= 3 {
		t.Skip("enough waits")
	}
}

func (m *machine) Create(t *rapid.T) {
	name := m.name(t)
	file, ok := m.model.names[name]
	if len(m.model.moves) >= 6 {
		t.Skip("enough waits")
	}
	if ok {
		waiting(t, m.model.files[file])
		m.model.files[file].add(modelPiece{})
	} else {
		file = len(m.model.files)
		m.model.files = append(m.model.files, &modelFile{})
		m.move(file, name)
	}
	f, err := m.disk.Create(name)
	check(t, err)
	m.opened(f, file)
}

func (m *machine) move(file int, name string) {
	m.model.names = modelMove{file, name}.on(m.model.names)
	m.model.moves = append(m.model.moves, modelMove{file, name})
}

func (m *machine) opened(f *File, file int) {
	m.open = append(m.open, struct {
		f    *File
		file int
	}{f, file})
}

func (m *machine) Open(t *rapid.T) {
	name := m.name(t)
	f, err := m.disk.Open(name)
	file, ok := m.model.names[name]
	if (err == nil) != ok {
		t.Fatalf("Open(%s): %v; the model has it: %v", name, err, ok)
	}
	if ok {
		m.opened(f, file)
	}
}

func (m *machine) Rename(t *rapid.T) {
	from, to := m.name(t), m.name(t)
	if len(m.model.moves) >= 6 {
		t.Skip("enough waits")
	}
	err := m.disk.Rename(from, to)
	file, ok := m.model.names[from]
	if (err == nil) != ok {
		t.Fatalf("Rename(%s, %s): %v; the model has it: %v", from, to, err, ok)
	}
	if ok && from != to {
		m.move(file, to)
	}
}

func (m *machine) Remove(t *rapid.T) {
	name := m.name(t)
	if len(m.model.moves) >= 6 {
		t.Skip("enough waits")
	}
	err := m.disk.Remove(name)
	file, ok := m.model.names[name]
	if (err == nil) != ok {
		t.Fatalf("Remove(%s): %v; the model has it: %v", name, err, ok)
	}
	if ok {
		m.move(file, "")
	}
}

func (m *machine) WriteAt(t *rapid.T) {
	f, mf := m.file(t)
	waiting(t, mf)
	off, fill := rapid.IntRange(0, 1500).Draw(t, "off"), rapid.Byte().Draw(t, "fill")
	data := bytes.Repeat([]byte{fill}, rapid.IntRange(0, 1200).Draw(t, "length"))
	n, err := f.WriteAt(data, int64(off))
	check(t, err)
	if n != len(data) {
		t.Fatalf("WriteAt wrote %d of %d", n, len(data))
	}
	if n > 0 {
		mf.add(modelPiece{size: -1, off: off, data: data})
	}
}

func (m *machine) Truncate(t *rapid.T) {
	f, mf := m.file(t)
	waiting(t, mf)
	size := rapid.IntRange(0, 2000).Draw(t, "size")
	check(t, f.Truncate(int64(size)))
	mf.add(modelPiece{size: size})
}

func (m *machine) Sync(t *rapid.T) {
	f, mf := m.file(t)
	check(t, f.Sync())
	mf.stored, mf.pending = mf.cache, nil
}

func (m *machine) SyncDir(t *rapid.T) {
	check(t, m.disk.SyncDir())
	m.model.stored, m.model.moves = maps.Clone(m.model.names), nil
}

func (m *machine) Crash(t *rapid.T) {
	m.disk.Crash()
	check(t, m.model.adopt(m.disk.Durable(), m.faults))
	for _, o := range m.open {
		mustCrashed(t, o.f)
	}
	m.open = nil
}

// Check is run after each step: what programs read is what they wrote.
func (m *machine) Check(t *rapid.T) {
	want := slices.Sorted(maps.Keys(m.model.names))
	if got := m.disk.List(); !slices.Equal(got, want) {
		t.Fatalf("List is %q, want %q", got, want)
	}
	for _, name := range want {
		got, err := m.disk.ReadFile(name)
		check(t, err)
		if !bytes.Equal(got, m.model.files[m.model.names[name]].cache) {
			t.Fatalf("%s reads %d bytes %x…, not what was written", name, len(got), got[:min(8, len(got))])
		}
	}
	if len(m.open) > 0 { // a file that is open need not have a name
		o := m.open[len(m.open)-1]
		want := m.model.files[o.file].cache
		if size, err := o.f.Size(); err != nil || size != int64(len(want)) {
			t.Fatalf("Size of an open file is %d, %v, want %d", size, err, len(want))
		}
	}
	var got []Stored
	for _, name := range slices.Sorted(maps.Keys(m.model.stored)) {
		got = append(got, Stored{name, m.model.files[m.model.stored[name]].stored})
	}
	if now := m.disk.Durable(); show(now) != show(got) {
		t.Fatalf("Durable has%s, want%s", show(now), show(got))
	}
}

func check(t interface {
	Helper()
	Fatal(...any)
}, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The law of the package. Without faults a crash leaves exactly what was synced
// (outcomes has one element then); with faults, what some survivors explain.
func TestCrashLeavesWhatTheModelAllows(t *testing.T) {
	for name, faults := range map[string]Faults{
		"no faults":     {},
		"some survive":  {KeepPPM: 400_000},
		"torn":          {Torn: true},
		"torn, survive": {Torn: true, KeepPPM: 300_000},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m := &machine{disk: New(keyed.Root(rapid.Uint64().Draw(t, "seed")).Uint64()), faults: faults}
				check(t, m.disk.SetFaults("", faults))
				t.Repeat(rapid.StateMachineActions(m))
			})
		})
	}
}
