package journal

import (
	"strings"
	"testing"

	"samerun/internal/overlay/leaf/diskrule"
)

// do carries out a script: one command a line.
func do(t *testing.T, m *memory, script string) {
	t.Helper()
	for line := range strings.Lines(script) {
		w := strings.Fields(line)
		if len(w) == 0 {
			continue
		}
		ok := false
		switch w[0] {
		case "create":
			ok = m.create(w[1], false)
		case "mkdir":
			ok = m.create(w[1], true)
		case "write": // at the end
			dir, _, name := m.walk(w[1])
			ok = m.write(w[1], int64(len(dir.names[name].data)), w[2])
		case "over": // at the beginning
			ok = m.write(w[1], 0, w[2])
		case "cut":
			ok = m.resize(w[1], 1)
		case "grow":
			ok = m.resize(w[1], 9)
		case "remove":
			ok = m.remove(w[1])
		case "rename":
			ok = m.rename(w[1], w[2])
		case "link":
			ok = m.link(w[1], w[2])
		case "sync":
			ok = m.sync(strings.Join(w[1:], ""))
		case "datasync":
			m.dataOnly = true
			ok = m.sync(w[1])
			m.dataOnly = false
		case "syncall":
			m.j.SyncedAll()
			ok = true
		}
		if !ok {
			t.Fatalf("%s cannot be done", line)
		}
	}
}

// What is there after a crash that nothing unsynced survives.
func TestCrashLosesWhatWaits(t *testing.T) {
	for _, c := range []struct{ before, do, want string }{
		{"", "create a", ""},
		{"", "create a \n sync", `a="" `},
		{"", "create a \n write a x \n sync", `a="" `},
		{"", "create a \n write a x \n sync a", ``},
		{"", "create a \n write a x \n sync a \n sync", `a="x" `},
		{"create a \n write a x", "write a y", `a="x" `},
		{"create a \n write a xyz", "over a ab", `a="xyz" `},
		{"create a \n write a xyz", "over a abcde \n write a f", `a="xyz" `},
		{"create a \n write a xyz", "over a ab \n sync a \n over a q", `a="abz" `},
		{"create a \n write a xyz", "cut a", `a="xyz" `},
		{"create a \n write a xyz", "cut a \n write a Y \n grow a", `a="xyz" `},
		{"create a \n write a xyz", "remove a", `a="xyz" `},
		{"create a \n write a xyz", "remove a \n sync", ``},
		{"create a \n write a xyz", "over a ab \n remove a", `a="xyz" `},
		{"create a \n write a xyz", "remove a \n create a \n write a new", `a="xyz" `},
		{"create a \n write a xyz", "remove a \n create a \n write a new \n sync a", `a="xyz" `},
		{"create a \n write a xyz", "remove a \n create a \n write a new \n sync a \n sync", `a="new" `},
		{"create a \n write a x", "rename a b", `a="x" `},
		{"create a \n write a x", "rename a b \n sync", `b="x" `},
		{"create a \n write a x", "rename a b \n rename b c", `a="x" `},
		{"create a \n write a old", "create b \n write b new \n sync b \n rename b a", `a="old" `},
		{"create a \n write a old", "create b \n write b new \n sync b \n rename b a \n sync", `a="new" `},
		{"create a \n write a old", "create b \n write b new \n rename b a \n sync", `a="" `},
		{"create a \n write a x", "link a b", `a="x" `},
		{"create a \n write a x", "link a b \n remove a \n sync", `b="x" `},
		{"create a \n write a x", "link a b \n remove a", `a="x" `},
		{"", "mkdir d \n create d/a \n write d/a x \n sync d/a \n sync d", ``},
		{"", "mkdir d \n create d/a \n write d/a x \n sync d/a \n sync", `d/ `},
		{"", "mkdir d \n create d/a \n write d/a x \n sync d/a \n sync d \n sync", `d/ d/a="x" `},
		{"mkdir d \n create d/a", "remove d/a \n remove d", `d/ d/a="" `},
		{"mkdir d \n create d/a", "remove d/a \n remove d \n sync", ``},
		{"mkdir d \n create d/a", "remove d/a \n sync d \n remove d", `d/ `},
		{"mkdir d \n mkdir e \n create d/a", "rename d/a e/a", `d/ d/a="" e/ `},
		{"mkdir d \n mkdir e \n create d/a", "rename d/a e/a \n sync e", `d/ e/ e/a="" `},
		{"mkdir d \n mkdir e \n create d/a", "rename d/a e/a \n sync d", `d/ e/ e/a="" `},
		{"mkdir d \n create d/a", "rename d e \n create e/b \n sync", `e/ e/a="" `},
		{"mkdir d \n create d/a", "rename d e \n create e/b \n sync e", `d/ d/a="" d/b="" `},
		{"mkdir d \n mkdir e \n create d/a", "rename d e", `d/ d/a="" e/ `},
		{"create a", "write a x \n syncall", `a="x" `},
	} {
		m := newMemory(JournalPosix, &JournalFaults{})
		do(t, m, c.before)
		m.j.SyncedAll()
		if len(m.j.dirty) > 0 || m.j.Waiting() > 0 {
			t.Fatal("something waits that was synced")
		}
		do(t, m, c.do)
		m.j.Crash()
		if got := m.tree(); got != c.want {
			t.Errorf("%s ; %s:\n%s\nwant\n%s", c.before, c.do, got, c.want)
		}
		if m.kept != nil || m.j.Waiting() > 0 || len(m.j.dirty) > 0 {
			t.Errorf("%s ; %s: something is left", c.before, c.do)
		}
	}
}

