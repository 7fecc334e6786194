package gobwire

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Memo remembers one value for each Go type. A look-up costs a few nanoseconds and takes no lock.
// The zero Memo is empty and ready for use, also by several goroutines.
//
// A memo must be pure: what it holds for a type may depend on nothing but the type.
type Memo[V any] struct {
	table atomic.Pointer[memoTable[V]]
	mu    sync.Mutex // held to store
}

// memoTable is a hash table with open addressing, at most a quarter full. It is never changed once it is published.
// Where an entry stands depends on addresses, but nothing ever walks the table in order to see it.
type memoTable[V any] struct {
	slots []memoSlot[V] // a power of two of them
	used  int
}

type memoSlot[V any] struct {
	key   unsafe.Pointer
	value *V
	typ   reflect.Type // keeps the type, and so its address, alive
}

// eface is the layout of an interface value without methods.
type eface struct {
	typ, data unsafe.Pointer
}

// Of returns what the memo holds for the dynamic type of v, which must not be nil, or nil.
func (m *Memo[V]) Of(v any) *V { return m.get((*eface)(unsafe.Pointer(&v)).typ) }

// OfType returns what the memo holds for a type, or nil.
func (m *Memo[V]) OfType(t reflect.Type) *V { return m.get(typeWord(t)) }

func (m *Memo[V]) get(key unsafe.Pointer) *V {
	if t := m.table.Load(); t != nil {
		for i := memoHash(key); ; i++ {
			s := &t.slots[i&uint(len(t.slots)-1)]
			if s.key == key || s.key == nil {
				return s.value
			}
		}
	}
	return nil
}

func memoHash(key unsafe.Pointer) uint {
	h := uint(uintptr(key))
	return h>>5 ^ h>>13
}

// Store remembers value for t and returns it, unless the memo holds one already: then it returns that.
func (m *Memo[V]) Store(t reflect.Type, value *V) *V {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := typeWord(t)
	if old := m.get(key); old != nil {
		return old
	}
	next := &memoTable[V]{slots: make([]memoSlot[V], 64)}
	if old := m.table.Load(); old != nil {
		size := len(old.slots)
		if (old.used+1)*4 > size {
			size *= 2
		}
		next.slots = make([]memoSlot[V], size)
		for _, s := range old.slots {
			if s.key != nil {
				next.put(s)
			}
		}
	}
	next.put(memoSlot[V]{key, value, t})
	m.table.Store(next)
	return value
}

func (t *memoTable[V]) put(s memoSlot[V]) {
	i := memoHash(s.key)
	for t.slots[i&uint(len(t.slots)-1)].key != nil {
		i++
	}
	t.slots[i&uint(len(t.slots)-1)] = s
	t.used++
}

// typeWord returns the address that an interface value holding a t has as its type.
func typeWord(t reflect.Type) unsafe.Pointer {
	// A reflect.Type is an interface value whose data word points to the type itself.
	return (*eface)(unsafe.Pointer(&t)).data
}
