package runtime

import (
	"internal/abi"
	"internal/runtime/maps"
	"internal/runtime/sys"
	"unsafe"
)

// Where things lie in memory is chance: it depends on the collector and on which
// thread asked for memory. A map whose keys are pointers would have the order of
// their addresses' hashes. Instead, the first time that an object is such a key it gets
// a word of its own, which follows the seed like everything else, and keeps it for as
// long as it lives, as a special record of the heap. The hash of a pointer is one of
// that word and of the place in the object.

// samerunHashesInit is called before the program can make a map.
func samerunHashesInit() { maps.SamerunPointers = true }

// samerunObject is the record that an object has a word. Records are not given back to
// the heap, but used again.
type samerunObject struct {
	_       sys.NotInHeap
	special special
	word    uint64
}

// samerunKindObject is the kind of these records, far from those of the runtime.
const samerunKindObject = 200

// samerunObjects finds the words again: the records of a span are a list, and long. It
// is a hash table with linear probing (Knuth, The Art of Computer Programming, volume 3,
// section 6.4, algorithms L and R), at most half full.
var samerunObjects struct {
	lock  mutex
	free  *samerunObject
	made  uint64  // words given outside of any test
	table uintptr // an array of samerunEntry outside the heap
	mask  uintptr // its length less one; 0 if there is none
	used  uintptr
}

// samerunEntry is the word of an object that lives, or all zero.
type samerunEntry struct {
	base uintptr
	word uint64
}

// samerunSlot is where the search for an object begins.
func samerunSlot(base, mask uintptr) uintptr {
	return uintptr(uint64(base)*0x9e3779b97f4a7c15>>32) & mask
}

// samerunAt is the i-th entry of a table.
func samerunAt(table, i uintptr) *samerunEntry {
	return (*samerunEntry)(unsafe.Pointer(table + i*unsafe.Sizeof(samerunEntry{})))
}

// samerunFind returns the entry of an object, or the empty one that is to be its own.
// The caller has the lock, and there is a table.
func samerunFind(base uintptr) *samerunEntry {
	l := &samerunObjects
	for i := samerunSlot(base, l.mask); ; i = (i + 1) & l.mask {
		if e := samerunAt(l.table, i); e.base == base || e.base == 0 {
			return e
		}
	}
}

// samerunKnow puts an object into the table. The caller has the lock.
func samerunKnow(base uintptr, word uint64) {
	l := &samerunObjects
	if l.used*2 >= l.mask {
		old, size := l.table, l.mask+1
		if l.mask == 0 {
			size = 0
		}
		l.mask = max(1024, 2*size) - 1
		l.table = uintptr(persistentalloc((l.mask+1)*unsafe.Sizeof(samerunEntry{}), 64, &memstats.other_sys))
		for i := range size {
			if e := samerunAt(old, i); e.base != 0 {
				*samerunFind(e.base) = *e
			}
		}
	}
	if e := samerunFind(base); e.base == 0 {
		*e = samerunEntry{base, word}
		l.used++
	}
}

// samerunForget takes an object out of the table. The caller has the lock.
func samerunForget(base uintptr) {
	l := &samerunObjects
	if l.mask == 0 || samerunFind(base).base == 0 {
		return
	}
	hole := samerunSlot(base, l.mask)
	for samerunAt(l.table, hole).base != base {
		hole = (hole + 1) & l.mask
	}
	l.used--
	for i := hole; ; {
		*samerunAt(l.table, hole) = samerunEntry{}
		for {
			i = (i + 1) & l.mask
			e := samerunAt(l.table, i)
			if e.base == 0 {
				return
			}
			// Those that cannot be found any more with the hole before them move there.
			if (i-samerunSlot(e.base, l.mask))&l.mask >= (i-hole)&l.mask {
				*samerunAt(l.table, hole) = *e
				hole = i
				break
			}
		}
	}
}

