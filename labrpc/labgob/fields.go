package labgob

import (
	"encoding"
	"encoding/gob"
	"reflect"
	"sync"
	"unicode"
	"unicode/utf8"
)

// walker looks for fields that gob leaves out without a word. It looks at each type once.
type walker struct {
	mu   sync.Mutex
	seen map[reflect.Type]bool
}

//samerun:allow global: each type is reported once per process, as the course's library does
var fields = walker{seen: map[reflect.Type]bool{}}

func (w *walker) walk(t reflect.Type) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.visit(t)
}

func (w *walker) visit(t reflect.Type) {
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	if encodesItself(t) {
		return // its fields are its own business
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if r, _ := utf8.DecodeRuneInString(f.Name); !unicode.IsUpper(r) {
				warnf("labgob error: field %s of %s does not begin with a capital letter, so gob leaves it out "+
					"of RPCs and of persisted state; rename it\n", f.Name, t)
			}
			w.visit(f.Type)
		}
	case reflect.Slice, reflect.Array, reflect.Pointer:
		w.visit(t.Elem())
	case reflect.Map:
		w.visit(t.Key())
		w.visit(t.Elem())
	}
}

func encodesItself(t reflect.Type) bool {
	gobEncoder, marshaler := reflect.TypeFor[gob.GobEncoder](), reflect.TypeFor[encoding.BinaryMarshaler]()
	p := reflect.PointerTo(t)
	return t.Implements(gobEncoder) || t.Implements(marshaler) || p.Implements(gobEncoder) || p.Implements(marshaler)
}
