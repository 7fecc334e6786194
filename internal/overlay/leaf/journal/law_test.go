package journal

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"samerun/internal/overlay/leaf/diskrule"
	"samerun/internal/overlay/leaf/mix"
)

// draws are numbers that a seed decides.
type draws struct{ key, n uint64 }

func (d *draws) below(n int) int {
	d.n++
	return int(mix.Mix(d.key, d.n) % uint64(n))
}

// step does something at random.
func (d *draws) step(m *memory, syncs bool) {
	names := []string{"a", "b", "c", "d", "e", "d/a", "d/b", "e/a"}
	name := func() string { return names[d.below(len(names))] }
	switch d.below(12) {
	case 0, 1:
		m.create(name(), false)
	case 2:
		m.create([]string{"d", "e"}[d.below(2)], true)
	case 3, 4, 5:
		m.write(name(), int64(d.below(1500)), strings.Repeat(string(rune('a'+d.below(26))), 1+d.below(2000)))
	case 6:
		m.resize(name(), int64(d.below(2000)))
	case 7:
		m.remove(name())
	case 8, 9:
		m.rename(name(), name())
	case 10:
		if syncs {
			m.sync(name())
		}
	case 11:
		if syncs {
			m.sync([]string{"", "d", "e"}[d.below(3)])
		}
	}
}

// step is an operation as the model knows it: files are the numbers that their inodes had. The
// journal uses its own operations again when they are durable, so it has a copy.
type step struct {
	op               *journalOp
	waits            *journalOp // the journal's own
	file, what, from uint64
	fresh            string
	whatIsFolder     bool
	fate             journalFate
	done             bool
}

// model is what is durable, which is the other way round from a journal: all that becomes so is
// carried out on it.
type model struct {
	data  map[uint64]string
	names map[uint64]map[string]uint64 // of folders
	steps []*step
}

func newModel(m *memory) *model {
	s := &model{data: map[uint64]string{}, names: map[uint64]map[string]uint64{}}
	var take func(n *inode)
	take = func(n *inode) {
		if !n.folder {
			s.data[n.ino] = string(n.data)
			return
		}
		s.names[n.ino] = map[string]uint64{}
		for name, at := range n.names {
			s.names[n.ino][name] = at.ino
			take(at)
		}
	}
	take(m.root)
	return s
}

// all returns what waits, in its order.
func (j *Journal) all() (ops []*journalOp) {
	for _, f := range j.dirty {
		for _, op := range f.ops {
			if op.file == f {
				ops = append(ops, op)
			}
		}
	}
	sortOps(ops)
	return ops
}

// look takes up what the program has just done, and carries out what has become durable.
func (s *model) look(m *memory) {
	waits := map[uint64]bool{}
	for _, op := range m.j.all() {
		waits[op.seq] = true
		if slices.ContainsFunc(s.steps, func(x *step) bool { return x.op.seq == op.seq }) {
			continue
		}
		copied := *op
		x := &step{op: &copied, waits: op, file: op.file.Ino}
		if op.kind == opWrite {
			x.fresh = string(m.nodes[op.file.FD].data[op.off : op.off+op.n])
		}
		if op.from != nil {
			x.from = op.from.Ino
		}
		if op.what != nil {
			x.what, x.whatIsFolder = op.what.Ino, op.what.Folder
			if op.what.Folder && s.names[x.what] == nil {
				s.names[x.what] = map[string]uint64{}
			}
		}
		s.steps = append(s.steps, x)
	}
	for _, x := range s.steps {
		if !x.done && !waits[x.op.seq] {
			s.finish(x)
		}
	}
}

// finish carries out a step that has become durable; and before it, since a rename into another
// folder is with either of the two, what came before it and is about the same file or name.
func (s *model) finish(x *step) {
	x.done, x.fate = true, fateKept
	for _, y := range s.steps {
		if !y.done && y.op.seq < x.op.seq && x.what != 0 && y.what != 0 && (y.what == x.what || y.has(x.file, x.op.name) || y.has(x.from, x.op.fromName)) {
			s.finish(y)
		}
	}
	s.apply(x)
}

// has reports whether a step is about a name.
func (x *step) has(folder uint64, name string) bool {
	return folder != 0 && (x.file == folder && x.op.name == name || x.from == folder && x.op.fromName == name)
}

