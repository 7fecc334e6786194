package gobwire

import (
	"io"
	"slices"
)

// wireReader reads messages and keeps the bytes of the current value, in case encoding/gob has to read them again.
type wireReader struct {
	r   io.Reader
	raw []byte
	err error // of r, behind the bytes in raw
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
	for end := len(w.raw) + n; len(w.raw) < end; {
		if w.err != nil {
			panic(errSlow)
		}
		w.raw = slices.Grow(w.raw, end-len(w.raw))
		var got int
		got, w.err = w.r.Read(w.raw[len(w.raw):end])
		w.raw = w.raw[:len(w.raw)+got]
	}
}
