package gobwire

import (
	"bytes"
	"encoding/gob"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

type (
	onlyGob     struct{ N int }
	onlyGobPtr  struct{ N int }
	onlyGobName struct{ N int }
	onlyGobList []string
	onlyGobDeep struct{ In any }
	// moody encodes itself, and panics if it is zero.
	moody struct{ n byte }
	// picky encodes itself, and cannot if it is zero.
	picky struct{ n byte }
)

func (m *moody) GobEncode() ([]byte, error) {
	if m.n == 0 {
		panic("zero")
	}
	return []byte{m.n}, nil
}

func (m *moody) GobDecode(b []byte) error { m.n = b[0]; return nil }

func (p picky) GobEncode() ([]byte, error) {
	if p.n == 0 {
		return nil, errors.New("zero")
	}
	return []byte{p.n}, nil
}

func (p *picky) GobDecode(b []byte) error { p.n = b[0]; return nil }

// What a program has registered with encoding/gob alone is sent as gob sends it.
func TestRegisteredWithGobAlone(t *testing.T) {
	// The first type that a process shows to gob has a number which takes a byte less.
	_ = gob.NewEncoder(io.Discard).Encode(struct{ First int }{1})
	type holds struct{ V any }
	gob.Register(onlyGob{})
	gob.Register(&onlyGobPtr{})
	gob.RegisterName("its own name", onlyGobName{})
	gob.Register(onlyGobList{})
	gob.Register(onlyGobDeep{})
	gob.Register(&moody{})
	gob.Register(picky{})
	for _, v := range []any{
		onlyGob{1}, &onlyGobPtr{2}, onlyGobName{3}, onlyGobList{"a", "b"}, onlyGobDeep{onlyGob{4}}, &moody{5}, picky{6},
	} {
		for range 2 { // the second time it is known
			ours, err := Append(nil, holds{v})
			if err != nil {
				t.Errorf("%T: %v", v, err)
				continue
			}
			var theirs bytes.Buffer
			if err := gob.NewEncoder(&theirs).Encode(holds{v}); err != nil || len(ours) != theirs.Len() {
				t.Errorf("%T: %d bytes, gob has %d (%v)", v, len(ours), theirs.Len(), err)
			}
			var back, fromGob holds
			if err := Decode(ours, &back); err != nil || !reflect.DeepEqual(back.V, v) {
				t.Errorf("%#v came back as %#v: %v", v, back.V, err)
			}
			if err := gob.NewDecoder(bytes.NewReader(ours)).Decode(&fromGob); err != nil || !reflect.DeepEqual(fromGob.V, v) {
				t.Errorf("%#v is to gob %#v: %v", v, fromGob.V, err)
			}
		}
	}
	type nobody struct{ X int }
	if _, err := Append(nil, holds{onlyGobDeep{nobody{1}}}); err == nil || !strings.Contains(err.Error(), "call labgob.Register(gobwire.nobody{})") {
		t.Errorf("an unknown type in a known one: %v", err)
	}
}
