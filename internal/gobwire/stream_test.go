package gobwire

import (
	"bytes"
	"encoding/gob"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestStream: several values on one stream, of types that come and come again, are read by gob and by us, and gob's by us.
func TestStream(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGen(rapid.Uint64().Draw(t, "types"), 3)
		type message struct {
			typ   reflect.Type
			value any
		}
		var messages []message
		var ours, theirs bytes.Buffer
		oe, te := NewEncoder(&ours), gob.NewEncoder(&theirs)
		for i := range uint64(rapid.IntRange(1, 6).Draw(t, "messages")) {
			typ, make := g.message(2)
			for j := range uint64(2) {
				m := message{typ, make(i*2 + j)}
				if _, err := byGobEncoder(m.value); err != nil {
					continue // gob would leave half a message on the stream
				}
				if err := te.Encode(m.value); err != nil {
					t.Fatal(err)
				}
				if err := oe.Encode(m.value); err != nil {
					t.Fatal(err)
				}
				messages = append(messages, m)
			}
		}
		fromOurs, fromTheirs := bytes.Clone(ours.Bytes()), bytes.Clone(theirs.Bytes())
		want := gob.NewDecoder(bytes.NewReader(fromTheirs))
		gobReadsOurs := gob.NewDecoder(bytes.NewReader(fromOurs))
		weReadOurs := NewDecoder(bytes.NewReader(fromOurs))
		weReadPlain := NewDecoder(io.MultiReader(bytes.NewReader(fromOurs))) // not a ByteReader
		weReadTheirs := NewDecoder(bytes.NewReader(fromTheirs))
		for i, m := range messages {
			next := func(d interface{ Decode(any) error }) any {
				v := reflect.New(m.typ)
				if i%3 == 1 {
					v.Elem().SetZero()
				}
				if err := d.Decode(v.Interface()); err != nil {
					t.Fatalf("message %d, %s: %v", i, m.typ, err)
				}
				return v.Interface()
			}
			w := next(want)
			for _, d := range []interface{ Decode(any) error }{gobReadsOurs, weReadOurs, weReadPlain, weReadTheirs} {
				if got := next(d); !reflect.DeepEqual(got, w) {
					t.Fatalf("message %d, %s: got %+v, want %+v", i, m.typ, got, w)
				}
			}
		}
		for _, d := range []interface{ Decode(any) error }{gobReadsOurs, weReadOurs, weReadPlain, weReadTheirs} {
			if err := d.Decode(new(int)); err != io.EOF {
				t.Fatalf("at the end: %v, want EOF", err)
			}
		}
	})
}

