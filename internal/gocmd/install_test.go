package gocmd

import (
	"os"
	"path/filepath"
	"testing"
)

// The advice names a folder where samerun is, and is given for no other module's sake.
func TestInstall(t *testing.T) {
	if _, err := os.Stat(filepath.Join(sourceFolder(), "docs", "install.md")); err != nil {
		t.Error(err)
	}
	const other = "a.go:3:8: package somerun/sim is not in std"
	if got := withInstall(other); got != other {
		t.Error(got)
	}
}
