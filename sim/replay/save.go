package replay

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Read reads a replay file. The error is one sentence that says which file,
// what is wrong with it, and what to do.
func Read(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		if why := (*fs.PathError)(nil); errors.As(err, &why) {
			err = why.Err
		}
		return nil, fmt.Errorf("the replay file %s cannot be opened: %w", path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		if why := (*fs.PathError)(nil); errors.As(err, &why) {
			err = why.Err
		}
		return nil, fmt.Errorf("the replay file %s cannot be read: %w", path, err)
	}
	p, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("the replay file %s cannot be used: %w (if it cannot be corrected, record the failure anew)", path, err)
	}
	return p, nil
}

// maxOfAName is how many files Save lets differ in their number alone.
const maxOfAName = 1000

// Save writes the replay into a folder, which it makes, under a name of the test
// and the digest, and returns the path. The file appears whole or not at all. A
// file that another failure left under that name is never overwritten: this one
// gets a number then. If the same run is there already, nothing is written.
// Any number of processes may save into one folder at once.
func (p *File) Save(dir string) (string, error) {
	data, err := p.Marshal()
	if err != nil {
		return "", err
	}
	if len(data) > maxSize {
		return "", fmt.Errorf("the replay would be longer than %d MB", maxSize>>20)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	tmp, err := writeTemp(dir, data)
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp)
	for n := 1; n <= maxOfAName; n++ {
		path := filepath.Join(dir, p.fileName(n))
		// A link, unlike a rename, fails if the name is taken.
		err := os.Link(tmp, path)
		if !errors.Is(err, fs.ErrExist) {
			return path, err
		}
		if old, err := Read(path); err == nil && p.SameRun(old) {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s holds %d replays of this name; delete some", dir, maxOfAName)
}

// writeTemp writes a file of a name that nobody else has.
func writeTemp(dir string, data []byte) (name string, err error) {
	tmp, err := os.CreateTemp(dir, ".replay-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(data); err == nil {
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

// fileName is "TestX-5c1e37d2.json", or "TestX-5c1e37d2-2.json" if that is taken.
func (p *File) fileName(n int) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, p.Test)
	name = name[:min(len(name), 100)] + "-" + p.Digest[:8]
	if n > 1 {
		name += "-" + strconv.Itoa(n)
	}
	return name + ".json"
}
