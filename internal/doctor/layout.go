package doctor

import (
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// layout is what a test process needs to know to watch the variables of packages
// (internal/overlay/_src/runtime/samerun_shared.go): where they are in the test binary, and
// what they are made of.
type layout struct {
	words []uint64 // for the process: tables of numbers
	vars  []variable
	large []variable // those that are left out, since they are so large
}

// variable is a variable of a package.
type variable struct {
	name string // as the linker has it: "import/path.name"
	at   string // file:line, as suspect.at
	own  bool   // in the module of the user
	size uint64

	addr  uint64
	shape int
}

// watchedVariables is how many bytes of variables are watched, and watchedVariable how many one may
// have. Whatever they lead to, the process has a limit for.
const (
	watchedVariables = 1 << 20
	watchedVariable  = 64 << 10
)

// errNoDebug says that a binary cannot be read.
var errNoDebug = errors.New("the test binary has no symbols or no debug information (leave -s and -w out of -ldflags)")

// readLayout reads a test binary. vars are the variables that its source has; those that the
// linker has dropped are left out. packages are those whose types are looked into.
func readLayout(file string, vars []variable, packages []string) (*layout, error) {
	bin, err := elf.Open(file)
	if err != nil {
		return nil, fmt.Errorf("the test binary is not one for Linux: %w", err)
	}
	defer bin.Close()
	data, err := bin.DWARF()
	if err != nil {
		return nil, errNoDebug
	}
	symbols, err := bin.Symbols()
	if err != nil {
		return nil, errNoDebug
	}
	begin := make(map[string]uint64)
	for _, s := range symbols {
		if s.Name == "runtime.noptrdata" || s.Name == "runtime.types" {
			begin[s.Name] = s.Value
		}
	}
	if len(begin) < 2 {
		return nil, errNoDebug
	}
	s := newShaper(data, bin.ByteOrder, packages)
	found, types, err := s.survey()
	if err != nil {
		return nil, fmt.Errorf("the debug information of the test binary cannot be read: %w", err)
	}
	l := &layout{}
	for _, v := range vars {
		at, ok := found[v.name]
		if !ok {
			continue
		}
		v.addr = at.addr
		v.shape = s.index(at.typ)
		v.size = s.flat(at.typ).size
		switch {
		case v.size > watchedVariable:
			l.large = append(l.large, v)
		case v.size > 0:
			l.vars = append(l.vars, v)
		}
	}
	// The small ones first, those of the user before others.
	slices.SortStableFunc(l.vars, func(a, b variable) int {
		switch {
		case a.own == b.own:
			return 0
		case a.own:
			return -1
		}
		return 1
	})
	total := uint64(0)
	l.vars = slices.DeleteFunc(l.vars, func(v variable) bool {
		if total+v.size > watchedVariables {
			l.large = append(l.large, v)
			return true
		}
		total += v.size
		return false
	})
	runtime := s.runtimeTypes(bin, begin["runtime.types"], types)
	if s.err != nil {
		return nil, fmt.Errorf("the debug information of the test binary cannot be read: %w", s.err)
	}
	l.words = []uint64{begin["runtime.noptrdata"], begin["runtime.types"]}
	s.write(l, runtime)
	return l, nil
}

// text is the layout as the process reads it.
func (l *layout) text() []byte {
	var b []byte
	for i, w := range l.words {
		b = strconv.AppendUint(b, w, 10)
		b = append(b, " \n"[min(i%16/15, 1)])
	}
	return append(b, '\n')
}

// runtimeType is a type that an interface can hold.
type runtimeType struct {
	offset uint64 // from the first one on
	typ    dwarf.Offset
	size   uint64
	kind   int64
	direct bool // the interface holds the value itself
}

// runtimeTypes finds the types in the binary. The debug information says how far each is from the
// first one, or from the beginning of its section: whichever it is, what stands there
// is a type of this size and kind.
func (s *shaper) runtimeTypes(bin *elf.File, first uint64, types []runtimeType) (found []runtimeType) {
	bases := []uint64{first}
	for _, sect := range bin.Sections {
		if sect.Type == elf.SHT_PROGBITS && sect.Addr != 0 && first >= sect.Addr && first < sect.Addr+sect.Size && sect.Addr != first {
			bases = append(bases, sect.Addr)
		}
	}
	read := func(addr uint64, n int) []byte {
		for _, sect := range bin.Sections {
			if sect.Type == elf.SHT_PROGBITS && addr >= sect.Addr && addr-sect.Addr+uint64(n) <= sect.Size {
				b := make([]byte, n)
				if _, err := sect.ReadAt(b, int64(addr-sect.Addr)); err == nil {
					return b
				}
			}
		}
		return nil
	}
	for i := range types {
		t := &types[i]
		t.size, t.direct = s.flat(t.typ).size, s.direct(t.typ)
	}
	for _, base := range bases {
		found = nil
		for _, t := range types {
			// Its size comes first, its kind behind two words, a hash and three bytes.
			b := read(base+t.offset, 2*s.ptr+8)
			if b == nil || s.word(b) != t.size || int64(b[2*s.ptr+7]&31) != t.kind {
				continue
			}
			t.offset += base - first
			found = append(found, t)
		}
		if len(found) > len(types)/2 {
			break
		}
	}
	slices.SortFunc(found, func(a, b runtimeType) int { return cmpUint(a.offset, b.offset) })
	return slices.CompactFunc(found, func(a, b runtimeType) bool { return a.offset == b.offset })
}

func cmpUint(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// word reads a word of the binary.
func (s *shaper) word(b []byte) uint64 {
	if s.ptr == 4 {
		return uint64(s.order.Uint32(b))
	}
	return s.order.Uint64(b)
}

// place is where a variable is, and its type.
type place struct {
	addr uint64
	typ  dwarf.Offset
}

// The attributes of Go in debug information.
const (
	attrKind    dwarf.Attr = 0x2900
	attrElem    dwarf.Attr = 0x2902
	attrRuntime dwarf.Attr = 0x2904
)

// survey goes through all that is on the first level: variables and types.
func (s *shaper) survey() (vars map[string]place, types []runtimeType, err error) {
	vars = make(map[string]place)
	r := s.data.Reader()
	for {
		e, err := r.Next()
		if e == nil || err != nil {
			return vars, types, err
		}
		if e.Tag == dwarf.TagCompileUnit {
			s.ptr = r.AddressSize()
			continue
		}
		r.SkipChildren()
		name, _ := e.Val(dwarf.AttrName).(string)
		switch {
		case e.Tag == dwarf.TagVariable:
			// The location is an operation, DW_OP_addr, and an address.
			loc, _ := e.Val(dwarf.AttrLocation).([]byte)
			typ, ok := e.Val(dwarf.AttrType).(dwarf.Offset)
			if ok && len(loc) == 1+s.ptr && loc[0] == 3 {
				vars[name] = place{s.word(loc[1:]), typ}
			}
		case strings.HasPrefix(name, "internal/sync.") && e.Tag == dwarf.TagStructType:
			s.nodes[name] = e.Offset
		}
		off, _ := e.Val(attrRuntime).(uint64)
		kind, ok := e.Val(attrKind).(int64)
		if !ok || off == 0 || s.leaves(name) == nothing {
			continue
		}
		types = append(types, runtimeType{offset: off, typ: e.Offset, kind: kind})
	}
}

// order is how words are stored.
type order = binary.ByteOrder
