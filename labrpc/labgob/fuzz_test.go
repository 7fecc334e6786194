package labgob

import (
	"bytes"
	"reflect"
	"testing"
)

type fuzzEntry struct {
	Term    int
	Command any
}

// FuzzDecoder: no bytes make a decoder panic, and those of one value are the same to it and to Unmarshal. The codec below is
// held to encoding/gob by the fuzz targets of internal/gobwire.
func FuzzDecoder(f *testing.F) {
	Register(fuzzEntry{})
	values := []any{7, "text", []fuzzEntry{{1, "x"}, {2, fuzzEntry{3, nil}}}, map[string][]int{"a": {1}}, struct{ A, B *fuzzEntry }{A: &fuzzEntry{Term: 1}}}
	for i, v := range values {
		b, err := Marshal(nil, v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), b)
		f.Add(uint8(i+1), b)
		f.Add(uint8(i), b[:len(b)/2])
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		typ := reflect.TypeOf(values[int(which)%len(values)])
		one, two := reflect.New(typ), reflect.New(typ)
		d := NewDecoder(bytes.NewReader(data))
		err, streamErr := Unmarshal(data, one.Interface()), d.Decode(two.Interface())
		if (err == nil) != (streamErr == nil) {
			t.Fatalf("Unmarshal says %v, a decoder says %v", err, streamErr)
		}
		if err == nil && d.Decode(two.Interface()) == nil {
			_ = d.Decode(nil)
		}
	})
}
