package gobwire

import "reflect"

// describe returns the messages, without their lengths, that tell the receiver about a type and all it is
// made of, and the id that announces a value of it. It marks them as sent.
func (t *table) describe(ut userType) (payloads [][]byte, id int, err error) {
	rt := ut.base
	if ut.enc != notExternal {
		rt = ut.user
	}
	if _, ok := t.sent[rt]; !ok {
		sent := false
		if sent, err = t.send(&payloads, rt); err != nil {
			return nil, 0, err
		}
		if !sent {
			in, err := t.info(ut)
			if err != nil {
				return nil, 0, err
			}
			t.sent[rt] = in.id
		}
	}
	return payloads, t.sent[ut.base], nil
}

func (t *table) send(out *[][]byte, rt reflect.Type) (bool, error) {
	ut, err := userTypeOf(rt)
	if err != nil {
		return false, err
	}
	if ut.enc == notExternal {
		switch ut.base.Kind() {
		case reflect.Array, reflect.Map, reflect.Struct:
		case reflect.Slice:
			if isBytes(ut.base) {
				return false, nil
			}
		default:
			return false, nil
		}
	}
	if _, ok := t.sent[ut.base]; ok {
		return false, nil
	}
	in, err := t.info(ut)
	if err != nil {
		return false, err
	}
	*out = append(*out, in.appendTo(nil))
	t.sent[ut.base] = in.id
	t.sent[ut.user] = in.id
	return true, t.sendParts(out, ut.base)
}

// sendParts describes the parts even of a type that encodes itself: gob does so too, and its bytes count.
func (t *table) sendParts(out *[][]byte, rt reflect.Type) error {
	var parts []reflect.Type
	switch rt.Kind() {
	case reflect.Struct:
		for i := range rt.NumField() {
			if f := rt.Field(i); isExported(f.Name) {
				parts = append(parts, f.Type)
			}
		}
	case reflect.Array, reflect.Slice:
		parts = append(parts, rt.Elem())
	case reflect.Map:
		parts = append(parts, rt.Key(), rt.Elem())
	}
	for _, part := range parts {
		if _, err := t.send(out, part); err != nil {
			return err
		}
	}
	return nil
}

// appendTo appends the descriptor: the negated id, then gob's wireType struct, which has one of its fields set.
func (in info) appendTo(b []byte) []byte {
	w := in.wire
	b = appendInt(b, -int64(in.id))
	b = append(b, byte(in.kind)) // the number of the field, and the only one
	b = append(b, 1)             // its first field is the common part
	d := delta(-1)
	b = d.string(b, 0, w.name)
	b = d.int(b, 1, w.id)
	b = append(b, 0)
	d = 0
	switch in.kind {
	case wireArray:
		b = d.int(b, 1, w.elem)
		b = d.int(b, 2, w.len)
	case wireSlice:
		b = d.int(b, 1, w.elem)
	case wireMap:
		b = d.int(b, 1, w.key)
		b = d.int(b, 2, w.elem)
	case wireStruct:
		if len(w.fields) > 0 {
			b = append(b, 1)
			b = appendUint(b, uint64(len(w.fields)))
			for _, f := range w.fields {
				fd := delta(-1)
				b = fd.string(b, 0, f.name)
				b = fd.int(b, 1, f.id)
				b = append(b, 0)
			}
		}
	}
	return append(b, 0, 0)
}

// delta is the number of the last field written; gob sends differences, and leaves out zeros.
type delta int

func (d *delta) int(b []byte, field, x int) []byte {
	if x == 0 {
		return b
	}
	b = append(b, byte(delta(field)-*d))
	*d = delta(field)
	return appendInt(b, int64(x))
}

func (d *delta) string(b []byte, field int, s string) []byte {
	if s == "" {
		return b
	}
	b = append(b, byte(delta(field)-*d))
	*d = delta(field)
	b = appendUint(b, uint64(len(s)))
	return append(b, s...)
}
