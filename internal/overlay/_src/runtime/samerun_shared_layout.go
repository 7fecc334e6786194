package runtime

import (
	"internal/goarch"
	"unsafe"
)

// samerunLayout says where the variables are that are watched, and how they and what
// they lead to are made: tables of words, which the tool has made from what the
// compiler left in the test binary for debuggers (internal/doctor/layout.go there).
type samerunLayout struct {
	maps   samerunRows // one row: in a map, where the directory is and its length; in a table of one, where its groups are and their mask; the sizes of both, as shapes
	shapes samerunRows // size, grain, the first of its references, and how many
	refs   samerunRows // kind, offset, shape, and another number
	types  samerunRows // type of the runtime, from the first one on; shape; 1 if an interface holds the value itself. Sorted
	vars   samerunRows // address, shape
}

var samerunSharedLayout samerunLayout

// samerunRows has rows of equal length.
type samerunRows struct {
	words  []uintptr
	n, row int
}

func (t *samerunRows) at(row, column int) uintptr { return t.words[row*t.row+column] }

// What a shape has at an offset that leads on.
const (
	samerunToOne       = iota // a pointer to a shape
	samerunToSlice            // a slice of it
	samerunToMap              // a map, whose groups have the shape
	samerunToInterface        // an interface with methods
	samerunToAny              // one without
	samerunToNode             // a pointer to a node of internal/sync.HashTrieMap: to a shape, or if its first byte is 1, to the other one
	samerunHasRow             // no pointer: so many of the shape, in a row
	samerunRefKinds
)

// read takes the words over: how far the program lies from where the linker has put it is
// told by the first one; the second is where the linker has put the types. Then come
// the tables, each behind the number of its rows.
func (l *samerunLayout) read(words []uintptr) (problem string) {
	const short = "it is not complete"
	if len(words) < 2 {
		return short
	}
	slide := firstmoduledata.noptrdata - words[0]
	if firstmoduledata.types != words[1]+slide {
		return "it is of another binary"
	}
	words = words[2:]
	for i, t := range [...]*samerunRows{&l.maps, &l.shapes, &l.refs, &l.types, &l.vars} {
		row := [...]int{6, 4, 4, 3, 2}[i]
		if len(words) == 0 || words[0] > uintptr(len(words)-1)/uintptr(row) {
			return short
		}
		n := int(words[0])
		*t = samerunRows{words[1 : 1+n*row], n, row}
		words = words[1+n*row:]
	}
	shape := func(i uintptr) bool { return i < uintptr(l.shapes.n) }
	good := len(words) == 0 && l.maps.n <= 1
	for i := range l.maps.n {
		good = good && shape(l.maps.at(i, 4)) && shape(l.maps.at(i, 5))
	}
	for i := range l.shapes.n {
		first, n := l.shapes.at(i, 2), l.shapes.at(i, 3)
		good = good && l.shapes.at(i, 1) > 0 && first <= uintptr(l.refs.n) && n <= uintptr(l.refs.n)-first
	}
	for i := range l.refs.n {
		kind := l.refs.at(i, 0)
		good = good && kind < samerunRefKinds && shape(l.refs.at(i, 2)) && (kind != samerunToNode || shape(l.refs.at(i, 3))) && (kind != samerunToMap || l.maps.n > 0)
	}
	for i := range l.types.n {
		good = good && shape(l.types.at(i, 1)) && (i == 0 || l.types.at(i-1, 0) < l.types.at(i, 0))
	}
	if !good {
		return "it makes no sense"
	}
	for i := range l.vars.n {
		addr := l.vars.at(i, 0) + slide
		if !shape(l.vars.at(i, 1)) || samerunExtent(addr) < l.shapes.at(int(l.vars.at(i, 1)), 0) || spanOfHeap(addr) != nil {
			return "it has a variable where none is"
		}
		l.vars.words[i*l.vars.row] = addr
	}
	return ""
}

