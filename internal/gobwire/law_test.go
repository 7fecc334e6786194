package gobwire

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// errGobPanic stands for a panic of encoding/gob itself. Encoding, it strips a pointer too many before it calls a method that
// it reaches through two. Decoding, there are more ways: see decodeByGob.
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
	return recovered(gob.NewDecoder(bytes.NewReader(data)), into)
}

// recovered is what a plain gob.Decoder says.
func recovered(d *gob.Decoder, into any) (err error) {
	defer func() {
		if recover() != nil {
			err = errGobPanic
		}
	}()
	return d.Decode(into)
}

// sameOutcome tells whether two errors are equal. gob's panics must be errors of ours.
func sameOutcome(ours, gobs error) bool {
	switch {
	case ours == nil || gobs == nil:
		return ours == nil && gobs == nil
	case gobs == errGobPanic:
		return strings.HasPrefix(ours.Error(), "gob: cannot decode into a ")
	}
	return ours.Error() == gobs.Error()
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

// TestCorrupted: a wrong byte has the same outcome as in gob, be it a value or an error. Where gob panics, the outcome is an error.
func TestCorrupted(t *testing.T) {
	for _, c := range []corruption{
		// The name of a field becomes that of one in an embedded struct that is not there.
		{typ: 0x17057, value: 0, at: 112, bit: 2},
	} {
		c.check(t)
	}
	rapid.Check(t, func(t *rapid.T) {
		c := corruption{typ: rapid.Uint64().Draw(t, "type"), value: rapid.Uint64().Draw(t, "value")}
		b, from := c.stream()
		if b == nil {
			return
		}
		if !rapid.Bool().Draw(t, "in the value") {
			from = 0
		}
		c.at, c.bit = rapid.IntRange(from, len(b)-1).Draw(t, "at"), rapid.IntRange(0, 7).Draw(t, "bit")
		c.check(t)
	})
}

// corruption is a stream with one wrong bit.
type corruption struct {
	typ, value uint64 // seeds
	at, bit    int
}

// stream returns the stream before the bit is turned, and where the value begins in it.
func (c corruption) stream() (b []byte, value int) {
	typ, make := newGen(c.typ, 3).message(2)
	b, err := Append(nil, make(c.value))
	if err != nil {
		return nil, 0 // there are such types
	}
	if p := planOfType(typ); p.first != nil {
		value = min(len(p.first.messages), len(b)-1)
	}
	return b, value
}

func (c corruption) check(t interface {
	Helper()
	Fatalf(string, ...any)
}) {
	t.Helper()
	typ, _ := newGen(c.typ, 3).message(2)
	b, _ := c.stream()
	b[c.at] ^= 1 << c.bit
	ours, theirs := reflect.New(typ).Interface(), reflect.New(typ).Interface()
	err := Decode(b, ours)
	if _, bad := err.(hostileError); bad {
		return // gob might believe it
	}
	if want := byGobDecoder(b, theirs); !sameOutcome(err, want) {
		t.Fatalf("%+v: %s: %v, gob says %v\n%x", c, typ, err, want, b)
	} else if err != nil {
		return
	}
	// Bytes are compared, since a NaN is not equal to itself.
	got, err := Append(nil, ours)
	want, wantErr := Append(nil, theirs)
	if !bytes.Equal(got, want) || (err == nil) != (wantErr == nil) {
		t.Fatalf("%+v: %s: %+v, by gob %+v\n%x", c, typ, ours, theirs, b)
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

// byteSeeds is how many random messages TestSameBytes compares, before one of each named type. Maps have at most one entry, so that gob has no choice.
const byteSeeds = 40

func messageOf(seed int) any {
	if seed >= byteSeeds {
		v := reflect.New(slices.Concat(namedTypes, oddTypes)[seed-byteSeeds])
		newGen(uint64(seed), 1).fill(v.Elem(), 6, true)
		return v.Interface()
	}
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
	for seed := range byteSeeds + len(namedTypes) + len(oddTypes) {
		cmd := exec.Command(exe, "-test.run=^TestSameBytes$")
		cmd.Env = append(os.Environ(), childEnv+"="+strconv.Itoa(seed), "GORACE=atexit_sleep_ms=0")
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
		cmd.Env = append(os.Environ(), childEnv+"=0", "GORACE=atexit_sleep_ms=0")
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
