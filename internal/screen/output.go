package screen

import (
	"io"
	"os"
	"sync"
)

// Output is standard output, and remembers that it could not be written: a result that
// nobody got must not end in exit status 0. It is safe for concurrent use.
type Output struct {
	To io.Writer

	mu  sync.Mutex
	err error // the first
}

// Write writes to To.
func (o *Output) Write(p []byte) (int, error) {
	n, err := o.To.Write(p)
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
