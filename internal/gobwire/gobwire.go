package gobwire

import "errors"

// Append appends to dst the complete stream that a fresh gob.Encoder would write for v: descriptors, then the value. It
// returns the extended slice, or dst unchanged and an error where gob would refuse v. A nil pointer is an error too.
// Equal values give equal bytes, in every process. Interface values must be of types known to [Register].
//
// Panics of the user's own methods GobEncode and MarshalBinary are passed on.
func Append(dst []byte, v any) ([]byte, error) {
	if v == nil {
		return dst, errNilValue
	}
	e := encoder{state: emptyStream}
	return e.encode(dst, planOf(v), v)
}

var errNilValue = errors.New("gob: cannot encode nil value")

// Decode reads the first value of a stream into what into points to, as a fresh gob.Decoder would: fields that were not sent keep
// what they hold, and fields are matched by name if the stream comes from another type. Errors are those of
// encoding/gob, except for lengths that the stream cannot hold, and for bytes over which gob panics. Panics of the user's own methods GobDecode and
// UnmarshalBinary are passed on.
func Decode(data []byte, into any) error {
	p, at, err := destination(into)
	if err != nil {
		return err
	}
	if p != nil {
		d := decoder{state: emptyStream, source: source{rest: data}}
		if ok, err := d.decode(p, p.first, at); ok {
			return err
		}
	}
	return decodeForeign(data, into)
}
