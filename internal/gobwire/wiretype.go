package gobwire

import (
	"errors"
	"maps"
	"reflect"
)

// Ids of the types that need no description. The numbers belong to the format.
const (
	idBool      = 1
	idInt       = 2
	idUint      = 3
	idFloat     = 4
	idBytes     = 5
	idString    = 6
	idComplex   = 7
	idInterface = 8
	firstID     = 65
)

// wireKind is the position of a description in gob's wireType struct.
type wireKind int

const (
	wireBasic wireKind = iota
	wireArray
	wireSlice
	wireStruct
	wireMap
	wireGobEncoder
	wireBinaryMarshaler
)

// wireType is a type as gob describes it. It does not change once the table that made it is complete.
type wireType struct {
	kind      wireKind
	id        int // 0 while it is being built
	name      string
	elem, key int
	len       int
	fields    []wireField
}

type wireField struct {
	name string
	id   int
}

// table repeats what gob does when a process that has met no other type registers the types of a stream: which get an
// id, in which order, under which name. It also knows which the stream has described already.
type table struct {
	types map[reflect.Type]*wireType
	infos map[reflect.Type]info
	sent  map[reflect.Type]int
	next  int
}

// info is what a descriptor message holds: its id, and the description. The two ids differ for a pointer to a type
// that encodes itself.
type info struct {
	id   int
	wire *wireType
	kind wireKind
}

func newTable() *table {
	return &table{
		types: map[reflect.Type]*wireType{},
		infos: map[reflect.Type]info{},
		sent:  map[reflect.Type]int{},
		next:  firstID,
	}
}

func (t *table) clone() *table {
	return &table{types: maps.Clone(t.types), infos: maps.Clone(t.infos), sent: maps.Clone(t.sent), next: t.next}
}

func (t *table) setID(w *wireType) {
	if w.id == 0 {
		w.id = t.next
		t.next++
	}
}

func (t *table) base(name string, rt reflect.Type) (*wireType, error) {
	ut, err := userTypeOf(rt)
	if err != nil {
		return nil, err
	}
	return t.get(name, ut, ut.base)
}

func (t *table) get(name string, ut userType, rt reflect.Type) (*wireType, error) {
	if w := t.types[rt]; w != nil {
		return w, nil
	}
	w, err := t.build(name, ut, rt)
	if err == nil {
		t.types[rt] = w
	}
	return w, err
}

// build describes rt. When a type gets its id, before or after its elements, is part of the format's history and differs by kind.
func (t *table) build(name string, ut userType, rt reflect.Type) (*wireType, error) {
	if ut.enc != notExternal {
		w := &wireType{kind: wireGobEncoder, name: name}
		t.setID(w)
		return w, nil
	}
	if id := basicID(rt); id != 0 {
		return &wireType{id: id}, nil
	}
	w := &wireType{name: name}
	switch rt.Kind() {
	case reflect.Array:
		t.types[rt] = w
		elem, err := t.base("", rt.Elem())
		if err != nil {
			return nil, err
		}
		w.kind, w.len = wireArray, rt.Len()
		t.setID(w)
		w.elem = elem.id
	case reflect.Map:
		t.types[rt] = w
		key, err := t.base("", rt.Key())
		if err != nil {
			return nil, err
		}
		elem, err := t.base("", rt.Elem())
		if err != nil {
			return nil, err
		}
		w.kind = wireMap
		t.setID(w)
		w.key, w.elem = key.id, elem.id
	case reflect.Slice:
		t.types[rt] = w
		elem, err := t.base(rt.Elem().Name(), rt.Elem())
		if err != nil {
			return nil, err
		}
		w.kind = wireSlice
		t.setID(w)
		t.setID(elem)
		w.elem = elem.id
	case reflect.Struct:
		w.kind = wireStruct
		t.setID(w)
		t.types[rt] = w
		return w, t.buildFields(w, rt)
	default:
		return nil, errors.New("gob: can't handle type " + rt.String())
	}
	return w, nil
}

func (t *table) buildFields(w *wireType, rt reflect.Type) error {
	for i := range rt.NumField() {
		f := rt.Field(i)
		if !isSent(&f) {
			continue
		}
		ut, err := userTypeOf(f.Type)
		if err != nil {
			return err
		}
		name := ut.base.Name()
		if name == "" {
			name = ut.base.String()
		}
		ft, err := t.base(name, f.Type)
		if err != nil {
			return err
		}
		t.setID(ft)
		w.fields = append(w.fields, wireField{f.Name, ft.id})
	}
	return nil
}

// info registers the type.
func (t *table) info(ut userType) (info, error) {
	rt := ut.base
	if ut.enc != notExternal {
		rt = ut.user
	}
	if in, ok := t.infos[rt]; ok {
		return in, nil
	}
	w, err := t.base(rt.Name(), rt)
	if err != nil {
		return info{}, err
	}
	in := info{w.id, w, w.kind}
	if ut.enc != notExternal {
		if in.wire, err = t.get(rt.Name(), ut, rt); err != nil {
			return info{}, err
		}
		in.kind = wireGobEncoder
		if ut.enc == byBinary {
			in.kind = wireBinaryMarshaler
		}
	}
	t.infos[rt] = in
	return in, nil
}

// basicID returns the id of a type that needs no description, or 0.
func basicID(rt reflect.Type) int {
	switch rt.Kind() {
	case reflect.Bool:
		return idBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return idInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return idUint
	case reflect.Float32, reflect.Float64:
		return idFloat
	case reflect.Complex64, reflect.Complex128:
		return idComplex
	case reflect.String:
		return idString
	case reflect.Interface:
		return idInterface
	case reflect.Slice:
		if isBytes(rt) {
			return idBytes
		}
	}
	return 0
}