// TestStreamStaysFast: a stream of our own is not handed to encoding/gob.
func TestStreamStaysFast(t *testing.T) {
	var w bytes.Buffer
	e := NewEncoder(&w)
	in := []any{1, "two", []entry{{3, "c"}}, map[int]bool{1: true}, holder{Any: entry{1, "x"}, Cmd: &inner{1, 2}}, holder{Any: &appendArgs{Term: 4}}, entry{5, "y"}}
	for _, v := range in {
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	d := NewDecoder(&w)
	for _, v := range in {
		got := reflect.New(reflect.TypeOf(v))
		if err := d.Decode(got.Interface()); err != nil || d.gob != nil {
			t.Fatalf("%T: error %v, handed to gob: %v", v, err, d.gob != nil)
		}
		if !reflect.DeepEqual(got.Elem().Interface(), v) {
			t.Errorf("got %+v, want %+v", got.Elem(), v)
		}
	}
}

// TestStreamFallsBack: a stream that turns out to be another's in its middle is still read to the end.
func TestStreamFallsBack(t *testing.T) {
	var w bytes.Buffer
	e := NewEncoder(&w)
	type Entry2 struct {
		Cmd   string
		Extra int
	}
	for _, v := range []any{holder{Any: entry{1, "x"}}, entry{2, "y"}, entry{3, "z"}, holder{Any: entry{4, "v"}}} {
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	d := NewDecoder(&w)
	var h, h2 holder
	var other Entry2
	var last entry
	for _, into := range []any{&h, &other, &last, &h2} {
		if err := d.Decode(into); err != nil {
			t.Fatalf("%T: %v", into, err)
		}
	}
	if h.Any != (entry{1, "x"}) || other != (Entry2{Cmd: "y"}) || last != (entry{3, "z"}) || h2.Any != (entry{4, "v"}) {
		t.Errorf("got %v %v %v %v", h, other, last, h2)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestStreamErrors(t *testing.T) {
	if err := NewEncoder(failingWriter{}).Encode(1); err == nil || err.Error() != "disk full" {
		t.Errorf("got %v", err)
	}
	var w bytes.Buffer
	e := NewEncoder(&w)
	if err := e.Encode(holder{Any: struct{ Unknown int }{1}}); err == nil || w.Len() != 0 {
		t.Errorf("error %v, %d bytes written", err, w.Len())
	}
	if err := e.Encode(holder{Any: 5}); err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(&w)
	if err := d.Decode(holder{}); err == nil || !strings.Contains(err.Error(), "non-pointer") {
		t.Errorf("got %v", err)
	}
	if err := d.Decode((*holder)(nil)); err == nil || !strings.Contains(err.Error(), "nil *gobwire.holder") {
		t.Errorf("got %v", err)
	}
	var h holder
	if err := d.Decode(&h); err != nil || h.Any != 5 {
		t.Errorf("after the caller's mistakes: %v, %v", h, err)
	}
	// EncodeValue through a variable and by value.
	var x bytes.Buffer
	e = NewEncoder(&x)
	p := ptrGobber{&entry{Cmd: "c"}}
	if err := e.EncodeValue(reflect.ValueOf(&p).Elem()); err != nil {
		t.Error(err)
	}
	if err := e.EncodeValue(reflect.ValueOf(p)); err == nil {
		t.Error("a value without an address was encoded by a method that needs one")
	}
	if err := e.EncodeValue(reflect.Value{}); err == nil {
		t.Error("nothing was encoded")
	}
	if err := e.EncodeValue(reflect.ValueOf(struct{ n int }{1}).Field(0)); err == nil {
		t.Error("an unexported field was encoded")
	}
}

// TestManyTypes goes beyond the bounds of the memo of states: more edges from one state, and a longer way, than it keeps.
func TestManyTypes(t *testing.T) {
	var w bytes.Buffer
	e := NewEncoder(&w)
	var types []reflect.Type
	for i := range 100 {
		types = append(types, reflect.StructOf([]reflect.StructField{{Name: "F" + strconv.Itoa(i), Type: reflect.TypeFor[int]()}}))
	}
	for range 2 {
		for i, typ := range types {
			v := reflect.New(typ)
			v.Elem().Field(0).SetInt(int64(i) + 1)
			if err := e.Encode(v.Interface()); err != nil {
				t.Fatal(err)
			}
			// And as the second type of a stream of its own.
			var x bytes.Buffer
			two := NewEncoder(&x)
			if err := errors.Join(two.Encode(entry{1, "c"}), two.Encode(v.Interface())); err != nil {
				t.Fatal(err)
			}
			d, got := gob.NewDecoder(&x), reflect.New(typ)
			if err := errors.Join(d.Decode(new(entry)), d.DecodeValue(got)); err != nil || !got.Elem().Equal(v.Elem()) {
				t.Fatalf("%v, %v", got, err)
			}
		}
	}
	ours, theirs := NewDecoder(bytes.NewReader(w.Bytes())), gob.NewDecoder(bytes.NewReader(w.Bytes()))
	for range 2 {
		for i, typ := range types {
			for _, d := range []interface{ Decode(any) error }{ours, theirs} {
				got := reflect.New(typ)
				if err := d.Decode(got.Interface()); err != nil || got.Elem().Field(0).Int() != int64(i)+1 {
					t.Fatalf("type %d: %v, %v", i, got, err)
				}
			}
		}
	}
	if ours.gob != nil {
		t.Error("the stream was handed to encoding/gob")
	}
}

// An empty slice or array has no element to point to; its address must not be
// taken for one (checkptr, which -race switches on, stops the process if it is).
func TestNothingToPointTo(t *testing.T) {
	type value struct {
		N    int
		List []string
		None [0]string
	}
	for _, list := range [][]string{nil, {}, make([]string, 0, 3)[:0], make([]string, 3)[3:], make([]string, 1)[1:]} {
		data, err := Append(nil, []value{{N: 1, List: list}})
		if err != nil {
			t.Fatal(err)
		}
		var got []value
		if err := Decode(data, &got); err != nil || len(got) != 1 || got[0].N != 1 || len(got[0].List) != 0 {
			t.Errorf("%v came back as %+v, %v", list, got, err)
		}
	}
	// Sixteen bytes, the last eight of which are there for the address of None.
	type small struct {
		N    int
		None [0]string
	}
	data, err := Append(nil, &small{N: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := new(small); Decode(data, got) != nil || got.N != 1 {
		t.Errorf("%x came back as %+v", data, got)
	}
}