// apply carries out a step, as far as it survives.
func (s *model) apply(x *step) {
	op := x.op
	if op.isData() {
		data := []byte(s.data[x.file])
		for i := range len(x.fresh) {
			at := op.off + int64(i)
			if x.fate == fateKept || op.tear.survives(at/journalSector-op.off/journalSector) {
				data = append(data, make([]byte, max(0, at+1-int64(len(data))))...)
				data[at] = x.fresh[i]
			}
		}
		if op.kind == opResize {
			data = append(data, make([]byte, max(0, op.n-int64(len(data))))...)[:op.n]
		}
		s.data[x.file] = string(data)
		return
	}
	names := s.names[x.file]
	there, taken := names[op.name]
	_, thereIsFolder := s.names[there]
	switch op.kind {
	case opRemove:
		if there == x.what && len(s.names[x.what]) == 0 {
			delete(names, op.name)
		}
		return
	case opRename, opAdd:
		if taken && there != x.what && (thereIsFolder != x.whatIsFolder || len(s.names[there]) > 0) || s.isBelow(x.file, x.what) {
			return
		}
	}
	for _, all := range s.names {
		for name, at := range all {
			if at == x.what {
				delete(all, name)
			}
		}
	}
	names[op.name] = x.what
}

// isBelow reports whether a folder is, or is in, another one.
func (s *model) isBelow(folder, in uint64) bool {
	if folder == in {
		return true
	}
	for _, at := range s.names[in] {
		if s.isBelow(folder, at) {
			return true
		}
	}
	return false
}

func (s *model) tree(folder uint64, path string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.names[folder])) {
		at := s.names[folder][name]
		if s.names[at] != nil {
			fmt.Fprintf(&b, "%s%s/ %s", path, name, s.tree(at, path+name+"/"))
		} else {
			fmt.Fprintf(&b, "%s%s=%s ", path, name, short(s.data[at]))
		}
	}
	return b.String()
}

// checkLevel says what a level does not allow.
func checkLevel(level JournalLevel, ops []*journalOp) string {
	var lostName, lostAny bool
	short := map[*JournalFile]bool{}
	size := map[*JournalFile]int64{}
	for _, op := range ops {
		if op.isData() {
			if _, ok := size[op.file]; !ok {
				size[op.file] = op.size
			}
		}
		extends := op.kind == opWrite && op.off+op.n > size[op.file]
		switch {
		case level == JournalStrict && lostAny && op.fate != fateLost:
			return "strict: something survives that came behind what was lost"
		case level != JournalOrdered:
		case !op.isData() && lostName && op.fate != fateLost:
			return "ordered: a change of a name survives an earlier one"
		case op.isData() && (extends || op.kind == opResize) && (lostName || short[op.file]) && op.fate != fateLost:
			return "ordered: a size survives an earlier one, or a name"
		case op.kind == opRename && op.over != nil && op.fate == fateKept:
			for _, before := range op.what.ops {
				if before.isData() && before.seq < op.seq && before.fate != fateKept {
					return "ordered: a rename over a file survives the data"
				}
			}
		}
		lostAny = lostAny || op.fate != fateKept
		if !op.isData() || op.kind == opResize {
			lostName = lostName || op.fate == fateLost
		}
		if op.isData() && op.fate != fateKept && (extends || op.kind == opResize) {
			short[op.file] = true
		}
		if op.fate == fateTorn && extends && level == JournalOrdered {
			if op.tear.prefix < 0 {
				return "ordered: an extension has holes"
			}
			size[op.file] = max(size[op.file], (op.off/journalSector+op.tear.prefix)*journalSector)
		}
		if op.fate == fateKept && op.isData() {
			if op.kind == opResize {
				size[op.file] = op.n
			} else {
				size[op.file] = max(size[op.file], op.off+op.n)
			}
		}
	}
	return ""
}

