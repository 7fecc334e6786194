package gobwire

import (
	"bytes"
	"encoding/gob"
	"reflect"
)

// adopt registers here what a program has registered with encoding/gob alone, and returns
// the name. It returns nil if gob does not know the type either.
//
// gob does not tell its names. So it is asked to encode an interface that holds a value of the
// type, where the name is to be seen, and to decode it again, where the type is that
// was registered: T or *T. That is done once for each type.
func (r *registry) adopt(ut userType, v any) *string {
	// The zero value holds nothing else that might not be registered. But a method GobEncode
	// may not take it.
	for _, try := range []any{zeroOf(ut.user), v} {
		if name, t := askGob(try); name != "" {
			if t == nil {
				t = ut.user
			}
			r.add(name, t)
			return r.nameOf(ut.base)
		}
	}
	return nil
}

// zeroOf returns a zero value of the type, with variables behind its pointers.
func zeroOf(t reflect.Type) any {
	v := reflect.New(t).Elem()
	for p := v; p.Kind() == reflect.Pointer; p = p.Elem() {
		p.Set(reflect.New(p.Type().Elem()))
	}
	return v.Interface()
}

// held is how gob is asked: the name of what V holds is the first thing behind the field's number.
type held struct{ V any }

// askGob returns the name under which gob sends the value, and which type it makes of that. The name is empty
// if it does not send it, the type nil if it cannot read it.
func askGob(v any) (name string, t reflect.Type) {
	defer func() { _ = recover() }() // a method of the type
	var buf bytes.Buffer
	if gob.NewEncoder(&buf).Encode(held{v}) != nil {
		return "", nil
	}
	name = nameIn(buf.Bytes())
	var back held
	if gob.NewDecoder(&buf).Decode(&back) == nil {
		t = reflect.TypeOf(back.V)
	}
	return name, t
}

// nameIn finds the name in what gob made of a held.
func nameIn(stream []byte) string {
	for len(stream) > 0 {
		size, rest := readUint(stream)
		message := rest[:size]
		stream = rest[size:]
		if id, value := readInt(message); id >= 0 { // else it describes a type
			_, value = readUint(value) // the number of the field
			size, value = readUint(value)
			return string(value[:size])
		}
	}
	return ""
}
