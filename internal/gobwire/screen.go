package gobwire

import (
	"encoding/gob"
	"io"
)

// screened is a stream for encoding/gob, which sees the bytes of a value only after a scanner has looked at its lengths. Values are read one
// at a time and no byte too many, so a stream that others use as well, or that grows while it is read, is left as gob alone would leave it.
type screened struct {
	in    wireReader
	scan  scanner
	ready []byte // not yet read by gob
	begun bool   // the scanner has walked over the current value
	gob   *gob.Decoder
}

// newScreened returns a screened stream that begins with known bytes, goes on with an error if err is not nil, and then with rest.
func newScreened(known []byte, err error, rest io.Reader) *screened {
	s := &screened{scan: scanner{types: map[int64]*wireType{}}}
	s.in.r = &replay{known, err, rest}
	s.gob = gob.NewDecoder(s)
	return s
}

// decode has gob read one value.
func (s *screened) decode(into any) error {
	if len(s.ready) > 0 { // gob has given up in the middle of a value, and goes on with the message behind
		s.in.r = &replay{s.ready, s.in.err, s.in.r}
		s.ready, s.in.err = nil, nil
	}
	s.begun = false
	return decodeByGob(s.gob, into)
}

// more makes bytes ready, or returns why there are none.
func (s *screened) more() error {
	if len(s.ready) == 0 && s.in.err == nil && !s.begun {
		s.begun = true
		s.in.raw = s.in.raw[:0]
		s.scan.source = source{in: &s.in}
		if err := s.scan.scan(); err != nil {
			return err
		}
		s.ready = s.in.raw
	}
	if len(s.ready) == 0 && s.in.err != nil {
		err := s.in.err
		s.in.err = nil
		return err
	}
	return nil
}

// Read is for gob. If the scanner understood less of the value than gob does, gob reads the rest of it from the stream.
func (s *screened) Read(p []byte) (int, error) {
	if err := s.more(); err != nil {
		return 0, err
	}
	if len(s.ready) == 0 {
		return s.in.r.Read(p)
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// ReadByte is for gob, which reads ahead unless a reader has it.
func (s *screened) ReadByte() (byte, error) {
	var b [1]byte
	_, err := io.ReadFull(s, b[:])
	return b[0], err
}

// replay reads known bytes, then returns an error, if there is one, then reads the rest.
type replay struct {
	known []byte
	err   error
	rest  io.Reader
}

func (r *replay) Read(p []byte) (int, error) {
	if len(r.known) > 0 {
		n := copy(p, r.known)
		r.known = r.known[n:]
		return n, nil
	}
	if err := r.err; err != nil {
		r.err = nil
		return 0, err
	}
	return r.rest.Read(p)
}
