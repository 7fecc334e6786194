//samerun:allow float: a codec carries the numbers of others, and decides nothing by them
package gobwire

import (
	"encoding/gob"
	"maps"
	"reflect"
	"sync"
	"sync/atomic"
)

// registry maps the names of the types that interface values may hold, and back. Looking up takes no lock.
type registry struct {
	byName atomic.Pointer[map[string]reflect.Type] // as they were registered; copied to add one
	byBase Memo[string]
	mu     sync.Mutex // held to add
}

// names is filled by Register, most often before main; gob keeps such a table for the process too, and every run sees the same one.
//
//samerun:allow global: the registration of gob is per process by its API
var names = basicNames()

// nameOf returns nil if the type is not registered.
func (r *registry) nameOf(base reflect.Type) *string { return r.byBase.OfType(base) }

// typeOf returns nil if the name is not registered.
func (r *registry) typeOf(name []byte) reflect.Type { return (*r.byName.Load())[string(name)] }

// add has no checks: gob has made them.
func (r *registry) add(name string, t reflect.Type) {
	ut, err := userTypeOf(t)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	next := maps.Clone(*r.byName.Load())
	next[name] = t
	r.byName.Store(&next)
	r.byBase.Store(ut.base, &name)
}

// Register makes the type of value known, here and to encoding/gob, under the name that gob.Register gives it, so that
// interface values of the type can be sent. A type that is registered already under the same name is fine.
// Like gob.Register it panics if the name or the type is taken, or value is nil.
func Register(value any) {
	if value == nil {
		panic("labgob.Register: the value is nil; pass a value of the type to register, such as T{}")
	}
	gob.Register(value)
	names.add(nameFor(reflect.TypeOf(value)), reflect.TypeOf(value))
}

// RegisterName is Register with a name of the caller's choice, which must not be empty.
func RegisterName(name string, value any) {
	if value == nil {
		panic("labgob.RegisterName: the value for " + name + " is nil; pass a value of the type to register, such as T{}")
	}
	gob.RegisterName(name, value)
	names.add(name, reflect.TypeOf(value))
}

// nameFor returns gob's name for a type: with its import path, but a pointer's only with its package name.
func nameFor(t reflect.Type) string {
	if t.Name() == "" || t.PkgPath() == "" {
		return t.String()
	}
	return t.PkgPath() + "." + t.Name()
}

// basicNames holds what gob registers itself.
func basicNames() *registry {
	r := new(registry)
	r.byName.Store(&map[string]reflect.Type{})
	for _, v := range []any{
		int(0), int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0), uintptr(0),
		float32(0), float64(0), complex64(0), complex128(0), false, "",
		[]int(nil), []int8(nil), []int16(nil), []int32(nil), []int64(nil),
		[]uint(nil), []uint8(nil), []uint16(nil), []uint32(nil), []uint64(nil), []uintptr(nil),
		[]float32(nil), []float64(nil), []complex64(nil), []complex128(nil), []bool(nil), []string(nil),
	} {
		r.add(nameFor(reflect.TypeOf(v)), reflect.TypeOf(v))
	}
	return r
}
