package overlay

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"samerun/internal/overlay/edit"
)

//go:embed edits/*/*.edit
var editFiles embed.FS

// Places returns all changes, one place a file of the folder edits, sorted by name.
// It panics if one of these cannot be read, which a test would have told.
var Places = sync.OnceValue(func() []edit.Place {
	places, err := readPlaces(editFiles)
	if err != nil {
		panic(err)
	}
	return places
})

// readPlaces reads the folder edits.
func readPlaces(files fs.FS) ([]edit.Place, error) {
	names, err := fs.Glob(files, "edits/*/*.edit")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var places []edit.Place
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		place, err := edit.Parse(strings.TrimPrefix(name, "edits/"), string(text))
		if err != nil {
			return nil, err
		}
		places = append(places, place)
	}
	return places, nil
}

// changed makes all changes of places to the files of the toolchain, and returns these
// sorted by name.
func (tc Toolchain) changed(minor int, places []edit.Place) ([]*edit.Result, error) {
	changes := make(map[string][]edit.Change) // by file
	for _, p := range places {
		for _, c := range p.Changes {
			if c.Of(minor) {
				changes[c.File] = append(changes[c.File], c)
			}
		}
	}
	var results []*edit.Result
	for name, all := range changes {
		text, err := os.ReadFile(filepath.Join(tc.GOROOT, "src", filepath.FromSlash(name)))
		if err != nil {
			return nil, fmt.Errorf("%s has no file %s in its standard library, which the edit %s:%d changes", tc.Version, name, all[0].Place, all[0].Line)
		}
		result, err := edit.Apply(name, string(text), all)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", tc.Version, err)
		}
		results = append(results, result)
	}
	slices.SortFunc(results, func(a, b *edit.Result) int { return cmp.Compare(a.File, b.File) })
	return results, nil
}

// The folder is called _src because go build ./... must not see it: what is there is
// of package runtime and the like.
//
//go:embed _src
var ownFiles embed.FS

// own returns our own files, which join packages of the standard library.
func own() ([]file, error) {
	var all []file
	err := fs.WalkDir(ownFiles, "_src", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".go" {
			return err
		}
		text, err := ownFiles.ReadFile(name)
		all = append(all, file{strings.TrimPrefix(name, "_src/"), string(text)})
		return err
	})
	return all, err
}