// samerunMapHash is the hash of a key of a map whose type has pointers in it. It is that
// of typehash but for them.
//
//go:linkname samerunMapHash internal/runtime/maps.samerunMapHash
func samerunMapHash(t *_type, p unsafe.Pointer, h uintptr) uintptr {
	if t.PtrBytes == 0 {
		return typehash(t, p, h)
	}
	switch t.Kind() {
	case abi.Pointer, abi.UnsafePointer, abi.Chan:
		return samerunPointerHash(*(*unsafe.Pointer)(p), h)
	case abi.Interface:
		e := efaceOf((*any)(p))
		dynamic := e._type
		if len((*interfacetype)(unsafe.Pointer(t)).Methods) > 0 {
			i := (*iface)(p)
			if i.tab == nil {
				return h
			}
			dynamic = i.tab.Type
		}
		switch {
		case dynamic == nil:
			return h
		case dynamic.Equal == nil:
			panic(errorString("hash of unhashable type " + toRType(dynamic).string()))
		case dynamic.IsDirectIface():
			return samerunMapHash(dynamic, unsafe.Pointer(&e.data), h^samerunInterface)
		}
		return samerunMapHash(dynamic, e.data, h^samerunInterface)
	case abi.Array:
		a := (*arraytype)(unsafe.Pointer(t))
		for i := uintptr(0); i < a.Len; i++ {
			h = samerunMapHash(a.Elem, add(p, i*a.Elem.Size_), h)
		}
		return h
	case abi.Struct:
		for _, f := range (*structtype)(unsafe.Pointer(t)).Fields {
			if !f.Name.IsBlank() {
				h = samerunMapHash(f.Typ, add(p, f.Offset), h)
			}
		}
		return h
	}
	return typehash(t, p, h)
}

const samerunInterface = 0x5bd1e995

//go:linkname samerunSyncHash internal/sync.samerunMapHash
func samerunSyncHash(t *_type, p unsafe.Pointer, h uintptr) uintptr { return samerunMapHash(t, p, h) }

//go:linkname samerunSyncSeeded internal/sync.samerunSeeded
func samerunSyncSeeded() bool { return samerunCfg.on }

// samerunPointerHash is the hash of a pointer.
func samerunPointerHash(p unsafe.Pointer, h uintptr) uintptr {
	x := uintptr(p)
	span := spanOfHeap(x)
	if span == nil {
		// Of a variable of the program, or nil.
		if x != 0 {
			x -= firstmoduledata.text
		}
		return uintptr(samerunMix(uint64(h), uint64(x)))
	}
	// Small things without pointers share a piece of memory with others, by chance.
	base := x
	if span.spanclass != tinySpanClass {
		base = span.base() + span.objIndex(x)*span.elemsize
	}
	word := samerunWord(span, base)
	KeepAlive(p)
	return uintptr(samerunMix(uint64(h)^word, uint64(x-base)))
}

// samerunWord returns the word of the object at an address.
func samerunWord(span *mspan, base uintptr) uint64 {
	l := &samerunObjects
	lock(&l.lock)
	if l.mask > 0 {
		if e := samerunFind(base); e.base == base {
			word := e.word
			unlock(&l.lock)
			return word
		}
	}
	unlock(&l.lock)
	mp := acquirem()
	span.ensureSwept()
	offset := base - span.base()
	lock(&span.speciallock)
	lock(&l.lock)
	at, found := span.specialFindSplicePoint(offset, samerunKindObject)
	var o *samerunObject
	if found {
		// Another thread was faster.
		o = (*samerunObject)(unsafe.Pointer(uintptr(unsafe.Pointer(*at)) - unsafe.Offsetof(o.special)))
	} else {
		o = samerunNewObject()
		o.special.offset = offset
		o.special.next = *at
		*at = &o.special
		spanHasSpecials(span)
		samerunKnow(base, o.word)
	}
	word := o.word
	unlock(&l.lock)
	unlock(&span.speciallock)
	releasem(mp)
	return word
}

// samerunNewObject makes the record of one more object. The caller has the lock.
func samerunNewObject() *samerunObject {
	l := &samerunObjects
	o := l.free
	if o != nil {
		l.free = (*samerunObject)(unsafe.Pointer(o.special.next))
	} else {
		o = (*samerunObject)(persistentalloc(unsafe.Sizeof(samerunObject{}), 8, &memstats.other_sys))
	}
	if gp := getg(); samerunDrawing(gp) {
		gp.samerun.nth[samerunObjectWords]++
		o.word = samerunMix(gp.samerun.id^0x6f626a656374, gp.samerun.nth[samerunObjectWords])
	} else if b := gp.bubble; b != nil && b.samerun.on {
		b.samerun.objects++
		o.word = samerunMix(b.samerun.key^0x6f626a656374, b.samerun.objects)
	} else {
		l.made++
		o.word = samerunMix(samerunCfg.seed^0x6f626a656374, l.made)
	}
	o.special.next = nil
	o.special.kind = samerunKindObject
	return o
}

// samerunFreeObject takes the record of an object that is gone.
func samerunFreeObject(s *special, span *mspan) {
	l := &samerunObjects
	lock(&l.lock)
	samerunForget(span.base() + s.offset)
	o := (*samerunObject)(unsafe.Pointer(uintptr(unsafe.Pointer(s)) - unsafe.Offsetof((*samerunObject)(nil).special)))
	o.special.next = (*special)(unsafe.Pointer(l.free))
	l.free = o
	unlock(&l.lock)
}
