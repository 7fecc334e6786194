package testing

import (
	"cmp"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	_ "unsafe" // for go:linkname
)

// These structs are those of package runtime (samerun_still.go, samerun_things.go).
type (
	samerunStill struct {
		born, goid uint64
		from       uintptr
		at         uintptr
		until      int64
		count      int64
		kind       uint8
		left       int32
		pcs        int32
		cases      int32
	}
	samerunAtChannel struct {
		c        uintptr
		len, cap int
		index    int16
		sends    bool
		timer    bool
	}
	samerunThing struct {
		made    uintptr
		maker   uintptr
		writer  samerunHasIt
		readers [4]samerunHasIt
		more    int32
		uses    [6]samerunDidIt
	}
	samerunHasIt struct {
		born uint64
		from uintptr
		pc   uintptr
		n    int32
	}
	samerunDidIt struct {
		what uint8
		pc   uintptr
		n    int64
		born uint64
		from uintptr
	}
)

//go:linkname samerunStills
func samerunStills(all []samerunStill, pcs []uintptr, cases []samerunAtChannel) (n int)

//go:linkname samerunKnows
func samerunKnows(addr uintptr, known *samerunThing) bool

//go:linkname samerunParkedFor
func samerunParkedFor(goid uint64) (what, name, node string)

//go:linkname samerunNotes
func samerunNotes() bool

// samerunMostTold is how many goroutines a report describes at most; those that are alike
// count as one.
const samerunMostTold = 12

// samerunWaits describes the goroutines of the program that stand still, all or those that
// are wanted. It says for what each waits and who could end that, as far as the run has
// noted it, and names neither the caller nor who waits for the test to end. At most so many are described, and if waiting is set only those that
// wait for another one; the text is empty if there are none.
func samerunWaits(most int, waiting bool, wanted func(goid, born uint64) bool) string {
	const deep = 32
	samerunHeard()
	n := samerunStills(nil, nil, nil) + 16
	n = min(n, 1<<14)
	all := make([]samerunStill, n)
	pcs := make([]uintptr, n*deep)
	cases := make([]samerunAtChannel, 8*n)
	all = all[:min(n, samerunStills(all, pcs, cases))]
	p := samerunPicture{Source: samerunSource, Most: most, Waiting: waiting}
	p.Dir, _ = os.Getwd()
	p.Dir = filepath.ToSlash(p.Dir)
	goids := make(map[uint64]uint64)
	for i := range all {
		s := &all[i]
		goids[s.born] = s.goid
		its, channels := pcs[:s.pcs], cases[:s.cases]
		pcs, cases = pcs[s.pcs:], cases[s.cases:]
		if wanted != nil && !wanted(s.goid, s.born) {
			continue
		}
		g := samerunGoroutine{Born: s.born, Kind: s.kind, From: samerunFrames(s.from), Stack: samerunFrames(its...), Thing: s.at, Until: s.until, Count: s.count, Left: samerunLeftBy(s.left)}
		if s.goid == samerunHasTurn {
			g.Kind = samerunIsRunning
		}
		what, name, node := samerunParkedFor(s.goid)
		if _, holder, _ := samerunCheckStuck(); holder == s.goid && holder != 0 {
			what = "nothing any more: its node has crashed"
		}
		if g.For = what; node != "" {
			if g.On = "on " + node; name != "" {
				g.On = name + " on " + node
			}
		}
		if s.born == samerunMainBirth && g.Runs() {
			continue
		}
		for _, c := range channels {
			g.Cases = append(g.Cases, samerunCase{Channel: c.c, Len: c.len, Cap: c.cap, Index: int(c.index), Sends: c.sends, Timer: c.timer})
		}
		// The runtime has them in the order of their addresses.
		slices.SortFunc(g.Cases, func(a, b samerunCase) int { return cmp.Compare(samerunCaseOrder(a), samerunCaseOrder(b)) })
		p.All = append(p.All, g)
	}
	slices.SortFunc(p.All, func(a, b samerunGoroutine) int { return cmp.Compare(a.Born, b.Born) })
	if samerunNotes() {
		samerunWhoHas(&p, goids)
		known := make(map[uintptr]*samerunKnown)
		p.Known = func(thing uintptr) *samerunKnown {
			k, ok := known[thing]
			if !ok {
				k = samerunKnownOf(thing)
				known[thing] = k
			}
			return k
		}
	}
	return p.Text()
}

