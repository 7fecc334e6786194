package main

import (
	"io"
	"os"
	"sync"
)

// output is standard output, and remembers that it could not be written: a result that
// nobody got must not end in exit status 0. It is safe for concurrent use.
type output struct {
	to io.Writer

	mu  sync.Mutex
	err error // the first
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
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
func (o *output) Stat() (os.FileInfo, error) {
	if f, ok := o.to.(*os.File); ok {
		return f.Stat()
	}
	return nil, os.ErrInvalid
}

// failed returns the first error.
func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
