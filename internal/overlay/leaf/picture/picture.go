// Package picture describes goroutines that stand still, for people: what each waits
// for, who holds that lock, who has used that channel, and which of them wait for each
// other. Package testing gets it from internal/overlay/bundle, and fills it in from what
// package runtime knows.
//
// A text of it has no addresses, no numbers of the runtime's, and no frames of the
// standard library, so that it is the same whenever the run is:
//
//	these wait for each other:
//	  goroutine 1 holds lock A, taken at bank_test.go:15, and waits for lock B at bank_test.go:18
//	  goroutine 2 holds lock B, taken at bank_test.go:15, and waits for lock A at bank_test.go:18
//
//	goroutine 1, started at bank_test.go:28, waits for lock B, which goroutine 2 holds
//	    bank.transfer        bank_test.go:18  b.mu.Lock()
//	    bank.TestABBA.func1  bank_test.go:28  go func() { defer wg.Done(); transfer(&a, &b, 1) }()
//
// picture.go: the data, and the text of a goroutine. thing.go: the text of what it waits
// for. circle.go: who waits for each other. words.go: the program's own words.
package picture

import (
	"fmt"
	"slices"
	"strings"
)

// Picture is goroutines that stand still, and what is known of the things that they
// wait for.
type Picture struct {
	All   []Goroutine // in the order in which they were started
	Known func(thing uintptr) *Known
	// Source returns a line of the program, or nothing if it is not to be had.
	Source func(file string, line int) string
	// Dir is the folder from which files are named.
	Dir string
	// Most is how many goroutines, or groups of those that are alike, are described; 0 for all.
	Most int
	// Waiting leaves out those that wait for nobody: that sleep, that could go on, that
	// stand in the standard library alone, and tests that wait for their subtests.
	Waiting bool

	names  map[uint64]string  // of goroutines that have been named
	labels map[uintptr]string // of locks and channels; with a blank at the end, for those that get a letter
	n      int                // letters so far

	hadTold []uintptr        // channels of which it was said who has them
	told    map[uintptr]bool // channels and the like of which all was said
	taken   map[uintptr]bool // locks of which it was said where they were taken
}

// Goroutine is one of them.
type Goroutine struct {
	Born  uint64 // how manieth goroutine it is, not 0
	Kind  uint8  // one of the constants below
	From  []Frame
	Stack []Frame // the innermost first
	Thing uintptr // the lock, condition or wait group that it waits for
	Until int64   // when it wakes up, in nanoseconds
	Count int64   // of the wait group
	Cases []Case
	For   string // what it says itself that it waits for, or empty
	On    string // what it is called and on which node it is, or empty
	Left  string // where it comes from, if it is none of the test's, such as "left by TestA"
}

// Runs reports whether all that a goroutine does is to run tests, one of which it waits for.
func (g *Goroutine) Runs() bool {
	runs := false
	for _, f := range g.Stack {
		runs = runs || f.Func == "testing.(*T).Run" || f.Func == "testing.samerunRunProgram"
		if f.User && base(f.Func) != "TestMain" {
			return false
		}
	}
	return runs
}

// Frame is a call that has not returned.
type Frame struct {
	Func, File string
	Line       int
	User       bool // not one of the standard library
}

// Case is a channel that a goroutine waits for.
type Case struct {
	Channel  uintptr
	Len, Cap int
	Index    int // of a select: from 1, among those that send; from -1 down, among those that receive
	Sends    bool
	Timer    bool
	Had      []uint64 // those of the other goroutines that could use it, as far as is known
}

// What a goroutine does, or waits for. Package runtime has the same constants.
const (
	IsReady uint8 = iota
	IsRunning
	InCall
	OnSleep
	OnSend
	OnReceive
	OnSelect
	OnNil
	OnNone
	OnLock
	OnRead
	OnWrite
	OnCond
	OnGroup
	OnInput
	OnOther
	OnSpin
)

// Known is what is known of a thing.
type Known struct {
	Made    []Frame // where a channel was made
	Writer  Holder
	Readers []Holder
	Uses    []Use
}

// Holder is who has a lock. Its zero value is nobody.
type Holder struct {
	Born uint64
	From []Frame
	At   []Frame // where it took it
}

