package gobwire

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"testing"
)

// TestMapOrder: entries come in the order of their keys, whatever the kind of key.
func TestMapOrder(t *testing.T) {
	type key struct{ A, B int }
	one, two := 1, 2
	for _, m := range []any{
		map[bool]int{true: 1, false: 2}, map[int8]int{-1: 1, 1: 2, 0: 3}, map[uint16]bool{300: true, 2: true},
		map[string]int{"b": 1, "a": 2, "": 3}, map[float64]int{-1: 1, 0.5: 2, 1e9: 3, math.NaN(): 4, math.Inf(-1): 5},
		map[float32]int{float32(math.NaN()): 1, float32(math.NaN()): 2}, map[[2]int]int{{1, 2}: 3, {0, 4}: 1}, map[key]int{{1, 0}: 1, {0, 1}: 2},
		map[any]int{1: 1, "x": 2, entry{1, "a"}: 3, &inner{}: 4}, map[*int]string{&one: "one", &two: "two"}, map[complex64]int{1i: 1, 2: 2},
	} {
		first, err := Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			// A copy has another layout, and each walk of a map another order.
			c := reflect.MakeMap(reflect.TypeOf(m))
			for it := reflect.ValueOf(m).MapRange(); it.Next(); {
				c.SetMapIndex(it.Key(), it.Value())
			}
			if b, err := Append(nil, c.Interface()); err != nil || !bytes.Equal(b, first) {
				t.Fatalf("%T: %x, then %x (%v)", m, first, b, err)
			}
		}
	}
	b, _ := Append(nil, map[string]int{"b": 1, "a": 2, "": 3})
	if !bytes.HasSuffix(b, []byte("\x00\x03\x00\x06\x01a\x04\x01b\x02")) {
		t.Errorf("not in the order of strings: %x", b)
	}
}

// valueBytes returns the value at the end of a stream, without the id of its type.
func valueBytes(stream []byte) []byte {
	for {
		n, b := readUint(stream)
		id, v := readInt(b[:n])
		if id > 0 {
			return v
		}
		stream = b[n:]
	}
}

// TestSameNumbers compares the bytes of numbers at the edges, alone and in a struct, where zeros are left out.
func TestSameNumbers(t *testing.T) {
	zero := 0.0
	type numbers struct {
		F float64
		G float32
		C complex128
		D complex64
		I int64
		J int8
		U uint64
		V uint8
	}
	for _, f := range []float64{0, -zero, 1, -1, 0.1, math.NaN(), math.Inf(1), math.MaxFloat64, math.SmallestNonzeroFloat64, math.MaxFloat32} {
		negative := math.Copysign(f, -1)
		for _, i := range []int64{0, 1, -1, 63, 64, -64, -65, 1 << 31, math.MaxInt64, math.MinInt64} {
			n := numbers{f, float32(f), complex(negative, f), complex(float32(f), float32(negative)), i, int8(i), uint64(i), uint8(i)}
			for _, v := range []any{n, n.F, negative, n.G, n.C, n.D, n.I, n.J, n.U, n.V, []numbers{n}, [1]uint8{n.V}, []float32{n.G}, uintptr(i), uint(i), int(i)} {
				theirs, err := byGobEncoder(v)
				ours, ourErr := Append(nil, v)
				if err != nil || ourErr != nil || !bytes.Equal(valueBytes(ours), valueBytes(theirs)) {
					t.Fatalf("%T %v: %x, gob's is %x (%v, %v)", v, v, ours, theirs, ourErr, err)
				}
				got, want := reflect.New(reflect.TypeOf(v)), reflect.New(reflect.TypeOf(v))
				if err := errors.Join(Decode(ours, got.Interface()), byGobDecoder(theirs, want.Interface())); err != nil {
					t.Fatal(err)
				}
				again, _ := Append(nil, got.Interface())
				if check, _ := Append(nil, want.Interface()); !bytes.Equal(again, check) {
					t.Fatalf("%T %v: decoded as %v, by gob as %v", v, v, got.Elem(), want.Elem())
				}
			}
		}
	}
}
