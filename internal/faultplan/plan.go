package faultplan

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"samerun/internal/keyed"
	"samerun/internal/safefile"
	"samerun/internal/text"
	"samerun/sim/fault"
)

// Plan is what -faults asks for. It is read once and never changed.
type Plan struct {
	// What is the word or the file, as it was typed.
	What string
	// Path is that of the file, absolute; empty for a preset.
	Path string
	// Horizon, if positive, is the time in which faults begin, whatever a test takes.
	Horizon time.Duration

	plan fault.Plan
	file *fault.Schedule // nil for a preset
}

// Given is the schedule of one test of a process.
type Given struct {
	Test     string
	Schedule fault.Schedule
}

// maxFile bounds what is read as a schedule.
const maxFile = 64 << 20

// Read reads what -faults says: a preset, swarm, or the path of a schedule file. path makes
// a path absolute. The error is one sentence.
func Read(what string, path func(string) string) (*Plan, error) {
	if plan, ok := fault.ForSockets(what); ok {
		return &Plan{What: what, plan: plan}, nil
	}
	if what == Disk {
		return &Plan{What: what, plan: fault.ForFiles()}, nil
	}
	words := append(fault.SocketPresets(), Disk)
	if what == "" {
		return nil, fmt.Errorf("-faults wants a preset (%s) or a schedule file", orList(words))
	}
	if info, err := os.Stat(path(what)); err != nil && !strings.ContainsAny(what, `./\`) {
		return nil, fmt.Errorf("-faults %s: there is no such preset, and no file of that name; say %s, or name a schedule file", text.Line(what), orList(words))
	} else if err == nil && info.IsDir() {
		return nil, fmt.Errorf("-faults %s: it is a folder; name a schedule file, or say %s", text.Line(what), orList(words))
	}
	data, err := safefile.Read(path(what), maxFile)
	if err != nil {
		return nil, fmt.Errorf("-faults %s: the file cannot be read: %w", text.Line(what), err)
	}
	s, err := fault.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("-faults %s: it is no schedule: %w; docs/faults.md has the form", text.Line(what), err)
	}
	if err := Check(s); err != nil {
		return nil, fmt.Errorf("-faults %s: %w", text.Line(what), err)
	}
	return &Plan{What: what, Path: path(what), plan: s, file: &s}, nil
}

// Disk is the preset for files.
const Disk = "disk"

// Check refuses a schedule that sockets without nodes, and a disk that does not crash, can make
// nothing of.
func Check(s fault.Schedule) error {
	for i := range s.Faults {
		f := &s.Faults[i]
		info, _ := f.Kind.Info()
		if info.Group == fault.Disks {
			if err := checkDisk(f, info); err != nil {
				return fmt.Errorf("faults[%d] is %s, %w", i, f.Kind, err)
			}
			continue
		}
		if !info.ForSockets() {
			return fmt.Errorf("faults[%d] is a %s, which befalls %s, and sockets of ordinary Go have none; the kinds that they have are %s", i, f.Kind, befalls(info.Group), kinds())
		}
		for _, name := range slices.Concat(f.From, f.To, f.Nodes) {
			if name[0] == '@' || name[0] == '%' {
				return fmt.Errorf("faults[%d] names %q, and ordinary Go has no roles and domains; say \"*\", a listener, an address or a test", i, name)
			}
		}
		if _, err := Rules(f, s.Quiet); err != nil {
			return fmt.Errorf("faults[%d], %s: %w", i, f.Kind, err)
		}
	}
	return nil
}

// checkDisk refuses an element of disks that a test of ordinary Go can make nothing of.
func checkDisk(f *fault.Fault, info fault.Info) error {
	switch {
	case !info.ForFiles():
		return fmt.Errorf("which is about a crash, and a test of ordinary Go is a process that does not crash; the kinds of disks that it has are %s", text.And(words(fault.Info.ForFiles)))
	case len(f.Nodes) != 1 || f.Nodes[0] != "*":
		return fmt.Errorf("and a test of ordinary Go has one disk, which is its temporary folder: nodes is [\"*\"]")
	}
	return nil
}

// befalls is what a group is about, in the plural.
func befalls(g fault.Group) string {
	switch g {
	case fault.Partitions:
		return "nodes"
	}
	return string(g)
}

// kinds lists the kinds that sockets have.
func kinds() string { return text.And(words(fault.Info.ForSockets)) }

// words are the kinds that something is true of.
func words(of func(fault.Info) bool) (list []string) {
	for _, info := range fault.Kinds() {
		if of(info) {
			list = append(list, string(info.Kind))
		}
	}
	return list
}

func orList(words []string) string {
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// IsFile reports whether each test has the same schedule, that of a file.
func (p *Plan) IsFile() bool { return p.file != nil }

// Names are the names that a file uses, sorted, each once; nil for a preset.
func (p *Plan) Names() (names []string) {
	if p.file == nil {
		return nil
	}
	for i := range p.file.Faults {
		for _, name := range slices.Concat(p.file.Faults[i].From, p.file.Faults[i].To, p.file.Faults[i].Nodes) {
			if name != "*" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Mentions returns the first element of a file that uses a name, and its place.
func (p *Plan) Mentions(name string) (f fault.Fault, i int) {
	i = slices.IndexFunc(p.file.Faults, func(f fault.Fault) bool {
		return slices.Contains(f.From, name) || slices.Contains(f.To, name) || slices.Contains(f.Nodes, name)
	})
	return p.file.Faults[i], i
}

// Unknown is the time in which faults begin of a test of which no calm run is known.
const Unknown = time.Second

// Of returns the schedule of a test at a seed. calm is how long the test takes in the calm
// run, 0 if that is not known; listeners are the names of those that it had there.
func (p *Plan) Of(test string, seed uint64, calm time.Duration, listeners []string) fault.Schedule {
	if seed == 0 {
		return fault.Schedule{}
	}
	switch {
	case p.Horizon > 0:
		calm = p.Horizon
	case calm <= 0:
		calm = Unknown
	}
	own := keyed.Root(seed).Str("faults of").Str(test).Uint64()
	return p.plan.Draw(max(1, own), listeners, calm)
}
