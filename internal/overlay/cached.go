package overlay

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// write makes the folder dir, all at once: another process may do the same.
func write(goroot, cache, dir string, files []file) error {
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(cache, "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	all, err := withList(goroot, dir, files)
	if err != nil {
		return err
	}
	for _, f := range all {
		name := filepath.Join(tmp, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(f.text), 0o666); err != nil {
			return err
		}
	}
	if err := os.Rename(tmp, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := os.Stat(filepath.Join(dir, "overlay.json")); there != nil {
			return err
		}
	}
	return nil
}

// mend writes those files of the folder dir again that are missing, or are not what they were:
// a full disk, a crash of the machine or somebody's hand. It reads all, which takes some
// milliseconds, since what is wrong there fails in the compiler, far from its cause.
func mend(goroot, dir string, files []file) error {
	all, err := withList(goroot, dir, files)
	if err != nil {
		return err
	}
	for _, f := range all {
		name := filepath.Join(dir, filepath.FromSlash(f.name))
		if text, err := os.ReadFile(name); err == nil && string(text) == f.text {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := replace(name, f.text); err != nil {
			return err
		}
	}
	return nil
}

// withList returns the files with the one behind them that go build is given, which says what
// they replace.
func withList(goroot, dir string, files []file) ([]file, error) {
	replaced := make(map[string]string)
	for _, f := range files {
		name := filepath.FromSlash(f.name)
		replaced[filepath.Join(goroot, "src", name)] = filepath.Join(dir, name)
	}
	list, err := json.MarshalIndent(map[string]any{"Replace": replaced}, "", "\t")
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(files), file{"overlay.json", string(list)}), nil
}

// replace puts a file in the place of another, whole: a build may be reading it. It is not synced, as
// safefile.Replace would do some hundred times: a damaged cache is made again.
func replace(name, text string) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), "new-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(text)
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
