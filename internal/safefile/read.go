package safefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Open opens a regular file for reading. It does not wait for anybody, whatever the
// path leads to. The error does not name the path.
func Open(path string) (*os.File, error) {
	// The first look is for what must not be opened at all: to open a device can
	// have effects.
	info, err := os.Stat(path)
	if err != nil {
		return nil, reason(err)
	}
	if err := isRegular(info); err != nil {
		return nil, err
	}
	// The path may lead elsewhere by now, so neither may this call wait.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, reason(err)
	}
	if info, err = f.Stat(); err == nil {
		err = isRegular(info)
	}
	if err != nil {
		f.Close()
		return nil, reason(err)
	}
	return f, nil
}

// Read returns the content of a regular file of at most so many bytes. The error does
// not name the path.
func Read(path string, most int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, reason(err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("it is longer than %d MB", most>>20)
	}
	return data, nil
}

// isRegular says what a path leads to that is no regular file.
func isRegular(info fs.FileInfo) error {
	mode := info.Mode()
	what := ""
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		what = "a directory"
	case mode&fs.ModeNamedPipe != 0:
		what = "a named pipe"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	default:
		what = "a device"
	}
	return fmt.Errorf("it is %s, not a regular file", what)
}

// reason is an error without the path and the call: who reports it names the path in
// words of their own.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
