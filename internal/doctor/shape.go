package doctor

import (
	"debug/dwarf"
	"errors"
	"slices"
	"strings"
)

// shaper finds out what types are made of.
type shaper struct {
	data  *dwarf.Data
	order order
	ptr   int // size of a pointer
	err   error

	packages []string // whose types are looked into
	nodes    map[string]dwarf.Offset
	flats    map[dwarf.Offset]*flat
	shapes   []*flat
	indexes  map[dwarf.Offset]int
	plain    map[uint64]int // shapes that lead nowhere, by size
	maps     []uint64       // the row about maps, when there is one
}

func newShaper(data *dwarf.Data, o order, packages []string) *shaper {
	return &shaper{data: data, order: o, ptr: 8, packages: packages, nodes: make(map[string]dwarf.Offset),
		flats: make(map[dwarf.Offset]*flat), indexes: make(map[dwarf.Offset]int), plain: make(map[uint64]int)}
}

// flat is a type without the types inside of it: how large it is, the size of the numbers
// that it is made of, 1 if they have several sizes, and where it leads to others.
type flat struct {
	size, grain uint64
	refs        []ref
}

// ref is something in a type that leads on. The kinds are those of the runtime.
type ref struct {
	kind     uint64
	at       uint64
	to, also dwarf.Offset
	count    uint64
}

const (
	toOne = iota
	toSlice
	toMap
	toInterface
	toAny
	toNode
	hasRow
)

// leading is how far one goes into a type of a package.
type leading int

const (
	on      leading = iota // to where it leads
	itself                 // to it, and no further
	nothing                // not to it
)

// Packages of the standard library that keep what programs give them, and those whose
// things change on behalf of whoever uses them, or are the simulation's own.
var (
	keepers  = []string{"bufio", "bytes", "container/list", "container/ring", "expvar", "flag", "internal/sync", "log", "math/big", "math/rand", "math/rand/v2", "strings", "sync", "sync/atomic"}
	changing = []string{"context", "internal/poll", "net", "os", "reflect", "runtime", "syscall", "testing", "time"}
)

// leaves says how far one goes into a type, by its name.
func (s *shaper) leaves(name string) leading {
	if i := strings.IndexAny(name, "*[({< "); i == 0 || i > 0 && name[i] != '[' {
		return on // a type without a name of its own, or one that the linker has made for a map
	}
	name, _, _ = strings.Cut(name, "[")
	slash := strings.LastIndex(name, "/") + 1
	dot := strings.LastIndex(name[slash:], ".")
	if dot < 0 {
		return on // int, map, func
	}
	path := strings.ReplaceAll(name[:slash+dot], "%2e", ".")
	switch {
	case slices.Contains(s.packages, path) || slices.Contains(keepers, path):
		return on
	case isSamerun(path) || slices.Contains(changing, path):
		return nothing
	}
	return itself
}

// isSamerun reports whether a package is one of samerun's own, whose variables and things are no
// program's.
func isSamerun(path string) bool {
	rest, ok := strings.CutPrefix(path, "samerun/")
	first, _, _ := strings.Cut(rest, "/")
	return ok && slices.Contains([]string{"clock", "cmd", "internal", "labrpc", "proptest", "sched", "sim"}, first)
}

// entry reads the entry at an offset, and its children.
func (s *shaper) entry(off dwarf.Offset) (e *dwarf.Entry, children []*dwarf.Entry) {
	r := s.data.Reader()
	r.Seek(off)
	e, err := r.Next()
	if err == nil && e == nil {
		err = errors.New("it ends too early")
	}
	for err == nil && e.Children {
		var c *dwarf.Entry
		if c, err = r.Next(); err != nil || c == nil || c.Tag == 0 {
			break
		}
		r.SkipChildren()
		children = append(children, c)
	}
	if err != nil {
		s.err = err
		return &dwarf.Entry{}, nil
	}
	return e, children
}

func nameOf(e *dwarf.Entry) string { name, _ := e.Val(dwarf.AttrName).(string); return name }

func typeOf(e *dwarf.Entry) dwarf.Offset {
	typ, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
	return typ
}

func number(e *dwarf.Entry, attr dwarf.Attr) uint64 {
	n, _ := e.Val(attr).(int64)
	return uint64(n)
}

