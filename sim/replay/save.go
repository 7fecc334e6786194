package replay

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"samerun/internal/safefile"
)

// Read reads a replay file. The error is one sentence that says which file,
// what is wrong with it, and what to do.
func Read(path string) (*File, error) {
	data, err := safefile.Read(path, maxSize)
	if err != nil {
		return nil, fmt.Errorf("the replay file %s cannot be read: %w", path, err)
	}
	p, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("the replay file %s cannot be used: %w (if it cannot be corrected, record the failure anew)", path, err)
	}
	if p.Kept != nil {
		return nil, fmt.Errorf("the file %s is an entry of a corpus, whose run has not failed; samerun test -guided runs it if it is in testdata/corpus", path)
	}
	return p, nil
}

// ReadEntry reads an entry of a corpus. The error is one sentence as of Read.
func ReadEntry(path string) (*File, error) {
	data, err := safefile.Read(path, maxSize)
	if err != nil {
		return nil, fmt.Errorf("the entry %s of a corpus cannot be read: %w", path, err)
	}
	p, err := Parse(data)
	if err == nil && p.Kept == nil {
		err = errors.New("it is a failure that was saved, whose place is testdata/replay")
	}
	if err != nil {
		return nil, fmt.Errorf("the entry %s of a corpus cannot be used: %w (correct it, or delete it: a search can do without)", path, err)
	}
	return p, nil
}

// readAny reads a failure or an entry of a corpus.
func readAny(path string) (*File, error) {
	data, err := safefile.Read(path, maxSize)
	if err != nil {
		return nil, err
	}
	return Parse(data)
}

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
	return safefile.Save(dir, p.fileName, data, func(path string) bool {
		old, err := readAny(path)
		return err == nil && p.SameRun(old)
	})
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
