package tasks

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"samerun/internal/safefile"
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
		if e := safefile.Copy(file, copied, maxAttached); e != nil {
			err = errors.Join(err, fmt.Errorf("%s was saved, but not what lies beside it: %w", to, e))
			continue
		}
		attached = append(attached, copied)
	}
	return to, attached, err
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

// maxAttached bounds what lies beside a replay file: a picture, or a page.
const maxAttached = 256 << 20