// Kinds of types, as package reflect has them.
const (
	kindArray         = 17
	kindChan          = 18
	kindFunc          = 19
	kindInterface     = 20
	kindMap           = 21
	kindPointer       = 22
	kindSlice         = 23
	kindString        = 24
	kindStruct        = 25
	kindUnsafePointer = 26
)

// flat says what a type is made of.
func (s *shaper) flat(off dwarf.Offset) *flat {
	if f := s.flats[off]; f != nil {
		return f
	}
	f := &flat{}
	s.flats[off] = f
	e, children := s.entry(off)
	ptr, kind := uint64(s.ptr), number(e, attrKind)
	word := func(words uint64, refs ...ref) { *f = flat{words * ptr, ptr, refs} }
	switch {
	case kind == kindMap:
		word(1)
		if group := s.mapGroup(typeOf(e)); group != 0 {
			f.refs = []ref{{kind: toMap, to: group}}
		}
	case kind == kindChan:
		p, _ := s.entry(typeOf(e))
		word(1, ref{kind: toOne, to: typeOf(p), count: 1})
	case kind == kindInterface:
		word(2, ref{kind: toInterface})
		if t, _ := s.entry(typeOf(e)); nameOf(t) == "runtime.eface" {
			f.refs[0].kind = toAny
		}
	case kind == kindSlice:
		word(3)
		if elem, ok := e.Val(attrElem).(dwarf.Offset); ok {
			f.refs = []ref{{kind: toSlice, to: elem}}
		}
	case kind == kindString:
		word(2)
	case e.Tag == dwarf.TagPointerType:
		word(1)
		f.refs = s.pointer(typeOf(e))
	case e.Tag == dwarf.TagSubroutineType:
		word(1)
	case e.Tag == dwarf.TagTypedef:
		*f = *s.flat(typeOf(e))
	case e.Tag == dwarf.TagArrayType:
		s.array(f, e, children)
	case e.Tag == dwarf.TagStructType:
		s.structure(f, e, children)
	default:
		size := number(e, dwarf.AttrByteSize)
		*f = flat{size: size, grain: size}
		if kind == 15 || kind == 16 { // complex numbers are two
			f.grain = size / 2
		}
	}
	if s.leaves(nameOf(e)) != on {
		f.refs = nil
	}
	return f
}

// direct reports whether an interface holds a value of a type itself, and not its address.
func (s *shaper) direct(off dwarf.Offset) bool {
	e, children := s.entry(off)
	switch kind := number(e, attrKind); {
	case kind == kindPointer || kind == kindMap || kind == kindChan || kind == kindFunc || kind == kindUnsafePointer:
		return true
	case s.flat(off).size != uint64(s.ptr):
		return false
	case kind == kindStruct && len(children) == 1:
		return s.direct(typeOf(children[0]))
	case kind == kindArray && len(children) == 1 && number(children[0], dwarf.AttrCount) == 1:
		return s.direct(typeOf(e))
	}
	return false
}

// pointer is what a pointer to a type leads to.
func (s *shaper) pointer(to dwarf.Offset) []ref {
	if to == 0 {
		return nil
	}
	e, _ := s.entry(to)
	name := nameOf(e)
	if e.Tag == dwarf.TagSubroutineType || s.leaves(name) == nothing {
		return nil
	}
	if args, ok := strings.CutPrefix(name, "internal/sync.node["); ok {
		indirect, entry := s.nodes["internal/sync.indirect["+args], s.nodes["internal/sync.entry["+args]
		if indirect != 0 && entry != 0 {
			return []ref{{kind: toNode, to: indirect, also: entry}}
		}
	}
	return []ref{{kind: toOne, to: to}}
}

// array flattens an array.
func (s *shaper) array(f *flat, e *dwarf.Entry, children []*dwarf.Entry) {
	elem := s.flat(typeOf(e))
	n := uint64(0)
	for _, c := range children {
		n = number(c, dwarf.AttrCount)
	}
	*f = flat{size: elem.size * n, grain: max(elem.grain, 1)}
	if len(elem.refs) > 0 && n > 0 {
		f.refs = []ref{{kind: hasRow, to: typeOf(e), count: n}}
	}
}

