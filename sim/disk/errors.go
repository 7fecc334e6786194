package disk

import (
	"errors"
	"fmt"
	"io/fs"
)

// Errors of a disk come in an *fs.PathError that has the operation and the name.
// Besides those below they are fs.ErrNotExist, fs.ErrClosed, fs.ErrInvalid for an
// argument that makes no sense, and io.EOF.
var (
	// ErrNoSpace means that the disk has no room for what was to be written. A
	// write has then stored as many bytes as had room, and says how many.
	ErrNoSpace = errors.New("no space left on the disk")

	// ErrSync means that Sync or SyncDir failed. After a failed Sync the writes
	// that it was to make durable are lost, and trying again does not bring
	// them back.
	ErrSync = errors.New("sync failed, nothing that waited for it is durable")

	// ErrCrashed means that the node crashed after the file was opened, or
	// while the operation was under way.
	ErrCrashed = errors.New("the node crashed; files must be opened again after it has restarted")
)

// fail puts an error into its operation and name.
func fail(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// invalid is a bad argument, told in one sentence.
func invalid(op, name, format string, args ...any) error {
	return fail(op, name, fmt.Errorf("%w: "+format, append([]any{fs.ErrInvalid}, args...)...))
}