//go:linkname samerunReaches
func samerunReaches(goid uint64, things []uintptr, found []bool, queue []uintptr, depth []uint8, seen []uintptr)

// samerunWhoHas enters who has the channels that goroutines wait for, of those that are
// not too many to look at.
func samerunWhoHas(p *samerunPicture, goids map[uint64]uint64) {
	const most, room = 64, 1 << 12
	var things []uintptr
	for i := range p.All {
		for _, c := range p.All[i].Cases {
			if !slices.Contains(things, c.Channel) && len(things) < most {
				things = append(things, c.Channel)
			}
		}
	}
	if len(things) == 0 {
		return
	}
	queue, depth := make([]uintptr, room), make([]uint8, room)
	for i := range p.All[:min(most, len(p.All))] {
		found := make([]bool, len(things))
		samerunReaches(goids[p.All[i].Born], things, found, queue, depth, make([]uintptr, 2*room))
		for j := range p.All {
			for k := range p.All[j].Cases {
				c := &p.All[j].Cases[k]
				if at := slices.Index(things, c.Channel); at >= 0 && found[at] && i != j {
					c.Had = append(c.Had, p.All[i].Born)
				}
			}
		}
	}
}

// samerunMainBirth is the number of the main goroutine.
const samerunMainBirth = 1

// samerunLeftBy says where a goroutine comes from that is none of the test's; gen is as in
// samerunStill.
func samerunLeftBy(gen int32) string {
	switch {
	case gen == 0 && samerunProgram != "":
		return "from before main"
	case gen == 0:
		return "from before the tests"
	case gen > 0:
		return "left by " + samerunNames[gen-1]
	}
	return ""
}

// samerunCaseOrder sorts the cases of a select: those that send, then those that receive.
func samerunCaseOrder(c samerunCase) int {
	if c.Index < 0 {
		return 1<<16 - c.Index
	}
	return c.Index
}

// samerunFrames are the calls of return addresses, with those that were inlined.
func samerunFrames(pcs ...uintptr) (list []samerunFrame) {
	if len(pcs) == 0 || pcs[0] == 0 {
		return nil
	}
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if f.Function != "" {
			if f.Line <= 1 && f.Func != nil {
				_, f.Line = f.Func.FileLine(f.Entry) // an empty loop has no line of its own
			}
			list = append(list, samerunFrame{Func: samerunPlainName(f.Function), File: filepath.ToSlash(f.File), Line: f.Line, User: !samerunStandard(f.Function) && !strings.HasSuffix(f.File, "_testmain.go")})
		}
		if !more {
			return list
		}
	}
}

// samerunPlainName is the name of a function without type arguments.
func samerunPlainName(name string) string {
	if i := strings.Index(name, "[...]"); i >= 0 {
		name = name[:i] + name[i+len("[...]"):]
	}
	return name
}

// samerunKnownOf is what the run has noted of a thing, or nil.
func samerunKnownOf(addr uintptr) *samerunKnown {
	var t samerunThing
	if !samerunKnows(addr, &t) {
		return nil
	}
	k := &samerunKnown{Made: samerunFrames(t.made), Writer: samerunHolderOf(&t.writer)}
	for i := range t.readers {
		if t.readers[i].born != 0 {
			k.Readers = append(k.Readers, samerunHolderOf(&t.readers[i]))
		}
	}
	for i := range t.uses {
		if u := &t.uses[i]; u.what != 0 {
			k.Uses = append(k.Uses, samerunUse{What: u.what, At: samerunFrames(u.pc), N: u.n, Born: u.born, From: samerunFrames(u.from)})
		}
	}
	return k
}

func samerunHolderOf(h *samerunHasIt) samerunHolder {
	if h.born == 0 {
		return samerunHolder{}
	}
	return samerunHolder{Born: h.born, From: samerunFrames(h.from), At: samerunFrames(h.pc)}
}

// samerunSources are files of the program, by name, as lines; none of one that is not there.
var samerunSources = make(map[string][]string)

// samerunSource returns a line of the program, or nothing: the binary may run where its
// source is not.
func samerunSource(file string, line int) string {
	lines, read := samerunSources[file]
	if !read {
		if data, err := os.ReadFile(file); err == nil {
			lines = strings.Split(string(data), "\n")
		}
		samerunSources[file] = lines
	}
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[line-1], "\r")
}
