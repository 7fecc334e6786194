package mutate

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Mutation is one entry of a list. The zero value is none.
//
// Invariant of those that Read returns: all but Run, Equivalent and Survives are
// set, except that After may be empty; Before and After consist of whole lines.
type Mutation struct {
	Area  string   // the list that it stands in: sched for sched.txt
	Name  string   // unique in the list
	Place string   // file and line of the entry, for messages
	Break string   // what it breaks, in a few words
	File  string   // the file that it changes, from the root of the module, with slashes
	Tests []string // the packages whose tests ought to notice, in the order in which they are run
	Run   string   // the pattern for go test -run; empty for all tests

	Equivalent string // why no test can notice; empty for the others
	Survives   string // why no test notices it yet; empty for the others

	Before, After string
}

// String returns area and name, as the command takes and prints them.
func (m Mutation) String() string { return m.Area + "/" + m.Name }

// Read reads all lists of a folder, in the order of their names. The error names
// the file and the line.
func Read(dir string) ([]Mutation, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the folder %s has no lists of mutations (*.txt)", dir)
	}
	var all []Mutation
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list, err := parse(filepath.Base(name), string(data))
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// parse reads one list.
func parse(name, text string) ([]Mutation, error) {
	p := &parser{name: name, area: strings.TrimSuffix(name, ".txt"), seen: map[string]bool{}}
	for line := range strings.Lines(text) {
		p.line++
		if err := p.take(line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, p.line, err)
		}
	}
	if p.now != nil {
		return nil, fmt.Errorf("%s:%d: the mutation %q does not end; it needs --- before, --- after and --- lines", name, p.line, p.now.Name)
	}
	return p.list, nil
}

// parser reads a list line by line.
//
// Invariant: now is the entry that is being read, nil between two of them; into is
// where lines of code go, nil among the fields.
type parser struct {
	name, area string
	line       int
	seen       map[string]bool
	now        *Mutation
	into       *string
	list       []Mutation
}

func (p *parser) take(line string) error {
	bare := strings.TrimRight(line, " \t\r\n")
	switch {
	case bare == "--- before" && p.now != nil && p.into == nil:
		p.into = &p.now.Before
		return nil
	case bare == "--- after" && p.now != nil && p.into == &p.now.Before:
		p.into = &p.now.After
		return nil
	case bare == "---" && p.now != nil && p.into == &p.now.After:
		return p.end()
	case strings.HasPrefix(bare, "--- ") || bare == "---":
		return fmt.Errorf("the line %q is not expected here; an entry is its fields, --- before, lines, --- after, lines, ---", bare)
	case p.into != nil:
		*p.into += strings.TrimRight(line, "\r\n") + "\n"
		return nil
	case bare == "" || strings.HasPrefix(bare, "#"):
		return nil
	}
	return p.field(bare)
}

func (p *parser) field(line string) error {
	key, value, ok := strings.Cut(line, ": ")
	if value = strings.TrimSpace(value); !ok || value == "" {
		return fmt.Errorf("the line %q is no field; write it as \"name: value\"", line)
	}
	if key == "mutation" {
		if p.now != nil {
			return fmt.Errorf("the mutation %q begins before %q has ended", value, p.now.Name)
		}
		if p.seen[value] {
			return fmt.Errorf("a second mutation is named %q", value)
		}
		p.seen[value] = true
		p.now = &Mutation{Area: p.area, Name: value, Place: fmt.Sprintf("%s:%d", p.name, p.line)}
		return nil
	}
	if p.now == nil {
		return fmt.Errorf("the field %q belongs to no mutation; an entry begins with \"mutation: NAME\"", key)
	}
	to := map[string]*string{
		"breaks": &p.now.Break, "file": &p.now.File, "run": &p.now.Run,
		"equivalent": &p.now.Equivalent, "survives": &p.now.Survives,
	}[key]
	switch {
	case key == "tests" && p.now.Tests == nil:
		p.now.Tests = strings.Fields(value)
	case to == nil && key != "tests":
		return fmt.Errorf("there is no field %q; there are mutation, breaks, file, tests, run, equivalent and survives", key)
	case to == nil || *to != "":
		return fmt.Errorf("the field %q stands twice in the mutation %q", key, p.now.Name)
	default:
		*to = value
	}
	return nil
}

// end checks the entry that is complete and keeps it.
func (p *parser) end() error {
	m := *p.now
	p.now, p.into = nil, nil
	switch {
	case m.Break == "" || m.File == "" || m.Tests == nil:
		return fmt.Errorf("the mutation %q needs the fields breaks, file and tests", m.Name)
	case path.Clean(m.File) != m.File || path.IsAbs(m.File) || strings.HasPrefix(m.File, "../"):
		return fmt.Errorf("the file %q of the mutation %q is not named from the root of the module", m.File, m.Name)
	case m.Before == "":
		return fmt.Errorf("the mutation %q changes nothing: there are no lines before", m.Name)
	case m.Before == m.After:
		return fmt.Errorf("the mutation %q changes nothing: before and after are the same", m.Name)
	case m.Equivalent != "" && m.Survives != "":
		return fmt.Errorf("the mutation %q is equivalent and survives; the one excludes the other", m.Name)
	}
	p.list = append(p.list, m)
	return nil
}

// Apply returns the text of the file with the mutation. It is an error if the lines
// do not occur exactly once: the code has changed, and the entry must follow.
func (m Mutation) Apply(text string) (string, error) {
	// With a line feed in front, lines match whole lines only.
	all, before := "\n"+text, "\n"+m.Before
	n, at := 0, 0
	for from := 0; ; n++ {
		// Two places may share a line feed, so that strings.Count would miss one.
		i := strings.Index(all[from:], before)
		if i < 0 {
			break
		}
		at = from + i
		from = at + 1
	}
	if n != 1 {
		return "", fmt.Errorf("%s no longer applies: its lines before occur %d times in %s instead of once; make the entry at %s say what the code says now", m, n, m.File, m.Place)
	}
	return (all[:at] + "\n" + m.After + all[at+len(before):])[1:], nil
}

// Check says of each mutation that does not apply to the module at root why not.
func Check(root string, list []Mutation) error {
	var errs []error
	for _, m := range list {
		if _, err := m.mutated(root); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// mutated returns the text of the changed file.
func (m Mutation) mutated(root string) (string, error) {
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.File)))
	if err != nil {
		return "", fmt.Errorf("%s no longer applies: %w", m, err)
	}
	return m.Apply(string(data))
}