// samerunRowsDeep is how deep rows lie in each other at most: arrays of structs that have arrays.
const samerunRowsDeep = 6

// follow goes where a thing of a shape leads. size is how much of it there is.
func (l *samerunLayout) follow(addr, size uintptr, shape, variable uint32, deep int) {
	first := int(l.shapes.at(int(shape), 2))
	for i := first; i < first+int(l.shapes.at(int(shape), 3)); i++ {
		at, to, more := l.refs.at(i, 1), uint32(l.refs.at(i, 2)), l.refs.at(i, 3)
		kind := l.refs.at(i, 0)
		if kind == samerunHasRow {
			each := l.shapes.at(int(to), 0)
			for ; more > 0 && each > 0 && deep < samerunRowsDeep && at+each <= size; more-- {
				l.follow(addr+at, each, to, variable, deep+1)
				at += each
			}
			continue
		}
		words := uintptr(1)
		switch kind {
		case samerunToSlice:
			words = 3
		case samerunToInterface, samerunToAny:
			words = 2
		}
		if at+words*goarch.PtrSize > size {
			continue
		}
		word := func(i uintptr) uintptr { return *(*uintptr)(unsafe.Pointer(addr + at + i*goarch.PtrSize)) }
		p := word(0)
		if p == 0 {
			continue
		}
		switch kind {
		case samerunToOne:
			l.reach(p, to, 1, variable, false)
		case samerunToSlice:
			l.reach(p, to, word(2), variable, false)
		case samerunToMap:
			l.intoMap(p, to, variable)
		case samerunToNode:
			if samerunExtent(p) > 0 && *(*byte)(unsafe.Pointer(p)) == 1 {
				to = uint32(more)
			}
			l.reach(p, to, 1, variable, false)
		case samerunToInterface:
			// The type is the second word of a table of methods.
			l.intoInterface(*(*uintptr)(unsafe.Pointer(p + goarch.PtrSize)), addr+at+goarch.PtrSize, variable, deep)
		case samerunToAny:
			l.intoInterface(p, addr+at+goarch.PtrSize, variable, deep)
		}
	}
}

// intoInterface goes where an interface leads that holds a value of a type of the runtime; at
// is where it has it, or the address.
func (l *samerunLayout) intoInterface(typ, at uintptr, variable uint32, deep int) {
	off := typ - firstmoduledata.types
	lo, hi := 0, l.types.n
	for lo < hi {
		if mid := (lo + hi) / 2; l.types.at(mid, 0) < off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == l.types.n || l.types.at(lo, 0) != off {
		return
	}
	shape := uint32(l.types.at(lo, 1))
	switch {
	case l.types.at(lo, 2) == 0:
		l.reach(*(*uintptr)(unsafe.Pointer(at)), shape, 1, variable, false)
	case deep < samerunRowsDeep:
		l.follow(at, goarch.PtrSize, shape, variable, deep+1)
	}
}

// intoMap goes into a map: to its groups, of which there is one, or a directory of tables that have
// many.
func (l *samerunLayout) intoMap(m uintptr, group, variable uint32) {
	header, table := uint32(l.maps.at(0, 4)), uint32(l.maps.at(0, 5))
	if samerunExtent(m) < l.shapes.at(int(header), 0) {
		return
	}
	l.reach(m, header, 1, variable, false)
	dir, n := samerunSharedWord(m+l.maps.at(0, 0)), samerunSharedWord(m+l.maps.at(0, 1))
	if n == 0 {
		l.reach(dir, group, 1, variable, false)
		return
	}
	for i := range min(n, samerunExtent(dir)/goarch.PtrSize) {
		t := samerunSharedWord(dir + i*goarch.PtrSize)
		if samerunExtent(t) < l.shapes.at(int(table), 0) {
			continue
		}
		l.reach(t, table, 1, variable, false)
		l.reach(samerunSharedWord(t+l.maps.at(0, 2)), group, samerunSharedWord(t+l.maps.at(0, 3))+1, variable, false)
	}
}
