package strictjson

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Field is one field of an object, its value not yet read.
type Field struct {
	Name string
	Raw  json.RawMessage // of the value: JSON, but nothing more is known of it
	Line int             // in which the value begins
}

// Fields takes an object apart. what names it, for errors.
func (r *Reader) Fields(what string) ([]Field, error) {
	var fields []Field
	err := r.Object(what, func(key string) error {
		f := Field{Name: key}
		var err error
		f.Raw, f.Line, err = r.raw()
		fields = append(fields, f)
		return err
	})
	return fields, err
}

// Reader returns a reader of the value.
func (f *Field) Reader() *Reader { return newReader(f.Raw, f.Line) }

// InPlace is the value behind as many line breaks as make it begin in its line, for
// a reader that counts lines itself.
func (f *Field) InPlace() []byte { return append(bytes.Repeat([]byte("\n"), f.Line-1), f.Raw...) }

// Value reads any value as it stands.
func (r *Reader) Value(into *json.RawMessage) (err error) {
	*into, _, err = r.raw()
	return err
}

// raw reads any value as it stands, and says in which line it begins.
func (r *Reader) raw() (raw json.RawMessage, line int, err error) {
	if err := r.dec.Decode(&raw); err != nil {
		return nil, 0, r.broken(err)
	}
	r.count(int(r.dec.InputOffset()) - len(raw))
	return raw, r.line, nil
}

// keys are the keys of an object that have been read. Most objects have few, and
// none may make this slow.
type keys struct {
	few  []string
	many map[string]bool
}

const fewKeys = 16

// again notes a key and says whether it was there before.
func (k *keys) again(key string) bool {
	if slices.Contains(k.few, key) || k.many[key] {
		return true
	}
	if len(k.few) < fewKeys {
		k.few = append(k.few, key)
		return false
	}
	if k.many == nil {
		k.many = map[string]bool{}
	}
	k.many[key] = true
	return false
}
