package screen

import (
	"io"
	"os"
	"sync"
	"unicode/utf8"

	"samerun/internal/text"
)

// Output is standard output, and remembers that it could not be written: a result that
// nobody got must not end in exit status 0. It is safe for concurrent use.
type Output struct {
	To io.Writer
	// ASCII says that what is not ASCII is written with signs that are (text.ASCII).
	ASCII bool

	mu   sync.Mutex
	part []byte // the beginning of a character whose end was not written yet, if ASCII
	err  error  // the first
}

// Write writes to To.
func (o *Output) Write(p []byte) (int, error) {
	n, err := o.write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if err != nil {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.err == nil {
			o.err = err
		}
	}
	return n, err
}

// write writes to To what is to be seen of p.
func (o *Output) write(p []byte) (int, error) {
	if !o.ASCII {
		return o.To.Write(p)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	whole := append(o.part, p...)
	end := len(whole)
	for k := 1; k < utf8.UTFMax && k <= end; k++ {
		if c := whole[end-k]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(whole[end-k:]) {
				end -= k
			}
			break
		}
	}
	o.part = append([]byte(nil), whole[end:]...)
	_, err := io.WriteString(o.To, text.ASCII(string(whole[:end])))
	return len(p), err
}

// Stat is that of the file that the output is, if it is one: a screen asks for it.
func (o *Output) Stat() (os.FileInfo, error) {
	if f, ok := o.To.(*os.File); ok {
		return f.Stat()
	}
	return nil, os.ErrInvalid
}

// Failed returns the first error, nil if all was written.
func (o *Output) Failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
