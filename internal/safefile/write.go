package safefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Create writes a file, with its folder, whole or not at all. If there is one of the
// same content, nothing is done; if there is another, the error is [fs.ErrExist].
// Any number of processes may create files in one folder at once.
func Create(path string, data []byte) error {
	same := func(old string) bool { return sameContent(old, data) }
	_, err := save(filepath.Dir(path), func(int) string { return filepath.Base(path) }, 1, data, same)
	return err
}

// Save writes a file into a folder, which it makes, under the first name(n) from n = 1
// that no other file has, whole or not at all, and returns the path. If same says of
// one that is there that it is as good as this one, that stays and its path is
// returned; a nil same compares the contents.
func Save(folder string, name func(n int) string, data []byte, same func(path string) bool) (path string, err error) {
	if same == nil {
		same = func(old string) bool { return sameContent(old, data) }
	}
	return save(folder, name, maxOfAName, data, same)
}

// Copy copies a regular file of at most most bytes as Create does.
func Copy(from, to string, most int64) error {
	data, err := Read(from, most)
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", from, err)
	}
	return Create(to, data)
}

// CanCreate says why there cannot be a file of this name that [Swap] writes: its folder
// takes none, or it leads to something that is no regular file.
func CanCreate(path string) error {
	if info, err := os.Stat(path); err == nil {
		if err := isRegular(info); err != nil {
			return err
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".samerun-*")
	if err != nil {
		return reason(err)
	}
	f.Close()
	return reason(os.Remove(f.Name()))
}

// Swap puts a complete file, of the same folder, in the place of what has the name path.
func Swap(complete, path string) error {
	f, err := os.OpenFile(complete, os.O_RDWR, 0)
	if err == nil {
		err = f.Sync()
		f.Close()
	}
	if err == nil {
		err = os.Rename(complete, path)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, reason(err))
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// Replace writes a file, whole or not at all, in the place of what has its name. Whoever reads that
// meanwhile has the old one or the new one.
func Replace(path string, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".samerun-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, reason(err))
	}
	defer os.Remove(f.Name())
	err = fill(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, reason(err))
	}
	return Swap(f.Name(), path)
}

// Move gives a file of the same folder another name, unless something has that already.
func Move(from, to string) error {
	if err := give(from, to); err != nil {
		return fmt.Errorf("%s cannot be written: %w", to, reason(err))
	}
	if err := os.Remove(from); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	syncFolder(filepath.Dir(to))
	return nil
}

// maxOfAName is how many names Save tries.
const maxOfAName = 1000

func save(folder string, name func(n int) string, most int, data []byte, same func(path string) bool) (string, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	tmp, err := writeTemp(folder, data)
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp)
	for n := 1; n <= most; n++ {
		path := filepath.Join(folder, name(n))
		err := give(tmp, path)
		if err == nil {
			syncFolder(folder)
			return path, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("%s cannot be written: %w", path, reason(err))
		}
		if same(path) {
			return path, nil
		}
	}
	if most == 1 {
		return "", fmt.Errorf("%s is there already and has another content (%w)", filepath.Join(folder, name(1)), fs.ErrExist)
	}
	return "", fmt.Errorf("%s holds %d files of the name %s and the like (%w)", folder, most, name(1), fs.ErrExist)
}

// put writes data; tests have it fail.
var put = func(w io.Writer, data []byte) error {
	_, err := w.Write(data)
	return err
}

// link gives a file a second name; tests have it fail.
var link = os.Link

// give gives a temporary file its name, unless something has that already.
func give(tmp, path string) error {
	// A link, unlike a rename, fails if the name is taken.
	err := link(tmp, path)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// Some file systems have no links. There the name is taken first, by an empty file,
	// and what is complete replaces that.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	f.Close()
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(path)
		return err
	}
	return nil
}

// writeTemp writes a file of a name that nobody else has.
func writeTemp(folder string, data []byte) (name string, err error) {
	tmp, err := os.CreateTemp(folder, ".samerun-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
			name, err = "", fmt.Errorf("%s cannot take a file: %w", folder, reason(err))
		}
	}()
	if err = put(tmp, data); err == nil {
		err = tmp.Sync()
	}
	if closing := tmp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	return tmp.Name(), err
}

// syncFolder makes the name as durable as the content. Not all systems can, and on
// those there is nothing to be done about it.
func syncFolder(folder string) {
	if d, err := os.Open(folder); err == nil {
		_ = d.Sync()
		d.Close()
	}
}

// sameContent reports whether a file is complete and has this content.
func sameContent(path string, data []byte) bool {
	old, err := Read(path, int64(len(data)))
	return err == nil && bytes.Equal(old, data)
}