// Use is what was done with a thing at one place.
type Use struct {
	What uint8
	At   []Frame
	N    int64
	Born uint64 // who did so last
	From []Frame
}

// What is done. Package runtime has the same constants.
const (
	Sends uint8 = iota + 1
	Receives
	Closes
	Adds
	Signals
	Broadcasts
	SignalsNobody // nobody waited then
	BroadcastsNobody
)

// Text describes the goroutines, a block for each, and who waits for each other. It is
// empty if there are none. Every line ends with a newline.
func (p *Picture) Text() string {
	p.names, p.labels, p.told = make(map[uint64]string), make(map[uintptr]string), make(map[uintptr]bool)
	p.taken, p.n, p.hadTold = make(map[uintptr]bool), 0, nil
	p.label()
	var b strings.Builder
	circles := p.circles()
	for _, c := range circles {
		p.circle(&b, c)
	}
	for i, group := range p.groups(p.order(circles)) {
		if p.Most > 0 && i >= p.Most {
			left := 0
			for _, g := range p.groups(p.order(circles))[i:] {
				left += len(g)
			}
			fmt.Fprintf(&b, "\n… and %d more\n", left)
			break
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if n := len(group); n > 1 {
			fmt.Fprintf(&b, "each of %d goroutines", n)
		} else {
			b.WriteString(p.name(group[0]))
		}
		p.block(&b, group[0])
	}
	return b.String()
}

// groups puts goroutines together that do the same at the same place, and of which
// there is nothing else to tell.
func (p *Picture) groups(all []*Goroutine) (groups [][]*Goroutine) {
	at := make(map[string]int)
	for _, g := range all {
		key := fmt.Sprint(g.Kind, g.Left, g.From, g.Stack, g.Thing, g.Until, g.Count, g.Cases, g.For, g.On)
		i, ok := at[key]
		if ok && !p.holds(g.Born) && g.test() == "" {
			groups[i] = append(groups[i], g)
			continue
		}
		if !p.holds(g.Born) && g.test() == "" {
			at[key] = len(groups)
		}
		groups = append(groups, []*Goroutine{g})
	}
	return groups
}

// order is those of the circles first, then those of the test, then all others.
func (p *Picture) order(circles [][]*Goroutine) (all []*Goroutine) {
	for _, c := range circles {
		for _, g := range c {
			if !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
	}
	for _, left := range []bool{false, true} {
		for i := range p.All {
			if g := &p.All[i]; (g.Left != "") == left && !slices.Contains(all, g) && !(p.Waiting && g.waitsForNobody()) {
				all = append(all, g)
			}
		}
	}
	return all
}

// waitsForNobody reports whether nothing that another goroutine does could help g on, as far
// as the program knows.
func (g *Goroutine) waitsForNobody() bool {
	switch {
	case g.Kind < OnSend, g.Kind == OnInput, g.Kind == OnOther && g.For == "", g.Kind == OnSpin, g.call() == "testing.(*T).Run":
		return true
	case g.Kind == OnReceive && len(g.Cases) == 1 && g.Cases[0].Timer:
		return true
	}
	return !slices.ContainsFunc(g.Stack, func(f Frame) bool { return f.User })
}

// find returns a goroutine that stands still, or nil.
func (p *Picture) find(born uint64) *Goroutine {
	for i := range p.All {
		if p.All[i].Born == born {
			return &p.All[i]
		}
	}
	return nil
}

// name is what a goroutine is called: by the test that it is of, or by a number, in the
// order in which they are first named.
func (p *Picture) name(g *Goroutine) string {
	if test := g.test(); test != "" {
		return test
	}
	if g.On != "" {
		return p.numbered(g.Born) + " (" + g.On + ")"
	}
	return p.numbered(g.Born)
}

func (p *Picture) numbered(born uint64) string {
	name := p.names[born]
	if name == "" {
		name = fmt.Sprintf("goroutine %d", len(p.names)+1)
		p.names[born] = name
	}
	return name
}

// test is the test whose own goroutine it is, or nothing: the function that package
// testing has called, which of a program is main.
func (g *Goroutine) test() string {
	test := ""
	for _, f := range g.Stack {
		switch {
		case f.User:
			test = base(f.Func)
		case f.Func == "testing.tRunner" || f.Func == "testing.samerunRunProgram.func1" || f.Func == "runtime.main":
			return test
		}
	}
	return ""
}

// short is the name of a function without the path to its package.
func short(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// base is the name of a function without that of its package.
func base(name string) string {
	if _, after, ok := strings.Cut(short(name), "."); ok {
		return after
	}
	return short(name)
}

// someone names a goroutine that did something, and may have ended since.
func (p *Picture) someone(born uint64, from []Frame) string {
	if g := p.find(born); g != nil {
		return p.name(g)
	}
	if len(from) > 0 && (strings.HasPrefix(from[0].Func, "testing.") || strings.HasSuffix(from[0].File, "_testmain.go")) {
		return "the test"
	}
	if place := p.place(from); place != "" {
		return "a goroutine that has ended (started at " + place + ")"
	}
	return "a goroutine that has ended"
}

// block is the text of a goroutine, behind its name: the rest of a line, and what is set
// in below it.
func (p *Picture) block(b *strings.Builder, g *Goroutine) {
	if from := p.comes(g); from != "" {
		b.WriteString(", " + from + ",")
	}
	b.WriteString(" " + p.waits(g) + "\n")
	p.cases(b, g)
	p.frames(b, g)
	p.held(b, g)
	p.others(b, g)
}

// comes says where a goroutine comes from.
func (p *Picture) comes(g *Goroutine) string {
	started := ""
	if g.test() == "" {
		started = p.started(g)
	}
	if g.Left != "" && started != "" {
		return g.Left + ", " + started
	}
	return g.Left + started
}

// started says where a goroutine was started.
func (p *Picture) started(g *Goroutine) string {
	switch place := p.place(g.From); {
	case place != "":
		return "started at " + place
	case len(g.From) > 0 && strings.HasPrefix(g.From[0].Func, "time."):
		return "started by a timer"
	case len(g.From) > 0:
		return "started by " + g.From[len(g.From)-1].Func
	}
	return ""
}

// frames lists where it stands, in the program alone.
func (p *Picture) frames(b *strings.Builder, g *Goroutine) {
	const most = 12
	var shown []Frame
	for _, f := range g.Stack {
		if f.User {
			shown = append(shown, f)
		}
	}
	if g.Kind != OnOther || g.call() != "testing.(*T).Run" {
		p.table(b, shown[:min(len(shown), most)])
	} else {
		p.table(b, shown[:min(len(shown), 1)])
		return
	}
	if n := len(shown) - most; n > 0 {
		fmt.Fprintf(b, "    … and %d more\n", n)
	}
}

// table writes frames in columns.
func (p *Picture) table(b *strings.Builder, frames []Frame) {
	const widest = 48
	first, second := 0, 0
	for _, f := range frames {
		first = max(first, min(widest, len(short(f.Func))))
		second = max(second, len(p.at(f)))
	}
	for _, f := range frames {
		line := fmt.Sprintf("    %-*s  %-*s  %s", first, short(f.Func), second, p.at(f), p.source(f))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// call is the call that the program has made of the standard library and in which the
// goroutine stands, if it is not just one that waits.
func (g *Goroutine) call() string {
	call := ""
	for _, f := range g.Stack {
		if f.User {
			break
		}
		if !waiter(f.Func) {
			call = f.Func
		}
	}
	return call
}

// waiter reports whether a function is there to wait.
func waiter(name string) bool {
	for _, begin := range []string{"runtime.", "internal/", "sync.(", "sync.runtime_", "time.Sleep"} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}

// place is the innermost place in the program, or nothing.
func (p *Picture) place(frames []Frame) string {
	for _, f := range frames {
		if f.User {
			return p.at(f)
		}
	}
	return ""
}

// at is a place, with the file as one would name it from the folder of the test.
func (p *Picture) at(f Frame) string {
	file := f.File
	if rest, ok := strings.CutPrefix(file, p.Dir+"/"); ok && p.Dir != "" {
		file = rest
	} else if i := strings.LastIndexByte(file, '/'); i >= 0 {
		// The folder of its package and the file tell which one it is.
		file = file[strings.LastIndexByte(file[:i], '/')+1:]
	}
	return fmt.Sprintf("%s:%d", file, f.Line)
}
