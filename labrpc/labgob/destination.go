package labgob

import (
	"math"
	"reflect"
	"unsafe"

	"samerun/internal/gobwire"
)

// typeCheck is what is known of a type once its fields were looked at: where a variable to decode into should be zero.
type typeCheck struct {
	typ    reflect.Type
	double bool   // a pointer to a pointer
	leaves []leaf // sorted by offset
}

// leaf is a number, a string or a bool in a variable.
type leaf struct {
	name string
	off  uintptr
	size uintptr // of what must be zero: of a string, its length
	sign uint64  // mask of the bits that count, which for a float do not include the sign
}

//samerun:allow global: a pure memo, but for the warnings about a type, which walker prints once
var checks gobwire.Memo[typeCheck]

// check returns the check for the dynamic type of v, which is not nil.
func check(v any) *typeCheck {
	if c := checks.Of(v); c != nil {
		return c
	}
	return checkOf(reflect.TypeOf(v))
}

func checkOf(t reflect.Type) *typeCheck {
	if c := checks.OfType(t); c != nil {
		return c
	}
	fields.walk(t)
	c := &typeCheck{typ: t}
	if t.Kind() == reflect.Pointer {
		c.compile(t.Elem())
	}
	return checks.Store(t, c)
}

// compile notes the leaves down to the depth that the course's library looks at: the pointer is 1, the struct 2, its fields 3.
func (c *typeCheck) compile(t reflect.Type) {
	switch {
	case t.Kind() == reflect.Pointer:
		c.double = true
		c.add("the variable", t.Elem(), 0)
	case t.Kind() == reflect.Struct && !encodesItself(t):
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				c.add("field "+f.Name, f.Type, f.Offset)
			}
		}
	default:
		c.add("the variable", t, 0)
	}
}

func (c *typeCheck) add(name string, t reflect.Type, off uintptr) {
	l := leaf{name, off, t.Size(), math.MaxUint64}
	switch k := t.Kind(); {
	case k == reflect.Float32:
		l.sign = math.MaxInt32
	case k == reflect.Float64:
		l.sign = math.MaxInt64
	case k == reflect.String:
		l.off += unsafe.Sizeof(uintptr(0)) // the length of a string stands behind its pointer
		l.size = unsafe.Sizeof(0)
	case k >= reflect.Bool && k <= reflect.Uintptr:
	default:
		return
	}
	c.leaves = append(c.leaves, l)
}

// destination counts the leaves of what the pointer into points to that are not zero.
func (c *typeCheck) destination(into any) {
	// An interface value that holds a pointer has it as its second word.
	p := (*[2]unsafe.Pointer)(unsafe.Pointer(&into))[1]
	if len(c.leaves) == 0 || p == nil {
		return
	}
	if c.double {
		if p = *(*unsafe.Pointer)(p); p == nil {
			return
		}
	}
	for i := range c.leaves {
		if l := &c.leaves[i]; !l.isZero(p) {
			warnStale(c.typ, l.name)
		}
	}
}

func (l *leaf) isZero(p unsafe.Pointer) bool {
	p = unsafe.Add(p, l.off)
	var bits uint64
	switch l.size {
	case 1:
		bits = uint64(*(*uint8)(p))
	case 2:
		bits = uint64(*(*uint16)(p))
	case 4:
		bits = uint64(*(*uint32)(p))
	default:
		bits = *(*uint64)(p)
	}
	return bits&l.sign == 0
}