// However operations and syncs are mixed, and whichever survive: to undo all and carry out once
// more what survives, is to carry that out on what was durable. And what survives is what the level
// allows.
func TestCrashIsWhatWasDurableAndSurvivors(t *testing.T) {
	fates := map[journalFate]int{}
	for seed := range uint64(4000) {
		x := &JournalFaults{}
		level := JournalLevel(seed % 3)
		m := newMemory(level, x)
		d := &draws{key: seed}
		for range 15 {
			d.step(m, false)
		}
		m.j.SyncedAll()
		s := newModel(m)
		for range 2 + d.below(20) {
			d.step(m, true)
			s.look(m)
		}
		for i, r := range []diskrule.DiskRule{
			{Kind: diskrule.DiskUnsynced, Node: -1, PPM: 500_000},
			{Kind: diskrule.DiskUnsynced, Node: -1, PPM: 900_000},
			{Kind: diskrule.DiskTorn, Node: 1},
		} {
			if r.Index, r.Key = i, seed+1; d.below(2) == 0 {
				x.Begin(r)
			}
		}
		ops := m.j.all()
		m.j.judge(ops)
		if wrong := checkLevel(level, ops); wrong != "" {
			t.Fatalf("seed %d: %s", seed, wrong)
		}
		for _, x := range s.steps {
			if x.done {
				continue
			}
			x.op.tear = x.waits.tear
			if x.fate = x.waits.fate; x.fate != fateLost {
				s.apply(x)
			}
			fates[x.fate]++
		}
		m.j.settle(ops)
		m.j.Over()
		if got, want := m.tree(), s.tree(m.root.ino, ""); got != want {
			for _, x := range s.steps {
				t.Logf("%d: kind %d fate %d of %s %q from %q size %d n %d at %d done %v: %d", x.op.seq, x.op.kind, x.fate, x.op.file.Label.Name, x.op.name, x.op.fromName, x.op.size, x.op.n, x.op.off, x.done, x.what)
			}
			t.Fatalf("seed %d, level %d:\n%s\nwant\n%s", seed, level, got, want)
		}
	}
	if fates[fateKept] < 3000 || fates[fateLost] < 3000 || fates[fateTorn] < 150 {
		t.Errorf("kept, lost and torn: %v", fates)
	}
}

// What becomes of an operation is decided by its own key: it does not depend on what else is on the
// disk. What is told of chance, as picks, does the same again.
func TestDrawsAreTheirOwn(t *testing.T) {
	run := func(seed uint64, others bool, rules ...diskrule.DiskRule) (tree string, told []JournalTold) {
		x := &JournalFaults{}
		m := newMemory(JournalPosix, x)
		do := func(path string) {
			m.create(path, false)
			for i := range 6 {
				m.write(path, int64(700*i), strings.Repeat("x", 700+300*i))
			}
		}
		m.create("d", true)
		m.j.SyncedAll()
		if others {
			do("b")
		}
		do("d/a")
		if others {
			do("c")
			m.remove("c")
		}
		m.j.Synced(m.dir(m.root, ""), false)
		m.j.Synced(m.dir(m.root.names["d"], "d/"), false)
		for _, r := range rules {
			x.Begin(r)
		}
		m.j.Crash()
		return treeOf(m.root.names["d"], "d/"), x.Told
	}
	for seed := range uint64(50) {
		chance := []diskrule.DiskRule{
			{Kind: diskrule.DiskUnsynced, Index: 1, Key: seed + 1, Node: -1, PPM: 400_000},
			{Kind: diskrule.DiskTorn, Index: 2, Key: seed + 7, Node: -1, PPM: 600_000},
		}
		alone, told := run(seed, false, chance...)
		if with, _ := run(seed, true, chance...); with != alone {
			t.Errorf("seed %d: beside other files\n%s\nwithout\n%s", seed, with, alone)
		}
		var picks []diskrule.DiskRule
		for _, x := range told {
			r := diskrule.DiskRule{Index: len(picks)}
			var kind string
			n, _ := fmt.Sscanf(x.What, "torn nth=%d sectors=%d node=%d file=%q", &r.Nth, &r.Sectors, &r.Node, &r.File)
			if r.Kind = diskrule.DiskTorn; n != 4 {
				r.Kind, r.Sectors = diskrule.DiskLose, 0
				if n, err := fmt.Sscanf(x.What, "%s nth=%d node=%d file=%q", &kind, &r.Nth, &r.Node, &r.File); n != 4 || kind != "lose" {
					t.Fatalf("%q: %v", x.What, err)
				}
			}
			picks = append(picks, r)
		}
		if len(picks) == 0 {
			continue // all survived
		}
		if again, more := run(seed, true, picks...); again != alone || len(more) > 0 {
			t.Errorf("seed %d: by picks %v\n%s, told %v\nby chance\n%s", seed, picks, again, more, alone)
		}
	}
}
