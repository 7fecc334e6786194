//samerun:allow float: a codec carries the numbers of others, and decides nothing by them
package gobwire

import (
	"bytes"
	"cmp"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unsafe"
)

// entryPool keeps scratch space for sorting the entries of one type of map.
type entryPool struct {
	keys, elems reflect.Type // slices
	pool        sync.Pool
}

// entries are the keys and elements of a map side by side, and an order on them.
type entries struct {
	keys, elems reflect.Value
	order       []int
}

func newEntryPool(m reflect.Type) *entryPool {
	return &entryPool{keys: reflect.SliceOf(m.Key()), elems: reflect.SliceOf(m.Elem())}
}

func (p *entryPool) get(n int) *entries {
	if s, _ := p.pool.Get().(*entries); s != nil && s.keys.Cap() >= n {
		s.keys, s.elems = s.keys.Slice(0, n), s.elems.Slice(0, n)
		return s
	}
	return &entries{keys: reflect.MakeSlice(p.keys, n, n), elems: reflect.MakeSlice(p.elems, n, n)}
}

// put clears the entries, so that the pool keeps nothing of the user's alive.
func (p *entryPool) put(s *entries) {
	s.keys.Clear()
	s.elems.Clear()
	p.pool.Put(s)
}

// mapping appends a map: the number of entries, and the entries sorted by key.
func (e *encoder) mapping(b []byte, n *node, p unsafe.Pointer) []byte {
	m := reflect.NewAt(n.typ, p).Elem()
	count := m.Len()
	b = appendUint(b, uint64(count))
	if count == 0 {
		return b
	}
	s := n.entries.get(count)
	it := m.MapRange() //samerun:allow maprange: the entries are sorted before they are written
	for i := 0; it.Next(); i++ {
		s.keys.Index(i).SetIterKey(it)
		s.elems.Index(i).SetIterValue(it)
	}
	keys, elems := s.keys.UnsafePointer(), s.elems.UnsafePointer()
	s.sort(n, keys, elems)
	for _, i := range s.order {
		b = e.value(b, n.key, unsafe.Add(keys, uintptr(i)*n.key.size))
		b = e.value(b, n.elem, unsafe.Add(elems, uintptr(i)*n.elem.size))
	}
	n.entries.put(s)
	return b
}

// sort puts the order of the keys into s.order: false before true, numbers and strings by value, and everything
// else by its encoded bytes.
func (s *entries) sort(n *node, keys, elems unsafe.Pointer) {
	count := s.keys.Len()
	s.order = s.order[:0]
	for i := range count {
		s.order = append(s.order, i)
	}
	if count == 1 {
		return
	}
	k := n.key
	switch k.code {
	case opBool, opUint8:
		sortBy(s.order, unsafe.Slice((*uint8)(keys), count))
	case opInt:
		sortBy(s.order, unsafe.Slice((*int)(keys), count))
	case opInt8:
		sortBy(s.order, unsafe.Slice((*int8)(keys), count))
	case opInt16:
		sortBy(s.order, unsafe.Slice((*int16)(keys), count))
	case opInt32:
		sortBy(s.order, unsafe.Slice((*int32)(keys), count))
	case opInt64:
		sortBy(s.order, unsafe.Slice((*int64)(keys), count))
	case opUint, opUintptr:
		sortBy(s.order, unsafe.Slice((*uint)(keys), count))
	case opUint16:
		sortBy(s.order, unsafe.Slice((*uint16)(keys), count))
	case opUint32:
		sortBy(s.order, unsafe.Slice((*uint32)(keys), count))
	case opUint64:
		sortBy(s.order, unsafe.Slice((*uint64)(keys), count))
	case opString:
		strs := unsafe.Slice((*string)(keys), count)
		slices.SortFunc(s.order, func(i, j int) int { return strings.Compare(strs[i], strs[j]) })
	default:
		s.sortByBytes(n, keys, elems)
	}
}

func sortBy[K cmp.Ordered](order []int, keys []K) {
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(keys[i], keys[j]) })
}

// sortByBytes encodes each entry on its own. Floats come by value first, and NaNs before all others. Keys that
// encode alike, such as two pointers to equal values, or two NaNs, are told apart by their elements.
func (s *entries) sortByBytes(n *node, keys, elems unsafe.Pointer) {
	type entry struct {
		rank      int64
		key, elem []byte
	}
	all := make([]entry, s.keys.Len())
	for i := range all {
		key := unsafe.Add(keys, uintptr(i)*n.key.size)
		var scratch encoder
		scratch.state = emptyStream
		all[i].key = scratch.end(scratch.value(scratch.begin(nil), n.key, key))
		scratch.state = emptyStream
		all[i].elem = scratch.end(scratch.value(scratch.begin(nil), n.elem, unsafe.Add(elems, uintptr(i)*n.elem.size)))
		switch n.key.code {
		case opFloat32:
			all[i].rank = floatRank(float64(*(*float32)(key)))
		case opFloat64:
			all[i].rank = floatRank(*(*float64)(key))
		}
	}
	slices.SortFunc(s.order, func(i, j int) int {
		a, b := &all[i], &all[j]
		return cmp.Or(cmp.Compare(a.rank, b.rank), bytes.Compare(a.key, b.key), bytes.Compare(a.elem, b.elem))
	})
}

// floatRank maps floats to integers in the same order, and all NaNs to the lowest.
func floatRank(f float64) int64 {
	const infinity = 0x7ff << 52
	bits := int64(math.Float64bits(f))
	switch {
	case bits&math.MaxInt64 > infinity:
		return math.MinInt64
	case bits < 0:
		return -(bits & math.MaxInt64)
	}
	return bits
}
