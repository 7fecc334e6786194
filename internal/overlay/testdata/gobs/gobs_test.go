// Package gobs says what encoding/gob does, in lines that are the same with and without the memory
// of decoders and encoders: each stream into each target, whole, cut off and damaged; several
// values to a stream; writers that fail. All of it twice, since the memory is empty at first.
package gobs

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"testing"
)

// say prints what came of something. What decodes into a panic, as gob does of half an engine, is
// said, too.
func say(what string, do func() (any, error)) {
	line := func() (line string) {
		defer func() {
			if v := recover(); v != nil {
				line = fmt.Sprintf("panic: %v", v)
			}
		}()
		v, err := do()
		text, bad := json.Marshal(v)
		if bad != nil {
			text = fmt.Appendf(nil, "%T", v)
		}
		return fmt.Sprintf("%s %v", text, err)
	}()
	fmt.Printf("gob %s: %s\n", what, line)
}

func encoded(values ...any) ([]byte, error) {
	var b bytes.Buffer
	e := gob.NewEncoder(&b)
	var errs []error
	for _, v := range values {
		errs = append(errs, e.Encode(v))
	}
	return b.Bytes(), errors.Join(errs...)
}

func sum(data []byte) uint64 {
	h := fnv.New64a()
	h.Write(data)
	return h.Sum64()
}

func TestEachIntoEach(t *testing.T) {
	for round := range 2 {
		for i, v := range values() {
			var data []byte
			say(fmt.Sprintf("%d write %d %T", round, i, v), func() (any, error) {
				var err error
				data, err = encoded(v)
				return fmt.Sprintf("%d bytes %x", len(data), sum(data)), err
			})
			for j, into := range targets() {
				say(fmt.Sprintf("%d read %d %T into %d %T", round, i, v, j, into), func() (any, error) {
					err := gob.NewDecoder(bytes.NewReader(data)).Decode(into)
					return into, err
				})
			}
		}
	}
}

// One decoder after another's failure, and one that goes on behind its own.
func TestSeveralToAStream(t *testing.T) {
	all := values()
	for round := range 2 {
		for i := range all {
			var some []any
			for k := range 4 {
				some = append(some, all[(i+k*k*5)%len(all)])
			}
			var data []byte
			say(fmt.Sprintf("%d write from %d", round, i), func() (any, error) {
				var err error
				data, err = encoded(some...)
				return fmt.Sprintf("%d bytes %x", len(data), sum(data)), err
			})
			for j := range targets() {
				d := gob.NewDecoder(bytes.NewReader(data))
				for k := range some {
					into := targets()[(j+3*k)%len(targets())]
					say(fmt.Sprintf("%d read from %d, value %d into %T", round, i, k, into), func() (any, error) { return into, d.Decode(into) })
				}
			}
		}
	}
}

func TestDamaged(t *testing.T) {
	for round := range 2 {
		for i, v := range values() {
			data, err := func() (data []byte, err error) {
				defer func() {
					if recover() != nil {
						err = io.EOF
					}
				}()
				return encoded(v, v)
			}()
			if err != nil {
				continue
			}
			for at := range data {
				for _, change := range []byte{1, 0x80, 0xff} {
					bad := bytes.Clone(data)
					bad[at] ^= change
					into := targets()[(at+i)%len(targets())]
					d := gob.NewDecoder(bytes.NewReader(bad))
					say(fmt.Sprintf("%d damaged %d at %d by %x", round, i, at, change), func() (any, error) { return into, d.Decode(into) })
					say("  and again", func() (any, error) { return into, d.Decode(into) })
				}
				d := gob.NewDecoder(bytes.NewReader(data[:at]))
				var into any
				say(fmt.Sprintf("%d cut %d at %d", round, i, at), func() (any, error) { return nil, d.Decode(&into) })
				say("  ignored", func() (any, error) { return nil, gob.NewDecoder(strings.NewReader(string(data[:at]))).Decode(nil) })
			}
		}
	}
}

// failing is a writer that fails once, in its n-th call.
type failing struct {
	n    int
	said []string
}

func (f *failing) Write(p []byte) (int, error) {
	f.n--
	f.said = append(f.said, fmt.Sprintf("%d bytes %x", len(p), sum(p)))
	if f.n == 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

func TestFailingWriters(t *testing.T) {
	for round := range 2 {
		for i, v := range values() {
			for n := range 6 {
				f := &failing{n: n}
				e := gob.NewEncoder(f)
				for range 2 {
					say(fmt.Sprintf("%d writer fails in call %d of %d", round, n, i), func() (any, error) {
						err := e.Encode(v)
						return f.said, err
					})
				}
			}
		}
	}
}

// Types without end: the memory is full at some time.
func TestTypesWithoutEnd(t *testing.T) {
	for i := range 300 {
		data, err := encoded(Point{i, i}, Wide{X: int64(i)})
		if err != nil {
			t.Fatal(err)
		}
		// The names of fields are made up.
		data = bytes.ReplaceAll(data, []byte("Inner"), fmt.Appendf(nil, "In%03d", i))
		var p Point
		var w Wide
		d := gob.NewDecoder(bytes.NewReader(data))
		say(fmt.Sprintf("made up %d", i), func() (any, error) { return p, d.Decode(&p) })
		say("  and", func() (any, error) { return w, d.Decode(&w) })
	}
}
