package gobwire

import "io"

type byteReader interface {
	io.Reader
	io.ByteReader
}

// wireReader reads messages and keeps the bytes of the current value, in case encoding/gob has to read them again.
type wireReader struct {
	r   byteReader
	raw []byte
}

// next returns the content of the next message. Whatever is wrong with the stream, encoding/gob will find it too, and name it.
func (w *wireReader) next() []byte {
	n := w.length()
	if n >= maxMessage {
		panic(errSlow)
	}
	start := len(w.raw)
	for n > 0 {
		part := min(n, chunk) // a length alone must not allocate much
		w.fill(int(part))
		n -= part
	}
	return w.raw[start:len(w.raw):len(w.raw)]
}

func (w *wireReader) length() uint64 {
	start := len(w.raw)
	w.fill(1)
	if size := -int(int8(w.raw[start])); size > 0 {
		if size > 8 {
			panic(errSlow)
		}
		w.fill(size)
	}
	n, _ := readUint(w.raw[start:])
	return n
}

func (w *wireReader) fill(n int) {
	start := len(w.raw)
	w.raw = append(w.raw, make([]byte, n)...)
	got, err := io.ReadFull(w.r, w.raw[start:])
	w.raw = w.raw[:start+got]
	if err != nil {
		panic(errSlow)
	}
}

// replay reads known bytes, then the rest. It reads no byte too many, since it is a ByteReader.
type replay struct {
	known []byte
	rest  byteReader
}

func (r *replay) Read(p []byte) (int, error) {
	if len(r.known) > 0 {
		n := copy(p, r.known)
		r.known = r.known[n:]
		return n, nil
	}
	return r.rest.Read(p)
}

func (r *replay) ReadByte() (byte, error) {
	if len(r.known) > 0 {
		c := r.known[0]
		r.known = r.known[1:]
		return c, nil
	}
	return r.rest.ReadByte()
}