// structure flattens a struct.
func (s *shaper) structure(f *flat, e *dwarf.Entry, fields []*dwarf.Entry) {
	f.size = number(e, dwarf.AttrByteSize)
	for _, c := range fields {
		field, at := s.flat(typeOf(c)), number(c, dwarf.AttrDataMemberLoc)
		switch {
		case field.size == 0:
		case f.grain == 0:
			f.grain = field.grain
		case f.grain != field.grain:
			f.grain = 1
		}
		for _, r := range field.refs {
			r.at += at
			f.refs = append(f.refs, r)
		}
	}
	f.grain = max(f.grain, 1)
	if strings.HasPrefix(nameOf(e), "sync/atomic.Pointer[") && len(fields) > 0 {
		// Its first field, an array of none, says what the pointer in its last one points to.
		array, _ := s.entry(typeOf(fields[0]))
		if p, _ := s.entry(typeOf(array)); p.Tag == dwarf.TagPointerType {
			f.refs = s.pointer(typeOf(p))
		}
	}
}

// mapGroup returns the type of the groups of a map, which is a pointer to the struct that the linker has made
// for it, and learns what is where in maps.
func (s *shaper) mapGroup(pointer dwarf.Offset) dwarf.Offset {
	member := func(off dwarf.Offset, name string) (typ dwarf.Offset, at uint64) {
		e, fields := s.entry(off)
		if e.Tag == dwarf.TagTypedef {
			_, fields = s.entry(typeOf(e))
		}
		for _, c := range fields {
			if nameOf(c) == name {
				return typeOf(c), number(c, dwarf.AttrDataMemberLoc)
			}
		}
		return 0, 0
	}
	target := func(off dwarf.Offset) dwarf.Offset { e, _ := s.entry(off); return typeOf(e) }
	header := target(pointer)
	dir, dirAt := member(header, "dirPtr")
	_, lenAt := member(header, "dirLen")
	if dir == 0 {
		return 0 // another kind of maps: GOEXPERIMENT=noswissmap
	}
	table := target(target(dir))
	groups, groupsAt := member(table, "groups")
	data, dataAt := member(groups, "data")
	_, maskAt := member(groups, "lengthMask")
	if data == 0 {
		return 0
	}
	if s.maps == nil {
		s.maps = []uint64{dirAt, lenAt, groupsAt + dataAt, groupsAt + maskAt,
			uint64(s.plainShape(s.flat(header).size)), uint64(s.plainShape(s.flat(table).size))}
	}
	return target(data)
}

// plainShape is a shape of so many bytes that leads nowhere.
func (s *shaper) plainShape(size uint64) int {
	i, ok := s.plain[size]
	if !ok {
		i = len(s.shapes)
		s.plain[size] = i
		s.shapes = append(s.shapes, &flat{size: size, grain: 1})
	}
	return i
}

// index is the place of a type's shape among all.
func (s *shaper) index(off dwarf.Offset) int {
	i, ok := s.indexes[off]
	if !ok {
		f := s.flat(off)
		if len(f.refs) == 0 && f.grain == 1 {
			i = s.plainShape(f.size)
		} else {
			i = len(s.shapes)
			s.shapes = append(s.shapes, f)
		}
		s.indexes[off] = i
	}
	return i
}

// write appends the tables to a layout.
func (s *shaper) write(l *layout, types []runtimeType) {
	var rows []uint64
	for _, t := range types {
		direct := uint64(0)
		if t.direct {
			direct = 1
		}
		rows = append(rows, t.offset, uint64(s.index(t.typ)), direct)
	}
	var shapes, refs []uint64
	for i := 0; i < len(s.shapes); i++ { // there come more, those to which they lead
		f := s.shapes[i]
		shapes = append(shapes, f.size, max(f.grain, 1), uint64(len(refs)/4), uint64(len(f.refs)))
		for _, r := range f.refs {
			to, more := 0, r.count
			if r.kind == toOne && r.count == 1 { // a channel: its words, and no further
				to = s.plainShape(s.flat(r.to).size)
			} else if r.to != 0 {
				to = s.index(r.to)
			}
			if r.also != 0 {
				more = uint64(s.index(r.also))
			}
			refs = append(refs, r.kind, r.at, uint64(to), more)
		}
	}
	table := func(columns int, words []uint64) {
		l.words = append(append(l.words, uint64(len(words)/columns)), words...)
	}
	table(6, s.maps)
	table(4, shapes)
	table(4, refs)
	table(3, rows)
	var vars []uint64
	for _, v := range l.vars {
		vars = append(vars, v.addr, uint64(v.shape))
	}
	table(2, vars)
}
