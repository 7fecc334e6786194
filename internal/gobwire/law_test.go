package gobwire

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// errGobPanic stands for a panic of encoding/gob itself: it strips a pointer too many before it calls a method that
// it reaches through two.
var errGobPanic = errors.New("gob panics")

// byGobEncoder encodes with a fresh gob.Encoder.
func byGobEncoder(v any) (_ []byte, err error) {
	defer func() {
		if recover() != nil {
			err = errGobPanic
		}
	}()
	var w bytes.Buffer
	err = gob.NewEncoder(&w).Encode(v)
	return w.Bytes(), err
}

func byGobDecoder(data []byte, into any) error {
	return gob.NewDecoder(bytes.NewReader(data)).Decode(into)
}

// fastDecode decodes without encoding/gob, or reports that it cannot.
func fastDecode(data []byte, into any) (ok bool, err error) {
	p, at, err := destination(into)
	if p == nil || err != nil {
		return false, err
	}
	d := decoder{state: emptyStream, source: source{rest: data}}
	return d.decode(p, p.first, at)
}

// TestSameAsGob is the law of the package: our streams mean to gob what its own do, and to us what they mean to gob.
func TestSameAsGob(t *testing.T) {
	fast, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		g := newGen(rapid.Uint64().Draw(t, "type"), 3)
		typ, make := g.message(rapid.IntRange(0, 3).Draw(t, "depth"))
		seed := rapid.Uint64().Draw(t, "value")
		v := make(seed)
		theirs, err := byGobEncoder(v)
		if err == errGobPanic {
			return
		}
		ours, ourErr := Append(nil, v)
		if (err == nil) != (ourErr == nil) {
			t.Fatalf("%s: gob says %v, we say %v", typ, err, ourErr)
		}
		if err != nil {
			return
		}
		if again, _ := Append([]byte("dst"), make(seed)); string(again) != "dst"+string(ours) {
			t.Fatalf("%s: an equal value gives other bytes", typ)
		}
		for _, stale := range []bool{false, true} {
			// A destination that is not empty must come out alike too.
			destination := func() any {
				if stale {
					return make(seed + 1)
				}
				return reflect.New(typ).Interface()
			}
			want := destination()
			if err := byGobDecoder(theirs, want); err != nil {
				t.Fatalf("%s: gob cannot read itself: %v", typ, err)
			}
			check := func(how string, err error, got any) {
				if err != nil {
					t.Fatalf("%s: %s: %v\nours   %x\ntheirs %x", typ, how, err, ours, theirs)
				}
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("%s: %s (stale %v):\ngot  %+v\nwant %+v", typ, how, stale, reflect.ValueOf(got).Elem(), reflect.ValueOf(want).Elem())
				}
			}
			got := destination()
			check("gob reads ours", byGobDecoder(ours, got), got)
			got = destination()
			check("we read gob's", Decode(theirs, got), got)
			got = destination()
			check("we read ours", Decode(ours, got), got)
			got = destination()
			ok, err := fastDecode(ours, got)
			all++
			if ok {
				fast++
				check("the fast path", err, got)
			}
		}
	})
	if fast*10 < all*8 {
		t.Errorf("only %d of %d streams took the fast path", fast, all)
	}
}

// TestTruncated: no prefix of a stream decodes, and none panics.
func TestTruncated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGen(rapid.Uint64().Draw(t, "type"), 3)
		typ, make := g.message(2)
		b, err := Append(nil, make(rapid.Uint64().Draw(t, "value")))
		if err != nil {
			return
		}
		cut := rapid.IntRange(0, len(b)-1).Draw(t, "cut")
		ours, theirs := reflect.New(typ).Interface(), reflect.New(typ).Interface()
		err, want := Decode(b[:cut], ours), byGobDecoder(b[:cut], theirs)
		if err == nil || want == nil || err.Error() != want.Error() {
			t.Fatalf("%s cut at %d of %d: %v, gob says %v", typ, cut, len(b), err, want)
		}
	})
}

const childEnv = "GOBWIRE_TEST_SEED"

// seeds of messages for TestSameBytes: maps have at most one entry, so that gob has no choice.
const byteSeeds = 40

func messageOf(seed int) any {
	_, make := newGen(uint64(seed), 1).message(seed % 4)
	return make(uint64(seed))
}

// TestSameBytes compares bytes, and so ids, names and order, with a gob in a process that has met one other type, which has the id 64.
func TestSameBytes(t *testing.T) {
	if s := os.Getenv(childEnv); s != "" {
		seed, _ := strconv.Atoi(s)
		byGobEncoder(struct{ First int }{1})
		b, err := byGobEncoder(messageOf(seed))
		switch err {
		case nil:
		case errGobPanic:
			b = []byte("panic")
		default:
			b = []byte("error")
		}
		os.Stdout.WriteString("<" + hex.EncodeToString(b) + ">")
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for seed := range byteSeeds {
		cmd := exec.Command(exe, "-test.run=^TestSameBytes$")
		cmd.Env = append(os.Environ(), childEnv+"="+strconv.Itoa(seed))
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		_, rest, _ := strings.Cut(string(out), "<")
		want, _, _ := strings.Cut(rest, ">")
		if want == hex.EncodeToString([]byte("panic")) {
			continue
		}
		b, err := Append(nil, messageOf(seed))
		if err != nil {
			b = []byte("error")
		}
		if got := hex.EncodeToString(b); got != want {
			t.Errorf("seed %d: %T\nours   %s\ntheirs %s (%v)", seed, messageOf(seed), got, want, err)
		}
	}
}

// TestSameLength is the length law over many values, in a process of its own: the ids of encoding/gob stay in one size class only
// while the process has met fewer than 60 types, and other tests of this package use more. Gob also keeps the name under which a type
// without one was met first, as a field or not, so no such type stands in two places here.
func TestSameLength(t *testing.T) {
	if os.Getenv(childEnv) == "" {
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(exe, "-test.run=^TestSameLength$")
		cmd.Env = append(os.Environ(), childEnv+"=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	byGobEncoder(struct{ First int }{1})
	types := []reflect.Type{
		reflect.TypeFor[appendArgs](), reflect.TypeFor[tree](), reflect.TypeFor[dict](),
		reflect.TypeFor[outer](), reflect.TypeFor[map[string][]int](), reflect.TypeFor[mutualA](), reflect.TypeFor[int](),
	}
	rapid.Check(t, func(t *rapid.T) {
		v := reflect.New(rapid.SampledFrom(types).Draw(t, "type"))
		newGen(rapid.Uint64().Draw(t, "value"), 3).fill(v.Elem(), 5, true)
		theirs, err := byGobEncoder(v.Interface())
		ours, ourErr := Append(nil, v.Interface())
		if err != nil || ourErr != nil {
			t.Fatalf("gob: %v, we: %v", err, ourErr)
		}
		if len(ours) != len(theirs) {
			t.Fatalf("%d bytes, gob's are %d:\n%x\n%x", len(ours), len(theirs), ours, theirs)
		}
	})
}

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
