package tasks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"samerun/sim/replay"
)

// saveReplay copies a replay file, and what lies beside it, into a folder. It
// returns the new paths. Files that are there already are never overwritten.
func saveReplay(from, dir string) (to string, attached []string, err error) {
	p, err := replay.Read(from)
	if err != nil {
		return "", nil, err
	}
	if to, err = p.Save(dir); err != nil {
		return "", nil, err
	}
	for _, file := range beside(from) {
		suffix := strings.TrimPrefix(filepath.Base(file), strings.TrimSuffix(filepath.Base(from), ".json")+".")
		copied := strings.TrimSuffix(to, ".json") + "." + suffix
		if err := copyNew(file, copied); err != nil {
			return to, attached, fmt.Errorf("%s was saved, but not what lies beside it: %w", to, err)
		}
		attached = append(attached, copied)
	}
	return to, attached, nil
}

// beside lists the files that were attached to a replay file: those that differ from
// it in what follows its name.
func beside(replay string) []string {
	stem := strings.TrimSuffix(filepath.Base(replay), ".json") + "."
	entries, err := os.ReadDir(filepath.Dir(replay))
	if err != nil {
		return nil
	}
	var files []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), stem) && filepath.Ext(e.Name()) != ".json" && !e.IsDir() {
			files = append(files, filepath.Join(filepath.Dir(replay), e.Name()))
		}
	}
	return files
}

// copyNew copies a file to a path where none may be. One that is there already is
// of the same run, and stays.
func copyNew(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if os.IsExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}
