package gobwire

import (
	"bytes"
	"encoding/gob"
	"io"
	"math/big"
	"reflect"
	"testing"
	"testing/iotest"
	"time"
)

// fuzzTypes are destinations with every kind of length in them.
var fuzzTypes = []reflect.Type{
	reflect.TypeFor[appendArgs](), reflect.TypeFor[tree](), reflect.TypeFor[holder](), reflect.TypeFor[list](), reflect.TypeFor[dict](),
	reflect.TypeFor[map[string][]int](), reflect.TypeFor[[]string](), reflect.TypeFor[outer](), reflect.TypeFor[any](), reflect.TypeFor[gobber](),
	reflect.TypeFor[map[any]int](), reflect.TypeFor[map[anyKey][]entry](), reflect.TypeFor[map[[2]any]bool](), reflect.TypeFor[mutualB](), reflect.TypeFor[*big.Int](),
	reflect.TypeFor[time.Time](), reflect.TypeFor[**int](), reflect.TypeFor[map[string]any](), reflect.TypeFor[struct{ A, B any }](),
}

// anyKey is a key that may have no hash.
type anyKey struct {
	N int
	V any
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

// FuzzStream: a stream of any bytes, read into a row of types, says what a plain gob.Decoder says, however the bytes arrive. The one
// exception are lengths that the stream cannot hold: gob would believe them.
func FuzzStream(f *testing.F) {
	for i := range fuzzTypes {
		for seed := range uint64(2) {
			var w bytes.Buffer
			var which []byte
			e, foreign := NewEncoder(&w), gob.NewEncoder(&w)
			for j := range 3 {
				v := reflect.New(fuzzTypes[(i+j)%len(fuzzTypes)])
				newGen(seed, 3).fill(v.Elem(), 4, true)
				if _, err := byGobEncoder(v.Interface()); err != nil {
					continue // gob would leave half a message on the stream
				}
				if seed == 0 && e.Encode(v.Interface()) != nil || seed > 0 && foreign.Encode(v.Interface()) != nil {
					continue
				}
				which = append(which, byte(i+j))
			}
			f.Add(which, w.Bytes())
			f.Add(append([]byte{byte(i + 1)}, which...), w.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, which []byte, data []byte) {
		ours := []*Decoder{NewDecoder(bytes.NewReader(data)), NewDecoder(iotest.OneByteReader(bytes.NewReader(data))), NewDecoder(iotest.DataErrReader(bytes.NewReader(data)))}
		plain := gob.NewDecoder(bytes.NewReader(data))
		for _, w := range which[:min(len(which), 8)] {
			typ := fuzzTypes[int(w)%len(fuzzTypes)]
			var first reflect.Value
			var firstErr error
			for i, d := range ours {
				v := reflect.New(typ)
				err := d.Decode(v.Interface())
				if i == 0 {
					first, firstErr = v, err
				} else if (err == nil) != (firstErr == nil) || err != nil && err.Error() != firstErr.Error() {
					t.Fatalf("%s: %v from one reader, %v from another", typ, firstErr, err)
				}
			}
			if _, bad := firstErr.(hostileError); bad {
				return
			}
			v := reflect.New(typ)
			if want := recovered(plain, v.Interface()); !sameOutcome(firstErr, want) {
				t.Fatalf("%s: %v, gob says %v", typ, firstErr, want)
			}
			a, aErr := Append(nil, first.Interface())
			b, bErr := Append(nil, v.Interface())
			if !bytes.Equal(a, b) || (aErr == nil) != (bErr == nil) {
				t.Fatalf("%s: %+v, by gob %+v", typ, first.Elem(), v.Elem())
			}
			if firstErr == io.EOF {
				return
			}
		}
	})
}
