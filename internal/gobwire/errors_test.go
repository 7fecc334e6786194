package gobwire

import (
	"math"
	"runtime"
	"strings"
	"testing"
)

type selfPointer *selfPointer

// TestRefused: what gob refuses, we refuse, and for the reason told.
func TestRefused(t *testing.T) {
	type cycle struct{ Next *cycle }
	loop := &cycle{}
	loop.Next = loop
	var nilEntry *entry
	var self selfPointer
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"nil", nil, "cannot encode nil value"},
		{"nil pointer", nilEntry, "nil pointer of type *gobwire.entry"},
		{"function", func() {}, "func()"},
		{"channel", make(chan int), "chan int"},
		{"slice of channels", struct{ C []chan int }{}, "chan int"},
		{"no exported fields", struct{ a int }{1}, "has no exported fields"},
		{"only channels", struct{ C chan int }{}, "has no exported fields"},
		{"nested without fields", struct{ In struct{ a int } }{}, "has no exported fields"},
		{"pointer to itself", self, "recursive pointer"},
		{"nil element", []*entry{nil}, "nil *gobwire.entry as an element"},
		{"nil map element", map[int]*entry{1: nil}, "nil *gobwire.entry as an element"},
		{"nil pointer in interface", holder{Any: nilEntry}, "nil pointer of type *gobwire.entry inside interface"},
		{"unregistered", holder{Any: struct{ U int }{}}, "call labgob.Register(struct { U int }{})"},
		{"no address", ptrGobber{}, "unaddressable"},
		{"no address in map", map[int]ptrGobber{1: {}}, "unaddressable"},
		{"cycle", loop, "contains itself"},
	} {
		b, err := Append([]byte("kept"), c.v)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
		if string(b) != "kept" {
			t.Errorf("%s: dst became %q", c.name, b)
		}
	}
}

// TestOverflow: a number that the destination cannot hold is gob's error, in gob's words.
func TestOverflow(t *testing.T) {
	type T struct {
		I  int64
		U  uint64
		F  float64
		C  complex128
		S  []int64
		M  map[string]int64
		In struct{ A [1]int64 }
	}
	for _, c := range []struct {
		v    T
		into any
		want string
	}{
		{T{I: math.MaxInt8 + 1}, new(struct{ I int8 }), `"I"`},
		{T{I: math.MinInt16 - 1}, new(struct{ I int16 }), `"I"`},
		{T{I: math.MaxInt32 + 1}, new(struct{ I int32 }), `"I"`},
		{T{U: math.MaxUint8 + 1}, new(struct{ U uint8 }), `"U"`},
		{T{U: math.MaxUint32 + 1}, new(struct{ U uint32 }), `"U"`},
		{T{F: 1e300}, new(struct{ F float32 }), `"F"`},
		{T{C: complex(0, -1e300)}, new(struct{ C complex64 }), `"C"`},
		{T{S: []int64{1, 1 << 40}}, new(struct{ S []int32 }), `"element of S"`},
		{T{M: map[string]int64{"": 300}}, new(struct{ M map[string]int8 }), `"M"`},
		{T{In: struct{ A [1]int64 }{[1]int64{128}}}, new(struct{ In struct{ A [1]int8 } }), `"element of A"`},
	} {
		b, err := Append(nil, c.v)
		if err != nil {
			t.Fatal(err)
		}
		// The descriptors differ, so this goes to gob; the same values from a type with the destination's descriptors do not.
		err = Decode(b, c.into)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "out of range") {
			t.Errorf("%T: %v", c.into, err)
		}
	}
	b, _ := Append(nil, []int64{1, 1 << 40})
	err, want := Decode(b, new([]int32)), byGobDecoder(b, new([]int32))
	if err == nil || err.Error() != want.Error() {
		t.Errorf("got %v, gob says %v", err, want)
	}
}

// TestHostileLengths: a stream that says it is huge is an error, and costs no memory.
func TestHostileLengths(t *testing.T) {
	corrupt := func(v any, old, new string) []byte {
		b, err := Append(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		s := string(b)
		i := strings.LastIndex(s, old)
		s = s[:i] + new + s[i+len(old):]
		// The value is the last message, and shorter than 128 bytes.
		grown := len(new) - len(old)
		start := len(b) - 1
		for int(b[start]) != len(b)-1-start {
			start--
		}
		return []byte(s[:start] + string(rune(int(b[start])+grown)) + s[start+1:])
	}
	type dictionary map[int]int
	huge := "\xfb\x7f\xff\xff\xff\x00"
	for _, c := range []struct {
		data []byte
		into any
	}{
		{corrupt(map[int]int{5: 6}, "\x01\x0a\x0c", huge+"\x0a\x0c"), new(map[int]int)},
		// A foreign stream, since the type has another name.
		{corrupt(dictionary{5: 6}, "\x01\x0a\x0c", huge+"\x0a\x0c"), new(map[int]int)},
		{corrupt(struct{ M map[int]int }{dictionary{5: 6}}, "\x01\x0a\x0c", huge+"\x0a\x0c"), new(struct{ M, N map[int]int })},
		{corrupt([]tree{{Value: 5}}, "\x01\x01\x0a", huge+"\x01\x0a"), new([]tree)},
		{corrupt([]int{5}, "\x01\x0a", huge+"\x0a"), new([]int)},
		{corrupt("abc", "\x03abc", huge+"abc"), new(string)},
		{corrupt([]byte("abc"), "\x03abc", huge+"abc"), new([]byte)},
	} {
		err := Decode(c.data, c.into)
		if err == nil {
			t.Errorf("%T: no error", c.into)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_ = Decode(c.data, c.into)
		if p, _, _ := destination(c.into); strings.HasPrefix(string(c.data), string(p.first.messages)) {
			_ = NewDecoder(strings.NewReader(string(c.data))).Decode(c.into)
		}
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
			t.Errorf("%T: %d bytes allocated", c.into, grown)
		}
	}
}

// TestDeep: nesting has a bound that real data does not meet, in both directions.
func TestDeep(t *testing.T) {
	var deep *tree
	for range 50_000 {
		deep = &tree{Value: 1, Left: deep}
	}
	b, err := Append(nil, deep)
	if err != nil {
		t.Fatal(err)
	}
	var got tree
	if err := Decode(b, &got); err != nil {
		t.Fatal(err)
	}
	n := 0
	for p := &got; p != nil; p = p.Left {
		n++
	}
	if n != 50_000 {
		t.Errorf("%d levels", n)
	}
}
