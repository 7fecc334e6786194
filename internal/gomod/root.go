// Package gomod finds the Go module that a folder is in.
package gomod

import (
	"os"
	"path/filepath"
)

// Root is the nearest folder above dir, dir itself included, that has a go.mod, and
// empty if there is none.
func Root(dir string) string {
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			return ""
		}
	}
}