// What other levels add to that.
func TestLevels(t *testing.T) {
	const start = "create a \n write a old \n create w \n mkdir d"
	for _, c := range []struct {
		level          JournalLevel
		lose, do, want string
	}{
		// Without rules, a sync of any file commits names, or all.
		{JournalOrdered, "", "create b \n write w x \n sync w", `a="old" b="" d/ w="x" `},
		{JournalOrdered, "", "over a new \n write w x \n sync w", `a="old" d/ w="x" `},
		{JournalStrict, "", "over a new \n create b \n write w x \n sync w", `a="new" b="" d/ w="x" `},
		{JournalOrdered, "", "create b \n sync w", `a="old" d/ w="" `},
		{JournalOrdered, "", "create b \n datasync b", `a="old" b="" d/ w="" `},
		{JournalOrdered, "", "create b \n write w x \n datasync w", `a="old" b="" d/ w="x" `},
		{JournalOrdered, "", "create b \n over a new \n datasync a", `a="new" d/ w="" `},
		{JournalOrdered, "", "create b \n over a new \n sync a", `a="new" b="" d/ w="" `},
		// The first change of a name is lost.
		{JournalPosix, "/ 4", "create b \n create c", `a="old" c="" d/ w="" `},
		{JournalOrdered, "/ 4", "create b \n create c", `a="old" d/ w="" `},
		{JournalOrdered, "/ 4", "create b \n over a new", `a="new" d/ w="" `},
		{JournalOrdered, "/ 4", "create b \n write a new", `a="old" d/ w="" `},
		{JournalStrict, "/ 4", "over w x \n create b \n over a new", `a="old" d/ w="x" `},
		// A write is lost.
		{JournalPosix, "w 1", "write w x \n write w y \n create b", `a="old" b="" d/ w="\x00y" `},
		{JournalOrdered, "w 1", "write w x \n write w y \n create b", `a="old" b="" d/ w="" `},
		{JournalOrdered, "w 1", "write w x \n over w yz \n write a er", `a="older" d/ w="" `},
		{JournalOrdered, "a 2", "over a n \n over a xyz", `a="xyz" d/ w="" `},
		{JournalStrict, "w 1", "write w x \n write w y \n create b", `a="old" d/ w="" `},
		// A rename over another file carries the data of the file; one to a new name does not.
		{JournalPosix, "b 1", "create b \n write b new \n rename b a", `a="" d/ w="" `},
		{JournalOrdered, "b 1", "create b \n write b new \n rename b a", `a="old" b="" d/ w="" `},
		{JournalOrdered, "b 1", "create b \n write b new \n rename b c", `a="old" c="" d/ w="" `},
		// An earlier rename of the file is lost, and a later one finds it.
		{JournalPosix, "/ 4", "rename a b \n rename b c", `c="old" d/ w="" `},
		{JournalPosix, "/ 4", "create b \n rename b c", `a="old" c="" d/ w="" `},
		{JournalPosix, "/ 5", "mkdir e \n rename a b", `a="old" d/ e/ w="" `},
		{JournalPosix, "/ 4", "remove a \n create a", `a="" d/ w="" `},
	} {
		x := &JournalFaults{}
		m := newMemory(c.level, x)
		do(t, m, start)
		m.j.SyncedAll()
		if w := strings.Fields(c.lose); len(w) > 0 {
			x.Begin(diskrule.DiskRule{Kind: diskrule.DiskLose, Node: 1, File: w[0], Nth: int64(w[1][0] - '0')})
		}
		do(t, m, c.do)
		m.j.Crash()
		if got := m.tree(); got != c.want {
			t.Errorf("level %d, lose %q, %s:\n%s\nwant\n%s", c.level, c.lose, c.do, got, c.want)
		}
		if c.lose != "" && x.Hits(0) != 1 {
			t.Errorf("level %d, lose %q, %s: %d hits", c.level, c.lose, c.do, x.Hits(0))
		}
	}
}
