package gocmd

import (
	"path/filepath"

	"samerun/internal/gomod"
)

// FolderOf is the folder of a package from the root of its module, as replay files name it.
func FolderOf(p *Package) string {
	rel, err := filepath.Rel(gomod.Root(p.Dir), p.Dir)
	if err != nil || rel == "." {
		return "."
	}
	return "./" + filepath.ToSlash(rel)
}
