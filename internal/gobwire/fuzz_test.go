package gobwire

import (
	"bytes"
	"reflect"
	"testing"
)

// fuzzTypes are destinations with every kind of length in them.
var fuzzTypes = []reflect.Type{
	reflect.TypeFor[appendArgs](), reflect.TypeFor[tree](), reflect.TypeFor[holder](), reflect.TypeFor[list](), reflect.TypeFor[dict](),
	reflect.TypeFor[map[string][]int](), reflect.TypeFor[[]string](), reflect.TypeFor[outer](), reflect.TypeFor[any](), reflect.TypeFor[gobber](),
}

// FuzzDecode: no bytes make Decode panic or allocate out of proportion, and what decodes can be encoded.
func FuzzDecode(f *testing.F) {
	for i, t := range fuzzTypes {
		for seed := range uint64(3) {
			v := reflect.New(t)
			newGen(seed, 3).fill(v.Elem(), 4, true)
			if b, err := Append(nil, v.Interface()); err == nil {
				f.Add(uint8(i), b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		typ := fuzzTypes[int(which)%len(fuzzTypes)]
		v := reflect.New(typ)
		err := Decode(data, v.Interface())
		if _, bad := err.(hostileError); bad {
			return // a stream is not scanned before encoding/gob reads it
		}
		s := reflect.New(typ)
		streamErr := NewDecoder(bytes.NewReader(data)).Decode(s.Interface())
		if (err == nil) != (streamErr == nil) {
			t.Fatalf("Decode says %v, a stream says %v", err, streamErr)
		}
		if err != nil {
			return
		}
		b, err := Append(nil, v.Interface())
		if err != nil {
			return // a nil interface within, for instance
		}
		back := reflect.New(typ)
		if err := Decode(b, back.Interface()); err != nil {
			t.Fatalf("%s: cannot read back what was decoded: %v", typ, err)
		}
		again, err := Append(nil, back.Interface())
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("%s: %v\nonce  %x\nagain %x", typ, err, b, again)
		}
	})
}
