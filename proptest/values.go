package proptest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"samerun/sim"
	"samerun/sim/fault"
)

// Values in replay files are JSON, and stay what they are when generators change,
// other than rapid's words. Whether a value is the same after it was written and
// read is looked at when a failure is recorded, and told if it is not: a replay of
// other values would be another run.

// form is how values of a type are written as JSON and read again. write refuses
// those that read would not give back.
type form[V any] struct {
	write func(v V) ([]byte, error)
	read  func(data []byte) (V, error)
}

// valueForm is the form of types that have no other.
func valueForm[V any]() form[V] {
	read := func(data []byte) (V, error) {
		var v V
		if c, ok := any(&v).(*sim.Config); ok {
			err := readConfig(data, c)
			return v, err
		}
		err := readJSON(data, &v)
		return v, err
	}
	return form[V]{read: read, write: func(v V) ([]byte, error) {
		data, err := writeValue(v)
		if err != nil {
			return nil, err
		}
		again, err := read(data)
		return data, survives(v, again, data, err)
	}}
}

// survives says what is wrong with a value that was written as data and read as
// again, or failed to be read.
func survives(v, again any, data []byte, err error) error {
	if err != nil {
		return fmt.Errorf("what is written of it cannot be read: %w", err)
	}
	if !sameValue(v, again) {
		return errors.New("it is not the same when it is written as JSON and read again; export its fields, or give the type MarshalJSON and UnmarshalJSON")
	}
	if twice, err := writeValue(again); err != nil || !bytes.Equal(twice, data) {
		return errors.New("it is written otherwise after it was read; its MarshalJSON and UnmarshalJSON do not fit")
	}
	return nil
}

func sameValue(a, b any) bool {
	switch a := a.(type) {
	case fault.Schedule: // a list without faults may be nil or empty
		return a.Equal(b.(fault.Schedule))
	case sim.Config:
		return sameConfig(a, b.(sim.Config))
	}
	return reflect.DeepEqual(a, b)
}

func writeValue(v any) ([]byte, error) {
	if c, ok := v.(sim.Config); ok {
		return writeConfig(c)
	}
	return writeJSON(v)
}

// writeJSON is json.Marshal with arrows and angle brackets as they are.
func writeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// readJSON is json.Unmarshal that refuses fields that the type does not have.
func readJSON(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something behind the value")
	}
	return nil
}
