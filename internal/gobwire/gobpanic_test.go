package gobwire

import (
	"bytes"
	"encoding/gob"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// Keys of these two types look alike on the wire, but for their names; the first is sent as a pointer, which has a hash.
type hashlessP []int
type hashlessV []int

// Types that decode themselves, each in its own bad way.
type (
	panicker  struct{ N int }
	exiter    struct{ N int }
	delegator struct{ N int }
)

var errMine = errors.New("my own panic")

func (p panicker) GobEncode() ([]byte, error)   { return []byte{1}, nil }
func (p *panicker) GobDecode([]byte) error      { panic(errMine) }
func (e exiter) MarshalBinary() ([]byte, error) { return []byte{1}, nil }
func (e *exiter) UnmarshalBinary([]byte) error  { runtime.Goexit(); return nil }

// delegator decodes its bytes with encoding/gob, which panics over them.
func (d delegator) GobEncode() ([]byte, error) {
	return Append(nil, struct{ P string }{"p"})
}
func (d *delegator) GobDecode(b []byte) error {
	return gob.NewDecoder(bytes.NewReader(b)).Decode(new(struct {
		*Pointed
		Q int
	}))
}

func init() {
	RegisterName("gobwire.hashlessP", &hashlessP{})
	RegisterName("gobwire.hashlessV", hashlessV{})
}

// TestGobPanics: bytes over which encoding/gob panics are an error, alone and in a stream, which goes on behind them.
func TestGobPanics(t *testing.T) {
	encoded := func(v any) []byte {
		b, err := Append(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	keys := encoded(map[any]int{&hashlessP{1}: 7})
	type foreign struct { // another type, so that all of it is left to gob
		K     map[any]int
		Other string
	}
	for _, c := range []struct {
		name string
		data []byte
		into any
		want string
	}{
		{"an embedded struct that is not there", encoded(struct{ P string }{"p"}), new(struct {
			*Pointed
			Q int
		}), "nil pointer to embedded struct"},
		{"a key without a hash", bytes.ReplaceAll(keys, []byte("hashlessP"), []byte("hashlessV")), new(map[any]int), "unhashable"},
		{"a key without a hash, in a foreign stream",
			bytes.ReplaceAll(encoded(struct{ K map[any]int }{map[any]int{&hashlessP{1}: 7}}), []byte("hashlessP"), []byte("hashlessV")), new(foreign), "unhashable"},
		{"an array of keys", bytes.ReplaceAll(encoded(map[[2]any]int{{1, &hashlessP{1}}: 7}), []byte("hashlessP"), []byte("hashlessV")), new(map[[2]any]int), "unhashable"},
		{"gob within a method of the user", encoded(delegator{1}), new(delegator), "nil pointer to embedded struct"},
		{"and in a foreign stream", encoded(struct{ D delegator }{delegator{1}}), new(struct {
			D     delegator
			Other string
		}), "nil pointer to embedded struct"},
	} {
		if byGobDecoder(c.data, reflect.New(reflect.TypeOf(c.into).Elem()).Interface()) != errGobPanic {
			t.Errorf("%s: gob does not panic, so this shows nothing", c.name)
		}
		check := func(how string, err error) {
			if err == nil || !strings.HasPrefix(err.Error(), "gob: cannot decode into a *") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: got %v, want %q", c.name, how, err, c.want)
			}
		}
		check("alone", Decode(c.data, c.into))
		d := NewDecoder(io.MultiReader(bytes.NewReader(c.data), bytes.NewReader(encoded("behind"))))
		check("in a stream", d.Decode(c.into))
		var s string
		if err := d.Decode(&s); err != nil || s != "behind" {
			t.Errorf("%s: the value behind it is %q, %v", c.name, s, err)
		}
	}
}

// TestUserPanics: what the user's own methods do to the goroutine they do, whoever calls them.
func TestUserPanics(t *testing.T) {
	type other struct {
		V     panicker
		Other string
	}
	type otherExit struct {
		V     exiter
		Other string
	}
	for _, c := range []struct {
		name   string
		v      any
		into   any
		panics any // nil if the goroutine is to end
	}{
		{"fast", struct{ V panicker }{panicker{1}}, new(struct{ V panicker }), errMine},
		{"by gob", struct{ V panicker }{panicker{1}}, new(other), errMine},
		{"exit, fast", struct{ V exiter }{exiter{1}}, new(struct{ V exiter }), nil},
		{"exit, by gob", struct{ V exiter }{exiter{1}}, new(otherExit), nil},
	} {
		b, err := Append(nil, c.v)
		if err != nil {
			t.Fatal(err)
		}
		for how, decode := range map[string]func() error{
			"Decode":  func() error { return Decode(b, c.into) },
			"Decoder": func() error { return NewDecoder(bytes.NewReader(b)).Decode(c.into) },
		} {
			done := make(chan any)
			go func() {
				defer func() { done <- recover() }()
				t.Errorf("%s, %s: returned %v", c.name, how, decode())
			}()
			if got := <-done; got != c.panics {
				t.Errorf("%s, %s: panic of %v, want %v", c.name, how, got, c.panics)
			}
		}
	}
	// A reader is the user's as well.
	defer func() {
		if got := recover(); got != errMine {
			t.Errorf("panic of %v, want the reader's", got)
		}
	}()
	_ = NewDecoder(panicReader{}).Decode(new(int))
}

type panicReader struct{}

func (panicReader) Read([]byte) (int, error) { panic(errMine) }

// TestStreamOfLies: a stream left to encoding/gob is looked at first, like a message that stands alone.
func TestStreamOfLies(t *testing.T) {
	b, err := Append(nil, struct{ M map[int]int }{map[int]int{5: 6}})
	if err != nil {
		t.Fatal(err)
	}
	lie := "\xfb\x7f\xff\xff\xff\x00"
	i := bytes.LastIndex(b, []byte("\x01\x0a\x0c"))
	hostile := bytes.Clone(b[:i])
	hostile[i-4] += byte(len(lie) - 1) // the length of the message, before the id and the number of the field
	hostile = append(append(hostile, lie...), b[i+1:]...)
	for _, into := range []any{new(struct{ M, N map[int]int }), nil, new(struct{ N int })} {
		d := NewDecoder(bytes.NewReader(hostile))
		for range 2 {
			if err := d.Decode(into); err == nil || !strings.Contains(err.Error(), "the length of a map exceeds the size of the input") {
				t.Errorf("into a %T: %v", into, err)
			}
		}
	}
}

// growing is a stream that others still write to.
type growing struct{ bytes.Buffer }

// TestGrowingStream: the end of a stream left to encoding/gob is no end for ever.
func TestGrowingStream(t *testing.T) {
	var w growing
	e, d := gob.NewEncoder(&w), NewDecoder(&w)
	type theirs struct{ B, A int }
	type ours struct{ A, B int }
	for i := range 3 {
		if err := d.Decode(new(ours)); err != io.EOF {
			t.Errorf("at the end: %v, want EOF", err)
		}
		if err := e.Encode(theirs{i, i + 1}); err != nil {
			t.Fatal(err)
		}
		var got ours
		if err := d.Decode(&got); err != nil || got != (ours{i + 1, i}) {
			t.Errorf("got %v, %v", got, err)
		}
	}
}
